"""The questions about the vendor, until it takes the token or somebody goes on."""

from datetime import date
from pathlib import Path
from typing import Any

from config.vendor import VendorSettings
from connectors.errors import CounterpartError
from connectors.scim.client import Scim
from jobs.cli.interview.questions import agreed, ask_for, choose, heading
from jobs.output.console import print_line
from reconciler.model.phrasing import Plural

LIFETIMES = ("90d", "180d", "1y")
"""As the portal offers them (the guide, step 2)."""


def ask_vendor(folder: Path, today: date) -> dict[str, Any]:
    """The section, proven by a first contact where that succeeds."""
    given: dict[str, Any] = {}
    while True:
        given = _asked(given, today)
        vendor = VendorSettings.model_validate(given, context={"folder": folder})
        try:
            with Scim(vendor, ()) as client:
                users = client.probe().users
        except CounterpartError as error:
            print_line(error)
            if agreed("Ask these questions again?"):
                continue
        else:
            print_line(f"{vendor.name} takes the token: {Plural(users):user|users} over SCIM.")
        switch = agreed('Is "Manage Users through IdP" on? The very first connection turns it on')
        return {**given, "managed_through_idp": switch}


def _asked(before: dict[str, Any], today: date) -> dict[str, Any]:
    """`before` are the answers of the last time, proposed again."""
    heading("The vendor: Admin Portal > User Management > Users > Auto Provisioning > IdP")

    def value(key: str, question: str, usual: str | None = None) -> str:
        return ask_for(VendorSettings, key, question, before.get(key, usual))

    return {
        "name": value("name", "Name", "ZoomInfo"),
        "base_url": value("base_url", "Base URL"),
        "token": value("token", "Where the API token is", "env:SEATSYNC_SCIM_TOKEN"),
        "token_issued": date.fromisoformat(
            value("token_issued", "The day on which it was generated", f"{today}")
        ),
        "token_lifetime": choose(
            "Its lifetime, as chosen there", LIFETIMES, before.get("token_lifetime", "1y")
        ),
        "managed_through_idp": True,
    }
