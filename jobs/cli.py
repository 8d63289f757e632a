"""The command line: thin. Each command imports what it needs when it runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobs.errors import reporting, say, tell
from jobs.exits import Exit
from jobs.keeping import audit, purge
from jobs.options import AS_JSON, CONFIG, GRANTS_ONLY, print_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs import listings
    from jobs.context import Context
    from jobs.plan import Planned
    from reconciler.model.plan import Plan


class _Cli(click.Group):
    """Wrong usage ends with 64, as everywhere here."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs | {"standalone_mode": False})
        except click.exceptions.Exit as error:
            raise SystemExit(error.exit_code) from None
        except click.ClickException as error:
            error.show()
            raise SystemExit(int(Exit.USAGE)) from None
        except click.Abort:
            raise SystemExit(int(Exit.FAILED)) from None


@click.group(cls=_Cli, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="seatsync")
def main() -> None:
    """Keep a vendor's seats in step with Microsoft Entra ID groups: plan, review, apply.

    Exit codes: 0 nothing to do or applied, 2 changes wait for review, 1 failed, 3 held by a guard,
    4 applied in part, 64 wrong usage, 75 another run is at work, 78 configuration.
    """


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default="seatsync.yaml")
@reporting
def init(path: Path) -> Exit:
    """Write a commented starting configuration."""
    from config.examples import STARTING_FILE

    if path.exists():
        say(f"{path} exists already; nothing was written.")
        return Exit.FAILED
    path.write_bytes(STARTING_FILE.read_bytes())
    click.echo(f"Wrote {path}. Fill it in, then run: seatsync check --online")
    return Exit.OK


@main.command()
@CONFIG
@AS_JSON
@click.option("--online", is_flag=True, help="Also ask Entra ID and the vendor.")
@reporting
def check(config: Path, as_json: bool, online: bool) -> Exit:
    """Check the configuration; with --online also credentials, permissions, groups and SSO."""
    from config.load import load
    from jobs.check import check_online, check_settings

    settings = load(config)
    results = [*check_settings(settings), *(check_online(settings) if online else ())]
    if as_json:
        rows: list[tuple[object, ...]] = [(r.passed, r.severity, r.text) for r in results]
        print_rows("Checks", ("passed", "severity", "text"), rows, as_json)
    else:
        for result in results:
            click.echo(result)
    return Exit.OK if all(result.passed for result in results) else Exit.FAILED


@main.command()
@CONFIG
@AS_JSON
@reporting
def pull(config: Path, as_json: bool) -> Exit:
    """Read directory, vendor and seats; plan and change nothing."""
    from connectors.store.history import save_reads
    from jobs.context import working
    from jobs.pull import pull as read
    from jobs.run_log import recorded

    with working(config) as context, recorded(context, "pull") as run:
        snapshot = read(context)
        save_reads(context.store, run.id, snapshot.directory.reads)
        run.exit_code, run.summary = Exit.OK, f"{len(snapshot.directory.reads)} groups read"
    columns = ("set", "group", "members", "pages", "complete")
    rows: list[tuple[object, ...]] = [
        (r.set, r.group.id if r.group else "", r.members, r.pages, r.because or "yes")
        for r in snapshot.directory.reads
    ]
    print_rows("Groups", columns, rows, as_json)
    if not as_json:
        asked = snapshot.directory
        click.echo(f"Microsoft Graph: {asked.requests} requests, {asked.resource_units} units.")
    return Exit.OK


@main.command()
@CONFIG
@AS_JSON
@GRANTS_ONLY
@reporting
def plan(config: Path, as_json: bool, grants_only: bool) -> Exit:
    """Dry run: write a plan and its reports, and say where they are."""
    from jobs.context import working
    from jobs.plan import make_plan
    from jobs.run_log import recorded

    with working(config) as context, recorded(context, "plan") as run:
        planned = make_plan(context, run, grants_only)
    _print_planned(planned, as_json)
    return run.exit_code


@main.command()
@CONFIG
@AS_JSON
@click.argument("reference", metavar="[PLAN]", default="latest")
@reporting
def show(config: Path, as_json: bool, reference: str) -> Exit:
    """Show a plan and what became of it. PLAN is an id, a unique prefix, or `latest`."""
    from collections import Counter

    from connectors.store.journal import entries
    from connectors.store.plans import approvals_of, find_plan, use_of
    from jobs.context import working

    with working(config) as context:
        found = find_plan(context.store, reference)
        approvals, use = approvals_of(context.store, found.id), use_of(context.store, found.id)
        results = Counter(entry.result or "unknown" for entry in entries(context.store, found.id))
    _print_plan(found, as_json)
    for approval in () if as_json else approvals:
        click.echo(f"Approved by {approval.by} at {approval.at:%Y-%m-%d %H:%M}: {approval.reason}")
    if not as_json and use:
        counts = ", ".join(f"{count} {result}" for result, count in sorted(results.items()))
        click.echo(f"Applied by run {use.run_id} at {use.at:%Y-%m-%d %H:%M}: {counts}.")
    return Exit.OK


@main.command()
@CONFIG
@click.argument("reference", metavar="PLAN")
@click.option("--reason", required=True, help="Why this plan is right.")
@click.option("--by", help="Who approves; otherwise you, as the system knows you.")
@click.option("--override", "overrides", multiple=True, metavar="CODE", help="A guard's code.")
@reporting
def approve(
    config: Path, reference: str, reason: str, by: str | None, overrides: tuple[str, ...]
) -> Exit:
    """Let one plan pass, after review. A guard that objects must be named.

    Where policy.approvals is 2, another person approves the same plan, too.
    """
    from getpass import getuser

    from connectors.store.plans import find_plan
    from jobs.approve import approve as let_pass
    from jobs.approve import next_step
    from jobs.context import working

    with working(config) as context:
        found = find_plan(context.store, reference)
        objections = let_pass(context, found, by or getuser(), reason, overrides)
        following = next_step(context, found)
    for objection in objections:
        tell(objection)
    if objections:
        return Exit.HELD
    click.echo(f"Approved plan {found.id} ({found.digest}). {following}")
    return Exit.OK


@main.command()
@CONFIG
@AS_JSON
@click.argument("reference", metavar="PLAN")
@reporting
def apply(config: Path, as_json: bool, reference: str) -> Exit:
    """Execute an approved plan, exactly as it was reviewed."""
    from connectors.store.plans import find_plan
    from jobs.apply import apply_plan
    from jobs.context import working
    from jobs.report.results import print_applied
    from jobs.run_log import recorded
    from jobs.source import reminder

    with working(config) as context:
        found = find_plan(context.store, reference)
        if remark := reminder(context.settings.directory):
            say(remark)
        with recorded(context, "apply") as run:
            applied = apply_plan(context, found, run)
    print_applied(found, applied, as_json)
    return applied.exit_code


@main.command()
@CONFIG
@AS_JSON
@GRANTS_ONLY
@reporting
def run(config: Path, as_json: bool, grants_only: bool) -> Exit:
    """Plan, then apply where policy.auto_apply allows it and no guard objects. For cron."""
    from jobs.context import working
    from jobs.report.results import print_applied
    from jobs.unattended import run_unattended

    with working(config) as context:
        done = run_unattended(context, grants_only)
    if not (done.applied and as_json):
        _print_planned(done.planned, as_json)
    if done.applied:
        print_applied(done.planned.plan, done.applied, as_json)
    return done.exit_code


@main.command()
@CONFIG
@reporting
def schedule(config: Path) -> Exit:
    """Do `run` on the configured timetable, until interrupted."""
    from jobs.context import working
    from jobs.timetable import keep_running

    with working(config) as context:
        return keep_running(context)


@main.command()
@CONFIG
@AS_JSON
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@reporting
def history(config: Path, as_json: bool, limit: int) -> Exit:
    """List the runs, newest first."""
    from jobs.listings import runs_table

    return _list(config, "Runs", lambda context: runs_table(context, limit), as_json)


@main.command()
@CONFIG
@AS_JSON
@reporting
def sets(config: Path, as_json: bool) -> Exit:
    """List the subscription sets as the vendor's portal does."""
    from jobs.listings import sets_table

    return _list(config, "Subscription sets", sets_table, as_json)


@main.command()
@CONFIG
@AS_JSON
@reporting
def seats(config: Path, as_json: bool) -> Exit:
    """Per product: purchased, used, free and waiting, as the latest plan found them."""
    from jobs.listings import seats_table

    return _list(config, "Seats", seats_table, as_json)


@main.command()
@click.argument("codes", metavar="[CODE]...", nargs=-1)
@reporting
def explain(codes: tuple[str, ...]) -> Exit:
    """Explain the codes of situations; without one, print the whole table as Markdown."""
    from jobs.report.situations import explained, situations_table

    if not codes:
        click.echo(situations_table(), nl=False)
        return Exit.OK
    for code in codes:
        text = explained(code)
        if text is None:
            say(f"There is no situation {code}; `seatsync explain` lists them all.")
            return Exit.USAGE
        click.echo(text)
    return Exit.OK


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default="demo")
@reporting
def demo(folder: Path) -> Exit:
    """Show the whole job on an invented company, on this machine alone."""
    from jobs.demo import show_demo

    return show_demo(folder)


main.add_command(audit)
main.add_command(purge)


@main.group()
def sandbox() -> None:
    """A tenant and a vendor on loopback, to try things out."""


@sandbox.command()
@click.option(
    "--tenant", required=True, type=click.Path(path_type=Path, exists=True), help="A tenant file."
)
@click.option(
    "--write-config", type=click.Path(path_type=Path), help="Write a configuration for it here."
)
@click.option("--ledger", type=click.Path(path_type=Path), help="Append every write here.")
@reporting
def serve(tenant: Path, write_config: Path | None, ledger: Path | None) -> Exit:
    """Serve a tenant file as Entra ID, beside an empty vendor, until interrupted."""
    from jobs.sandbox import serve_tenant

    return serve_tenant(tenant, write_config, ledger)


def _list(
    config: Path, title: str, table: "Callable[[Context], listings.Table]", as_json: bool
) -> Exit:
    from jobs.context import working

    with working(config) as context:
        header, rows = table(context)
    print_rows(title, header, rows, as_json)
    return Exit.OK


def _print_planned(planned: "Planned", as_json: bool) -> None:
    _print_plan(planned.plan, as_json)
    if planned.trouble:
        say(planned.trouble)
    elif not as_json:
        click.echo(f"Reports: {planned.folder}/report.html, operations.csv, errors.csv, plan.json")


def _print_plan(found: "Plan", as_json: bool) -> None:
    from jobs.report.terminal import console, print_plan

    if as_json:
        click.echo(found.canonical)
    else:
        print_plan(found, console())
