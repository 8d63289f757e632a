"""Names end or change in Entra: the protected keep their accounts, not all are renamed at once."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandbox.tenant import Tenant
from jobs.demo.company import last_week
from support.scenarios.company import Company

CEO = "hugo.abel@harbour.example"
Fate = Callable[[Tenant, dict[str, Any]], None]


def hard_deleted(tenant: Tenant, user: dict[str, Any]) -> None:
    del tenant.users[user["id"]]


def soft_deleted(tenant: Tenant, user: dict[str, Any]) -> None:
    del tenant.users[user["id"]]
    name = user["id"].replace("-", "") + user["userPrincipalName"]
    tenant.deleted[user["id"]] = {**user, "userPrincipalName": name}


def renamed_and_out_of_all_groups(tenant: Tenant, user: dict[str, Any]) -> None:
    user["userPrincipalName"] = user["mail"] = "hugo.boss@harbour.example"
    for group in tenant.groups.values():
        group["members"] = [member for member in group["members"] if member != user["id"]]


def chief(company: Company) -> dict[str, Any]:
    users = company.sandbox.tenant.users.values()
    return next(user for user in users if user["userPrincipalName"] == CEO)


def account(company: Company) -> tuple[str, bool, int]:
    """What the vendor has of the chief: the user name, whether it is active, in how many groups."""
    resources = company.sandbox.vendor.storage.resources
    (user,) = [r for r in resources if getattr(r, "user_name", "") == CEO]
    held = [m for r in resources for m in getattr(r, "members", None) or () if m.value == user.id]
    return user.user_name, user.active, len(held)


@pytest.fixture
def settled(settled: Company) -> Company:
    """Everybody has a seat, and the chief is protected from now on."""
    settled.sandbox.tenant.replace(last_week())
    settled.configure(policy={"protected": [CEO.upper()]})
    assert settled.run("plan").exit_code == 0
    return settled


@pytest.mark.parametrize(
    ("fate", "store"), [(hard_deleted, "kept"), (hard_deleted, "lost"), (soft_deleted, "kept")]
)
def test_a_protected_user_is_not_touched(settled: Company, fate: Fate, store: str) -> None:
    """A new store finds the chief by the name of the account, which nothing changes."""
    before = account(settled)
    assert before == (CEO, True, 1)
    fate(settled.sandbox.tenant, chief(settled))
    if store == "lost":
        for file in settled.folder.glob("seatsync.db*"):
            file.unlink()
    writes = settled.writes
    assert settled.run("plan").exit_code == 0
    plan = settled.json("show")
    assert plan["operations"] == []
    assert "A17" in {found["code"] for found in plan["findings"]}
    assert settled.run("run").exit_code == 0
    assert settled.writes == writes
    assert account(settled) == before


def test_the_store_alone_knows_whose_name_it_was(settled: Company) -> None:
    """Somebody renamed the account at the vendor, too."""
    fate = renamed_and_out_of_all_groups
    fate(settled.sandbox.tenant, chief(settled))
    resources = settled.sandbox.vendor.storage.resources
    (user,) = [r for r in resources if getattr(r, "user_name", "") == CEO]
    user.user_name = "chief@harbour.example"
    assert settled.run("plan").exit_code == 0
    assert settled.json("show")["operations"] == []


def test_r22_names_that_fall_back_to_another_domain_are_blocked(settled: Company) -> None:
    """The tenant lost its domain: whoever signed in by the old name could not any more."""
    settled.sandbox.tenant.replace(last_week())
    for user in settled.sandbox.tenant.users.values():
        local, _, _ = user["userPrincipalName"].partition("@")
        user["userPrincipalName"] = f"{local}@contoso.onmicrosoft.com"
    settled.configure(policy={"auto_apply": True})
    writes = settled.writes
    told = settled.run("run")
    assert told.exit_code == 3
    assert "50 of 50 accounts (100 %) would get another user name" in told.output
    assert settled.let_pass("--reason", "unread").exit_code == 3
    assert settled.writes == writes


def test_r23_a_user_name_that_all_would_have_makes_no_plan(company: Company) -> None:
    company.configure(
        attribute_mapping={
            "userName": '"all@harbour.example"',
            "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
            "externalId": "objectId",
        }
    )
    told = company.run("plan")
    assert told.exit_code == 1
    assert "R23: The attribute mapping gives 50 users the user name all@harbour.ex" in told.stderr
    assert company.writes == 0
