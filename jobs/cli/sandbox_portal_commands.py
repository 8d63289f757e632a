"""Commands that press the buttons of a sandbox's Admin Portal while it is served."""

from typing import TYPE_CHECKING, Any

import click

from jobs.cli.errors import reporting
from jobs.cli.listing import print_rows
from jobs.cli.options import AS_JSON, LIMIT
from jobs.output.console import confirm, print_line, remark
from jobs.output.exit_codes import Exit

if TYPE_CHECKING:
    from collections.abc import Mapping

AT = click.option(
    "--at",
    "address",
    envvar="SEATSYNC_SANDBOX_PORTAL",
    required=True,
    metavar="URL",
    help="Where `sandbox serve` says that the Admin Portal is; or set SEATSYNC_SANDBOX_PORTAL.",
)


@click.group()
def portal() -> None:
    """Press the buttons of a served sandbox's Admin Portal.

    They are those of the guide.
    """


@portal.command()
@AT
@AS_JSON
@LIMIT
@reporting
def show(address: str, as_json: bool, limit: int | None) -> Exit:
    """Show the sets, the seats, the token and the switch."""
    from msgspec import convert

    from connectors.sandbox.portal_client import portal_state
    from jobs.output.rows.setup import PortalSetRow

    state = portal_state(address)
    rows = convert(state["sets"], list[PortalSetRow])
    print_rows("Subscription sets", rows, as_json, limit, empty="There are no sets yet.")
    if not as_json:
        used = ", ".join(f"{s['product']} {s['used']}/{s['purchased']}" for s in state["seats"])
        print_line(f"Seats in use: {used}")
        print_line(f"API token: {_until(state)}")
        print_line(f"Manage Users through IdP: {_switch(state)}")
    return Exit.OK


@portal.command()
@AT
@click.option("--lifetime", required=True, help='"90 days", "180 days" or "1 year".')
@reporting
def new_token(address: str, lifetime: str) -> Exit:
    """Generate an API token, and print it alone.

    The previous one is invalid then.
    """
    from connectors.sandbox.portal_client import press

    state = press(address, "new-token", lifetime=lifetime)
    click.echo(state["token"])
    remark(f"It is valid until {state['token_expires']}. Store it where `vendor.token` points.")
    return Exit.OK


@portal.command()
@AT
@reporting
def expire_token(address: str) -> Exit:
    """Let the API token expire.

    Nobody connects before there is a new one.
    """
    from connectors.sandbox.portal_client import press

    confirm(f"API token: {_until(press(address, 'expire-token'))}")
    return Exit.OK


@portal.command()
@AT
@reporting
def delete_token(address: str) -> Exit:
    """Delete the API token.

    Nobody connects before there is a new one.
    """
    from connectors.sandbox.portal_client import press

    confirm(f"API token: {_until(press(address, 'delete-token'))}")
    return Exit.OK


@portal.command()
@AT
@click.argument("to", type=click.Choice(["on", "off"]))
@reporting
def switch(address: str, to: str) -> Exit:
    """Turn "Manage Users through IdP" on or off."""
    from connectors.sandbox.portal_client import press

    confirm(f"Manage Users through IdP: {_switch(press(address, 'switch', to=to))}")
    return Exit.OK


@portal.command()
@AT
@click.argument("name")
@click.option("--description", default="", help="45 characters at most.")
@click.option("--product", "products", multiple=True, help="May be given several times.")
@click.option("--admin", is_flag=True, help="Give its users the admin role.")
@reporting
def create_set(
    address: str, name: str, description: str, products: tuple[str, ...], admin: bool
) -> Exit:
    """Create a subscription set.

    It takes up the members of the group of its name.
    """
    from connectors.sandbox.portal_client import press

    fields: dict[str, Any] = {"name": name, "description": description, "product": list(products)}
    state = press(address, "create-set", **fields, **({"admin": "on"} if admin else {}))
    (made,) = (row for row in state["sets"] if row["name"] == name)
    confirm(f'Set "{name}" was created; {made["users"]} users have its seats.')
    return Exit.OK


def _until(state: "Mapping[str, Any]") -> str:
    if state["token_expired"]:
        return "expired"
    return f"valid until {state['token_expires']}" if state["token"] else "none"


def _switch(state: "Mapping[str, Any]") -> str:
    return "on" if state["managed_through_idp"] else "off"
