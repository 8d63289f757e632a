"""Commands for whoever keeps many tenants in one database."""

from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.fleet_review_commands import apply, approve, resume_applies, status
from jobs.cli.listing import print_rows
from jobs.cli.options import AS_JSON, FLEET, LIMIT
from jobs.cli.setup_commands import print_checks
from jobs.output.console import confirm, say
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path


@click.group()
def fleet() -> None:
    """Keep many tenants in one PostgreSQL database.

    Each has a configuration of its own, to which all other commands are given by --config.
    """


@fleet.command()
@click.argument("tenant")
@click.option(
    "--from",
    "old",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A SQLite store that the tenant has; it is copied, and left as it is.",
)
@FLEET
@reporting
def add(file: Path, tenant: str, old: Path | None) -> Exit:
    """Make the store of a tenant.

    Its configuration has to be there: TENANT.yaml in the fleet's folder. A database that was this
    tenant's alone before is taken as its store.
    """
    from config.load import load_fleet
    from connectors.store.tenants import open_tenants
    from jobs.fleet.tenants import settings_of

    settings = load_fleet(file)
    directory = settings_of(settings, tenant).directory.tenant_id
    with open_tenants(settings.store) as tenants:
        if old:
            with given_path(old):
                old.open("rb").close()
            tenants.add_copy(tenant, f"sqlite:///{old}")
            confirm(f"{tenant} is added with a copy of {old}, which is not used any more.")
        elif tenants.add(tenant, directory):
            confirm(f"{tenant} is added with the store that the database had before the fleet.")
        else:
            confirm(f"{tenant} is added.")
    config = settings.tenants / f"{tenant}.yaml"
    confirm(f"Next: seatsync plan --config {config}")
    return Exit.OK


@fleet.command("list")
@AS_JSON
@LIMIT
@FLEET
@reporting
def list_(file: Path, as_json: bool, limit: int | None) -> Exit:
    """List the tenants, each with its newest run."""
    from config.load import load_fleet
    from jobs.fleet.tenants import tenant_rows

    rows = tenant_rows(load_fleet(file))
    empty = "No tenant yet. `seatsync fleet add TENANT` adds the first one."
    print_rows("Tenants", rows, as_json, limit, empty=empty)
    return Exit.OK


@fleet.command()
@click.argument("tenant")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@FLEET
@reporting
def remove(file: Path, tenant: str, yes: bool) -> Exit:
    """Remove all that is known of a tenant.

    That is: its runs, plans, approvals, journal and audit trail. Nobody loses a seat by it. Export
    the audit trail first, where it has to be kept.
    """
    from config.load import load_fleet
    from connectors.store.tenants import open_tenants

    settings = load_fleet(file)
    if not yes and not click.confirm(f"Remove everything that is known of {tenant}?"):
        say("Nothing was removed.")
        return Exit.FAILED
    with open_tenants(settings.store) as tenants:
        tenants.remove(tenant)
    confirm(f"{tenant} is removed. Its configuration is left: remove {tenant}.yaml, too.")
    return Exit.OK


@fleet.command()
@click.argument("names", metavar="TENANT...", nargs=-1, required=True)
@FLEET
@reporting
def pause(file: Path, names: tuple[str, ...]) -> Exit:
    """Begin no runs of these tenants, until they are resumed.

    A run that is under way comes to its end, and a person's commands work as ever.
    """
    from config.load import load_fleet
    from connectors.store.tenants import open_tenants
    from jobs.clock import utc_now

    with open_tenants(load_fleet(file).store) as tenants:
        tenants.pause(names, utc_now())
    confirm(f"Paused: {', '.join(names)}. Next: seatsync fleet resume {' '.join(names)}")
    return Exit.OK


@fleet.command()
@click.argument("names", metavar="TENANT...", nargs=-1, required=True)
@FLEET
@reporting
def resume(file: Path, names: tuple[str, ...]) -> Exit:
    """Begin runs of paused tenants again, as their timetables have them.

    What was due meanwhile is not caught up.
    """
    from config.load import load_fleet
    from connectors.store.tenants import open_tenants
    from jobs.clock import utc_now

    with open_tenants(load_fleet(file).store) as tenants:
        tenants.resume(names, utc_now())
    confirm(f"Resumed: {', '.join(names)}.")
    return Exit.OK


@fleet.command()
@FLEET
@reporting
def schedule(file: Path) -> Exit:
    """Queue the runs of all tenants on their timetables, until SIGTERM or Ctrl-C.

    A run that was missed is caught up once, and a tenant whose runs keep failing gets them ever
    more rarely. Several machines may do it beside one another.
    """
    from jobs.fleet.schedule import keep_timetables

    return keep_timetables(file)


@fleet.command()
@click.option(
    "--concurrency",
    "workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Runs at a time, each in a process of its own.",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(min=1),
    metavar="MB",
    default=1024,
    show_default=True,
    help="A process that has more after a run is replaced by a new one.",
)
@FLEET
@reporting
def work(file: Path, workers: int, memory_limit: int) -> Exit:
    """Do the queued runs of all tenants, until SIGTERM or Ctrl-C.

    Each is what `seatsync run` does. The runs that are under way come to their end first. Several
    machines may do it beside one another.
    """
    from jobs.fleet.workers import keep_working

    return keep_working(file, workers, memory_limit * 1_000_000)


@fleet.command()
@AS_JSON
@FLEET
@reporting
def check(file: Path, as_json: bool) -> Exit:
    """Check the database and every tenant's configuration.

    What a configuration leads to is checked by: seatsync check --online --config TENANT.yaml
    """
    from config.load import load_fleet
    from jobs.fleet.tenants import checks

    return print_checks([*checks(load_fleet(file))], as_json)


for command in (status, approve, apply, resume_applies):
    fleet.add_command(command)
