"""What somebody does at the vendor by hand, past seatsync."""

import requests

from support.scenarios.company import Company

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def make_account(company: Company) -> str:
    """Somebody makes an account at the vendor, whose name is a formula; the account's id."""
    made = requests.post(
        f"{company.sandbox.scim_url}/Users",
        json={"schemas": [USER], "userName": "=made@elsewhere.example", "active": True},
        headers={"Authorization": f"Bearer {company.sandbox.token}"},
        timeout=60,
    )
    return str(made.json()["id"])
