"""Commands for whoever keeps many tenants in one database."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from jobs.cli.approve_command import let_pass, said
from jobs.cli.errors import reporting
from jobs.cli.listing import print_rows
from jobs.cli.options import AS_JSON, LIMIT, OUTPUT
from jobs.cli.setup_commands import print_checks
from jobs.output.console import confirm, print_line, say, tell
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path

if TYPE_CHECKING:
    from jobs.fleet.standing import WaitingPlan

P = ParamSpec("P")
T = TypeVar("T")


def FLEET(command: Callable[P, T]) -> Callable[P, T]:  # noqa: N802  # a decorator like the others
    """The options of every command that reads a fleet's file."""
    return click.option(
        "--fleet",
        "file",
        envvar="SEATSYNC_FLEET",
        default="fleet.yaml",
        show_default=True,
        type=click.Path(path_type=Path),
        help="The fleet's file; or set SEATSYNC_FLEET.",
    )(OUTPUT(command))


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
@click.option("--reason", required=True, callback=said, help="Why it is right to go on.")
@FLEET
@reporting
def resume_applies(file: Path, reason: str) -> Exit:
    """Let plans be applied again, after a loss that many tenants share (P22).

    What stopped it does not do so again; what is planned from now on may.
    """
    from config.load import load_fleet
    from connectors.store.tenants import open_tenants
    from jobs.approval.os_user import whoami
    from jobs.clock import utc_now

    with open_tenants(load_fleet(file).store) as tenants:
        if not tenants.resume_applies(utc_now(), str(whoami()), reason):
            say("Nothing to do: applies are not stopped.")
            return Exit.OK
    confirm("Plans are applied again, with the next run of each tenant or by `seatsync apply`.")
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


@fleet.command()
@click.option("--waiting", is_flag=True, help="Only those whose plan waits for a person.")
@AS_JSON
@LIMIT
@FLEET
@reporting
def status(file: Path, as_json: bool, limit: int | None, waiting: bool) -> Exit:
    """Say how things stand with each tenant, and what is under way.

    Nobody but the database is asked. The exit code is that of whoever stands worst.
    """
    from config.load import load_fleet
    from connectors.store.tenants import open_tenants
    from jobs.fleet import breaker
    from jobs.fleet.outages import as_finding
    from jobs.fleet.standing import standing, worst

    settings = load_fleet(file)
    with open_tenants(settings.store) as tenants:
        stop, outages = tenants.stopped(), tenants.outages()
    if stop:
        tell(breaker.as_finding(stop))
    for outage in outages:
        tell(as_finding(outage))
    rows = [row for row in standing(settings) if row.waits or not waiting]
    empty = "No plan waits for a person." if waiting else "The fleet's folder has no tenant."
    print_rows("Tenants", rows, as_json, limit, empty=empty)
    return worst(rows)


@fleet.command()
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
@click.option("--reason", required=True, callback=said, help="Why these plans are right.")
@click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="CODE",
    help="A guard that blocks a plan, and should not; may be given several times.",
)
@FLEET
@reporting
def approve(file: Path, plans: tuple[str, ...], reason: str, overrides: tuple[str, ...]) -> Exit:
    """Let plans of several tenants pass, after review.

    PLAN is an id as `fleet status --waiting` has it. What each tenant's policy asks of an approval
    holds as in `seatsync approve`: of each plan alone, with its own digest.
    """
    from config.load import load_fleet
    from jobs.fleet.standing import waiting_plans

    found = [*waiting_plans(load_fleet(file), plans)]
    for one in found:
        print_line(f"{one.tenant} {one.plan}: {one.headline}")
    if sys.stdin.isatty() and not click.confirm("Approve all of them?"):
        say("None was approved.")
        return Exit.HELD
    return max(_approve(one, reason, overrides) for one in found)


@fleet.command()
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
@FLEET
@reporting
def apply(file: Path, plans: tuple[str, ...]) -> Exit:
    """Queue approved plans of several tenants, to be executed by the workers.

    PLAN is an id as `fleet status --waiting` has it. Whatever keeps `seatsync apply` from executing
    a plan keeps a worker from it, too.
    """
    from config.load import load_fleet
    from connectors.job_queue import open_queue
    from jobs.clock import utc_now
    from jobs.fleet.standing import waiting_plans

    settings = load_fleet(file)
    found = [*waiting_plans(settings, plans)]
    with open_queue(settings.store) as queue:
        for one in found:
            queue.put(one.tenant, utc_now(), one.plan)
            confirm(f"Queued: {one.tenant} {one.plan}: {one.headline}")
    return Exit.OK


def _approve(one: "WaitingPlan", reason: str, overrides: tuple[str, ...]) -> Exit:
    from jobs.context import at_work

    with at_work(one.settings) as context:
        plan = context.find_plan(one.plan)
        return let_pass(context, plan, reason, overrides)
