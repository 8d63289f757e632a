"""A plan and what applying it came to, on stdout: for a person, or as JSON for a program."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.cli.options import printing
from jobs.output.console import confirm, print_bytes, print_json, print_line, quiet, say

if TYPE_CHECKING:
    from jobs.context import Context
    from jobs.operation_results import Applied
    from jobs.output.excerpt import Excerpt
    from jobs.plan import Planned
    from jobs.report.state import State
    from jobs.unattended.unattended_run import Unattended
    from reconciler.model.plan import Plan


def print_planned(planned: "Planned", as_json: bool, limit: int | None = None) -> None:
    """A plan that was made, so many rows of each table; quietly its id alone."""
    from jobs.output.excerpt import Excerpt
    from jobs.report.state import AS_MADE

    def where(count: int) -> str:
        return f"seatsync show {planned.plan.id} --limit {count}"

    excerpt = None if limit is None else Excerpt(where, entries=limit, lines=None)

    with printing():
        if quiet() and not as_json:
            print_line(planned.plan.id)
        else:
            print_plan(planned.plan, AS_MADE, planned.folder, as_json, excerpt)
        if planned.folder and not as_json:
            names = "report.html, operations.csv, errors.csv, plan.json"
            confirm(f"Reports: {planned.folder}/{names}")
    if planned.trouble:
        say(planned.trouble)


def print_plan(
    plan: "Plan",
    state: "State",
    folder: Path | None,
    as_json: bool,
    excerpt: "Excerpt | None" = None,
) -> None:
    """A plan and what became of it; `folder` is where its reports are, if there are any."""
    if as_json:
        from msgspec.json import encode

        from jobs.report.plan_json import plan_document

        print_json(encode(plan_document(plan, state, folder)))
    else:
        from jobs.output.table import terminal
        from jobs.report.terminal import print_plan as print_in_words

        print_in_words(plan, terminal(), state, excerpt)


def print_for_mail(context: "Context", done: "Unattended") -> None:
    """What a run came to, where nobody looks at a terminal."""
    from connectors.store.errors import StoreError
    from jobs.report.mail import mail_page
    from jobs.report.state import AS_MADE, state_of
    from jobs.report.write import report_address

    plan, settings, state = done.planned.plan, context.settings, AS_MADE
    with suppress(StoreError):  # what was done stands
        state = state_of(context, plan)
    report = report_address(settings, plan.id) if done.planned.folder else ""
    told = (*done.applied.objections, *done.applied.findings) if done.applied else ()
    with printing():
        page = mail_page(plan, state, settings.vendor.name, report, told)
        print_bytes(page.encode(errors="replace"))
    if done.planned.trouble:
        say(done.planned.trouble)


def print_applied(context: "Context", plan: "Plan", applied: "Applied", as_json: bool) -> None:
    """What an apply came to, which stands even where it cannot be printed."""
    from jobs.report.plan_json import applied_document
    from jobs.report.results import print_applied as print_in_words
    from jobs.report.write import report_folder

    with printing():
        if as_json:
            from msgspec.json import encode

            folder = report_folder(context.settings, plan.id)
            print_json(encode(applied_document(plan, applied, folder)))
        else:
            print_in_words(plan, applied)
