"""Commands that let something happen at a sandbox while it is served, as its page's buttons do."""

import click

from jobs.cli.errors import reporting
from jobs.cli.sandbox_portal_commands import AT
from jobs.output.console import confirm, print_line
from jobs.output.exit_codes import Exit


@click.group()
def tenant() -> None:
    """What happens in the Entra ID of a sandbox that is served."""


@tenant.command()
@AT
@click.argument("user")
@reporting
def leave(address: str, user: str) -> Exit:
    """Delete a user, who is in the recycle bin then; by name or id."""
    return _pressed(address, "leave", user=user)


@tenant.command("return")
@AT
@click.argument("user")
@reporting
def return_(address: str, user: str) -> Exit:
    """Restore a user from the recycle bin, into the same groups."""
    return _pressed(address, "return", user=user)


@tenant.command("rename-group")
@AT
@click.argument("group")
@click.argument("name")
@reporting
def rename_group(address: str, group: str, name: str) -> Exit:
    """Give a group another name."""
    return _pressed(address, "rename-group", group=group, name=name)


PACE = click.argument("pace", type=click.Choice(["quick", "slow", "down"]))


@click.command()
@AT
@PACE
@reporting
def graph(address: str, pace: str) -> Exit:
    """Let a sandbox's Graph go slow, go down, or be quick again."""
    return _pressed(address, "graph-pace", to=pace)


@click.command()
@AT
@PACE
@reporting
def vendor(address: str, pace: str) -> Exit:
    """Let the vendor of a sandbox go slow, go down, or be quick again."""
    return _pressed(address, "pace", to=pace)


@click.command()
@AT
@reporting
def mail(address: str) -> Exit:
    """Show the newest mail in the mailbox of a sandbox that is served."""
    from connectors.sandbox.portal_client import portal_state

    mails = portal_state(address)["mails"]
    if not mails:
        print_line("There is no mail yet.")
        return Exit.OK
    print_line(f"To: {mails[0]['to']}")
    print_line(f"Subject: {mails[0]['subject']}")
    print_line("")
    for line in mails[0]["text"].splitlines():
        print_line(line)
    return Exit.OK


def _pressed(address: str, button: str, **fields: str) -> Exit:
    from connectors.sandbox.portal_client import press

    confirm(press(address, button, **fields)["happened"])
    return Exit.OK
