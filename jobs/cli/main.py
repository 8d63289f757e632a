"""The command line: thin. Each command imports what it needs when it runs."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobs.cli.errors import reporting
from jobs.cli.options import AS_JSON, CONFIG, print_rows
from jobs.cli.plan_commands import apply, approve, diff, plan, report, run, show, undo
from jobs.cli.portal_commands import portal
from jobs.cli.schedule_commands import resume, schedule
from jobs.cli.store_commands import audit, purge
from jobs.output.console import print_json, print_line, say
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.cli import tables
    from jobs.context import Context


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


@click.group(
    cls=_Cli,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: " + "; ".join(f"{int(code)} {code.meaning}" for code in Exit) + ".",
)
@click.version_option(package_name="seatsync")
def main() -> None:
    """Keep a vendor's seats in step with Microsoft Entra ID groups: plan, review, apply."""


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default="seatsync.yaml")
@reporting
def init(path: Path) -> Exit:
    """Write a commented starting configuration."""
    from config.examples import STARTING_FILE

    with given_path(path):
        try:
            with path.open("xb") as file:  # not through a link, either
                file.write(STARTING_FILE.read_bytes())
        except FileExistsError:
            say(f"{path} exists already; nothing was written.")
            return Exit.FAILED
    print_line(f"Wrote {path}. Fill it in, then run: seatsync check --online")
    return Exit.OK


@main.command()
@CONFIG
@AS_JSON
@click.option("--online", is_flag=True, help="Also ask Entra ID and the vendor.")
@reporting
def check(config: Path, as_json: bool, online: bool) -> Exit:
    """Check the configuration; with --online also credentials, permissions, groups and SSO."""
    from config.load import load
    from jobs.check.settings import check_settings

    settings = load(config)
    results = [*check_settings(settings)]
    if online:
        from jobs.check.online import check_online

        results += check_online(settings)
    if as_json:
        rows: list[tuple[object, ...]] = [(r.passed, r.severity, r.text) for r in results]
        print_rows("Checks", ("passed", "severity", "text"), rows, as_json)
    else:
        for result in results:
            print_line(result)
    return Exit.OK if all(result.passed for result in results) else Exit.FAILED


@main.command()
@CONFIG
@AS_JSON
@reporting
def pull(config: Path, as_json: bool) -> Exit:
    """Read directory, vendor and seats; plan and change nothing."""
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.reading.pull import pull as read
    from reconciler.model.plural import Plural

    with working(config) as context, recorded(context, "pull") as run:
        snapshot = read(context)
        with context.store.transaction(run.id) as tx:
            tx.runs.add_reads(run.id, snapshot.directory.reads)
        run.exit_code = Exit.OK
        run.summary = f"{Plural(len(snapshot.directory.reads)):group|groups} read"
    columns = ("set", "group", "members", "pages", "complete")
    rows: list[tuple[object, ...]] = [
        (r.set, r.group.id if r.group else "", r.members, r.pages, r.because or "yes")
        for r in snapshot.directory.reads
    ]
    print_rows("Groups", columns, rows, as_json)
    if not as_json:
        asked = snapshot.directory
        print_line(f"Microsoft Graph: {asked.requests} requests, {asked.resource_units} units.")
    return Exit.OK


@main.command()
@CONFIG
@AS_JSON
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@reporting
def history(config: Path, as_json: bool, limit: int) -> Exit:
    """List the runs, newest first."""
    from jobs.cli.tables import runs_table

    return _list(config, "Runs", lambda context: runs_table(context, limit), as_json)


@main.command()
@CONFIG
@AS_JSON
@reporting
def status(config: Path, as_json: bool) -> Exit:
    """Say in one line how things stand, for monitoring: 0 well, 2 waiting, 3 held, 1 failed."""
    from dataclasses import asdict

    from jobs.context import working
    from jobs.status import status_of

    with working(config) as context:
        found = status_of(context)
    if as_json:
        import orjson

        print_json(orjson.dumps(asdict(found)))
    else:
        print_line(found)
    return found.exit_code


@main.command()
@CONFIG
@AS_JSON
@reporting
def sets(config: Path, as_json: bool) -> Exit:
    """List the subscription sets as the vendor's portal does."""
    from jobs.cli.tables import sets_table

    return _list(config, "Subscription sets", sets_table, as_json)


@main.command()
@CONFIG
@AS_JSON
@reporting
def seats(config: Path, as_json: bool) -> Exit:
    """Per product: purchased, used, free and waiting, as the latest plan found them."""
    from jobs.cli.tables import seats_table

    return _list(config, "Seats", seats_table, as_json)


@main.command()
@CONFIG
@AS_JSON
@reporting
def users(config: Path, as_json: bool) -> Exit:
    """Read everything; list per user the set, the state and the last change. Changes nothing."""
    from jobs.cli.users_table import users_table
    from jobs.context import new_id, tool_version, working
    from jobs.leased_run import recorded
    from jobs.reading.pull import pull as read
    from reconciler.model.snapshot import PlanContext
    from reconciler.reconcile import evaluation_of

    with working(config) as context, recorded(context, "users") as run:
        plan_context = PlanContext(new_id(), context.clock(), tool_version())
        evaluation = evaluation_of(context.settings, read(context), plan_context)
        header, rows = users_table(context, evaluation)
        run.exit_code, run.summary = Exit.OK, f"{len(rows)} users listed"
    print_rows("Users", header, rows, as_json)
    return Exit.OK


@main.command()
@CONFIG
@reporting
def retry(config: Path) -> Exit:
    """Let the next plan ask again for what the vendor refused twice (V18)."""
    from jobs.context import working
    from jobs.leased_run import recorded
    from reconciler.model.capabilities import REFUSALS
    from reconciler.model.plural import Plural

    with working(config) as context, recorded(context, "retry") as run:
        with context.store.transaction(run.id) as tx:
            forgotten = tx.capabilities.forget(REFUSALS)
        summary = f"{Plural(forgotten):refusal is|refusals are} forgotten"
        run.exit_code, run.summary = Exit.OK, summary
    print_line(f"{summary}; the next plan asks again.")
    return Exit.OK


@main.command()
@CONFIG
@click.argument("what", metavar="[CODE|USER]...", nargs=-1)
@click.option("--now", is_flag=True, help="Of users: read everything again; changes nothing.")
@reporting
def explain(config: Path, what: tuple[str, ...], now: bool) -> Exit:
    """Explain a user's seat, or codes of situations; alone, print the table of these as Markdown.

    USER is a user principal name, a mail address, a display name, an object id, or an account at
    the vendor. By the latest plan, or with --now step by step: read, in scope, matched, seat,
    action.
    """
    from jobs.report.situations import explained, situations_table

    if not what:
        click.echo(situations_table(), nl=False)
    for text in what:
        if explanation := explained(text):
            click.echo(explanation)
        elif re.fullmatch(r"[A-Za-z]\d{1,3}", text):
            say(f"There is no situation {text}; `seatsync explain` lists them all.")
            return Exit.USAGE
        elif not _explain_user(config, text, now=now):
            return Exit.USAGE
    return Exit.OK


def _explain_user(config: Path, text: str, *, now: bool) -> bool:
    from jobs.context import working
    from jobs.explain import explain_by_plan, explain_now

    with working(config) as context:
        lines, found = (explain_now if now else explain_by_plan)(context, text)
    for line in lines:
        print_line(line) if found else say(line)
    return found


@main.command()
@click.argument("document", type=click.Choice(["configuration", "plan"]))
@reporting
def schema(document: str) -> Exit:
    """Print the JSON Schema of the configuration, for editors, or of plan.json, for programs."""
    import orjson

    from config.json_schema import configuration_schema
    from jobs.report.plan_file import plan_schema

    described = configuration_schema() if document == "configuration" else plan_schema()
    print_json(orjson.dumps(described, option=orjson.OPT_INDENT_2))
    return Exit.OK


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default="demo")
@reporting
def demo(folder: Path) -> Exit:
    """Show the whole job on an invented company, on this machine alone."""
    from jobs.demo.demo import show_demo

    return show_demo(folder)


for command in (
    plan,
    show,
    report,
    diff,
    approve,
    apply,
    run,
    schedule,
    resume,
    undo,
    audit,
    purge,
):
    main.add_command(command)


@main.group()
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
    """Serve a tenant file as Entra ID, beside an empty vendor, until interrupted."""
    from jobs.demo.sandbox import serve_tenant

    return serve_tenant(tenant, write_config, ledger, habits)


@sandbox.command()
@AS_JSON
@reporting
def habits(as_json: bool) -> Exit:
    """What real vendors do their own way, where that was seen, and what seatsync does then."""
    from jobs.demo.sandbox import habit_rows

    header = ("habit", "imitates", "source", "seatsync")
    print_rows("Habits of vendors", header, habit_rows(), as_json)
    return Exit.OK


sandbox.add_command(portal)


def _list(
    config: Path, title: str, table: "Callable[[Context], tables.Table]", as_json: bool
) -> Exit:
    from jobs.context import working

    with working(config) as context:
        header, rows = table(context)
    print_rows(title, header, rows, as_json)
    return Exit.OK
