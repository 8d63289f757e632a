"""Commands for whoever reviews the plans of many tenants."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.cli.approve_command import let_pass, said
from jobs.cli.errors import reporting
from jobs.cli.listing import print_rows
from jobs.cli.options import AS_JSON, FLEET, LIMIT
from jobs.output.console import confirm, print_line, say, tell
from jobs.output.exit_codes import Exit

if TYPE_CHECKING:
    from jobs.fleet.standing import WaitingPlan


@click.command()
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
    from jobs.fleet.standing import standing, worst
    from jobs.fleet_incidents import breaker
    from jobs.fleet_incidents.outages import as_finding

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


@click.command()
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


@click.command()
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


@click.command()
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


def _approve(one: "WaitingPlan", reason: str, overrides: tuple[str, ...]) -> Exit:
    from jobs.context import at_work

    with at_work(one.settings) as context:
        plan = context.find_plan(one.plan)
        return let_pass(context, plan, reason, overrides)
