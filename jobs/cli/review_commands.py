"""Commands for whoever looks at a plan: showing, reporting and comparing it."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from jobs.cli import completion
from jobs.cli.errors import reporting
from jobs.cli.listing import asked_for, print_rows
from jobs.cli.options import AS_JSON, CONFIG, LIMIT, printing
from jobs.cli.planned import print_plan
from jobs.output.console import print_bytes, print_line
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path

P = ParamSpec("P")
T = TypeVar("T")

PLAN = click.argument(
    "reference", metavar="[PLAN]", default="latest", shell_complete=completion.plans
)


@click.command()
@AS_JSON
@LIMIT
@PLAN
@CONFIG
@reporting
def show(config: Path, as_json: bool, limit: int | None, reference: str) -> Exit:
    """Show a plan and what became of it. PLAN is an id, a unique prefix, or `latest`.

    --limit is that of each table; --json has everything.
    """
    from jobs.context import working
    from jobs.report.state import state_of
    from jobs.report.write import report_folder

    with working(config) as context:
        found = context.find_plan(reference)
        state = state_of(context, found)
    folder = report_folder(context.settings, found.id)
    excerpt = None if as_json else asked_for(limit, reference=found.id)
    print_plan(found, state, folder, as_json, excerpt)
    for approval in () if as_json else state.approvals:
        who = f"{approval.by} ({approval.remark})" if approval.remark else str(approval.by)
        who += ", signed in with a device code," if approval.weaker else ""
        print_line(f"Approved by {who} at {approval.at:%Y-%m-%d %H:%M} UTC: {approval.reason}")
    return Exit.OK


def _form(name: str, help_text: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    return click.option(f"--{name}", "form", flag_value=name, help=help_text)


@click.command()
@PLAN
@_form("html", "One page, for a browser; the default.")
@_form("md", "Markdown of at most 60 lines, for a ticket.")
@_form("xlsx", "A workbook, for a spreadsheet program.")
@_form("csv", "The operations, a row each.")
@_form("json", "The plan itself, beside its digest.")
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file, not to stdout.")
@CONFIG
@reporting
def report(config: Path, reference: str, form: str | None, out: Path | None) -> Exit:
    """Make a plan's report again, with what became of it until now."""
    from connectors.files.disk import write_whole
    from jobs.context import working
    from jobs.report.write import report_as

    with working(config) as context:
        found = context.find_plan(reference)
        content = report_as(form or "html", context, found)
    if out is None:
        with printing():
            print_bytes(content)
        return Exit.OK
    with given_path(out):
        write_whole(out, content)
    return Exit.OK


@click.command()
@AS_JSON
@LIMIT
@click.argument("older", metavar="PLAN", shell_complete=completion.plans)
@click.argument("newer", metavar="[PLAN]", default="latest", shell_complete=completion.plans)
@CONFIG
@reporting
def diff(config: Path, as_json: bool, limit: int | None, older: str, newer: str) -> Exit:
    """Show whom two plans treat differently.

    The second is the latest one, unless another is named.
    """
    from jobs.context import working
    from jobs.report.difference import difference

    with working(config) as context:
        one, other = context.find_plan(older), context.find_plan(newer)
    empty = f"Plans {one.id} and {other.id} do the same to everybody."
    title = f"Plan {other.id} beside plan {one.id}"
    print_rows(title, difference(one, other), as_json, limit, empty=empty)
    return Exit.OK
