"""Commands to try things out: the demo, and a tenant and a vendor on loopback."""

from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.listing import print_rows
from jobs.cli.options import AS_JSON, LIMIT
from jobs.cli.sandbox_event_commands import graph, mail, tenant, vendor
from jobs.cli.sandbox_portal_commands import portal
from jobs.output.exit_codes import Exit


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="demo")
@click.option("--serve", is_flag=True, help="Keep it, with its portal in a browser, until Ctrl-C.")
@reporting
def demo(folder: Path, serve: bool) -> Exit:
    """Show the whole job on an invented company, on this machine.

    With --serve you do it: the company's Entra ID and the vendor stay, and the Admin Portal's page
    says what to type and lets somebody leave, the vendor go slow, the API token expire.
    """
    from jobs.demo.demo import serve_demo, show_demo

    return serve_demo(folder) if serve else show_demo(folder)


@click.group()
def sandbox() -> None:
    """A tenant and a vendor on loopback, to try things out."""


@sandbox.command()
@click.option("--tenant", required=True, type=click.Path(path_type=Path), help="A tenant file.")
@click.option(
    "--write-config", type=click.Path(path_type=Path), help="Write a configuration for it here."
)
@click.option("--ledger", type=click.Path(path_type=Path), help="Append every write here.")
@click.option(
    "--vendor-habit",
    "habits",
    multiple=True,
    metavar="NAME",
    help="Let the vendor behave so; several may be given. `seatsync sandbox habits` lists them.",
)
@reporting
def serve(
    tenant: Path, write_config: Path | None, ledger: Path | None, habits: tuple[str, ...]
) -> Exit:
    """Serve a tenant file as Entra ID, beside an empty vendor.

    Until it is interrupted.
    """
    from jobs.demo.sandbox import serve_tenant

    return serve_tenant(tenant, write_config, ledger, habits)


@sandbox.command()
@AS_JSON
@LIMIT
@reporting
def habits(as_json: bool, limit: int | None) -> Exit:
    """List what real vendors do their own way.

    And where that was seen, and what seatsync does then.
    """
    from jobs.demo.sandbox import habit_rows

    print_rows("Habits of vendors", habit_rows(), as_json, limit, empty="There are none.")
    return Exit.OK


for commands in (portal, tenant, graph, vendor, mail):
    sandbox.add_command(commands)
