"""The commands around a plan: making one, looking at it, letting it pass, applying it; undoing."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from jobs.cli.errors import reporting
from jobs.cli.options import AS_JSON, CONFIG, GRANTS_ONLY, print_rows, printing
from jobs.cli.typed_command import typed
from jobs.output.console import print_bytes, print_line, say, tell
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path

if TYPE_CHECKING:
    from jobs.context import Context
    from jobs.plan import Planned
    from jobs.report.state import State
    from reconciler.model.plan import Plan

P = ParamSpec("P")
T = TypeVar("T")

BY_BROWSER = (
    "A device code is not bound to the plan; --sign-in and policy.approval: sign_in ask for a "
    "browser. Where this machine has none, open the address that --sign-in prints on another one, "
    "to which the port in it is forwarded; docs/how-to/sign-in.md says how."
)


@click.command()
@CONFIG
@AS_JSON
@GRANTS_ONLY
@reporting
def plan(config: Path, as_json: bool, grants_only: bool) -> Exit:
    """Dry run: write a plan and its reports, and say where they are."""
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.plan import make_plan

    with working(config) as context, recorded(context, "plan") as run:
        planned = make_plan(context, run, grants_only)
    _print_planned(planned, as_json)
    return run.exit_code


@click.command()
@CONFIG
@AS_JSON
@click.argument("reference", metavar="[PLAN]", default="latest")
@reporting
def show(config: Path, as_json: bool, reference: str) -> Exit:
    """Show a plan and what became of it. PLAN is an id, a unique prefix, or `latest`."""
    from jobs.context import working
    from jobs.report.state import state_of

    with working(config) as context:
        found = context.find_plan(reference)
        state = state_of(context, found)
    _print_plan(found, as_json, state)
    for approval in () if as_json else state.approvals:
        who = f"{approval.by} ({approval.remark})" if approval.remark else str(approval.by)
        who += ", signed in with a device code," if approval.weaker else ""
        print_line(f"Approved by {who} at {approval.at:%Y-%m-%d %H:%M} UTC: {approval.reason}")
    return Exit.OK


def _form(name: str, help_text: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    return click.option(f"--{name}", "form", flag_value=name, help=help_text)


@click.command()
@CONFIG
@click.argument("reference", metavar="[PLAN]", default="latest")
@_form("html", "One page, for a browser; the default.")
@_form("md", "Markdown of at most 60 lines, for a ticket.")
@_form("xlsx", "A workbook, for a spreadsheet program.")
@_form("csv", "The operations, a row each.")
@_form("json", "The plan itself, beside its digest.")
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file, not to stdout.")
@reporting
def report(config: Path, reference: str, form: str | None, out: Path | None) -> Exit:
    """Make a plan's report again from the store, with what became of it until now."""
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
@CONFIG
@AS_JSON
@click.argument("older", metavar="PLAN")
@click.argument("newer", metavar="[PLAN]", default="latest")
@reporting
def diff(config: Path, as_json: bool, older: str, newer: str) -> Exit:
    """Show whom the second plan, by default the latest, treats otherwise than the first."""
    from jobs.context import working
    from jobs.report.difference import HEADER, difference

    with working(config) as context:
        one, other = context.find_plan(older), context.find_plan(newer)
    rows = difference(one, other)
    print_rows(f"Plan {other.id} beside plan {one.id}", HEADER, rows, as_json)
    if not rows and not as_json:
        print_line(f"Plans {one.id} and {other.id} do the same to everybody.")
    return Exit.OK


def _said(context: click.Context, parameter: click.Parameter, text: str) -> str:
    from reconciler.applying.approvers import folded, is_unattended

    if parameter.required and not folded(text):
        raise click.BadParameter("there is nothing to read in it.", context, parameter)
    if text != text.encode(errors="replace").decode():
        raise click.BadParameter("it is not all text.", context, parameter)
    if is_unattended(text):
        raise click.BadParameter("that is the name of approvals by nobody.", context, parameter)
    return text


@click.command()
@CONFIG
@click.argument("reference", metavar="PLAN")
@click.option("--reason", required=True, callback=_said, help="Why this plan is right.")
@click.option(
    "--by",
    default="",
    callback=_said,
    help="A remark on who you are; your account is recorded anyway.",
)
@click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="CODE",
    help="A guard that blocks the plan, and should not; may be given several times.",
)
@click.option("--sign-in", is_flag=True, help="Sign in to Entra ID for it, in a browser.")
@click.option("--device-code", is_flag=True, help="Sign in in a browser elsewhere: weaker.")
@reporting
def approve(
    config: Path,
    reference: str,
    reason: str,
    by: str,
    overrides: tuple[str, ...],
    sign_in: bool,
    device_code: bool,
) -> Exit:
    """Let one plan pass, after review.

    What a guard holds passes with any approval; what a guard blocks, with one that overrides its
    code; what a guard refuses, with none.

    PLAN is an id, a unique prefix, or a digest. `latest` is shown once more, and has to be
    confirmed. Where policy.approvals is 2, another person approves the same plan, too. Where
    policy.approval asks for it, you sign in without --sign-in, too.
    """
    from connectors.store.plans import LATEST
    from jobs.approval.approve import approve as let_pass
    from jobs.approval.approve import next_step
    from jobs.approval.identity import whoami
    from jobs.context import working
    from reconciler.applying.preconditions import missing_overrides

    codes = tuple(dict.fromkeys(code.strip().upper() for code in overrides))
    with working(config) as context:
        asked = context.settings.policy.approval
        if device_code and (sign_in or asked == "sign_in"):
            say(BY_BROWSER)
            return Exit.USAGE
        found, sign = context.find_plan(reference), None
        if reference == LATEST and (refused := _not_seen(context, found)):
            return refused
        if sign_in or device_code or asked != "command":
            from jobs.approval.signing_in import signed

            sign = partial(signed, context, found, device_code=device_code, tell=say)
        objections = let_pass(context, found, whoami(), reason, codes, by, sign)
        following = "" if objections else next_step(context, found)
    for objection in objections:
        tell(objection)
    if missing := missing_overrides(found, codes):
        again = typed(reference=found.id, overrides=(*codes, *missing))
        say(f"To let it pass all the same: {again}")
    if objections:
        return Exit.HELD
    print_line(f"Approved plan {found.id} ({found.digest}). {following}")
    return Exit.OK


def _not_seen(context: "Context", found: "Plan") -> Exit | None:
    """Nobody approves what they have not seen: the newest plan may be another one by now."""
    from connectors.store.plans import LATEST
    from jobs.report.terminal import console, print_headline

    if not sys.stdin.isatty():
        say(
            "Without a terminal to show it on, a plan is approved by its id or digest. The latest "
            f"one: {typed(reference=found.id)}"
        )
        return Exit.USAGE
    print_headline(found, console())
    if not click.confirm("Approve this plan?"):
        say("It was not approved.")
        return Exit.HELD
    if (newest := context.find_plan(LATEST)).id != found.id:
        say(f"Plan {newest.id} was made meanwhile, and none was approved. Look at that one.")
        return Exit.HELD
    return None


@click.command()
@CONFIG
@AS_JSON
@click.argument("reference", metavar="PLAN")
@reporting
def apply(config: Path, as_json: bool, reference: str) -> Exit:
    """Execute an approved plan, exactly as it was reviewed."""
    from jobs.apply import apply_plan
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.reading.source import reminder
    from jobs.report.results import print_applied

    with working(config) as context:
        found = context.find_plan(reference)
        if remark := reminder(context.settings.directory):
            say(remark)
        with recorded(context, "apply") as run:
            applied = apply_plan(context, found, run)
    with printing():
        print_applied(found, applied, as_json)
    return applied.exit_code


@click.command()
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
        with printing():
            print_applied(done.planned.plan, done.applied, as_json)
    return done.exit_code


@click.command()
@CONFIG
@AS_JSON
@click.argument("reference", metavar="RUN")
@reporting
def undo(config: Path, as_json: bool, reference: str) -> Exit:
    """Plan to take back what a run did; review, approve and apply it like any plan.

    RUN is an id of `seatsync history`, a unique prefix, or `latest`: the last that did something.
    """
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.undo import make_undo

    with working(config) as context, recorded(context, "undo") as run:
        planned = make_undo(context, run, reference)
    _print_planned(planned, as_json)
    return run.exit_code


def _print_planned(planned: "Planned", as_json: bool) -> None:
    with printing():
        _print_plan(planned.plan, as_json)
        if not planned.trouble and not as_json:
            names = "report.html, operations.csv, errors.csv, plan.json"
            print_line(f"Reports: {planned.folder}/{names}")
    if planned.trouble:
        say(planned.trouble)


def _print_plan(found: "Plan", as_json: bool, state: "State | None" = None) -> None:
    from jobs.report.state import AS_MADE
    from jobs.report.terminal import console, print_plan

    if as_json:
        click.echo(found.canonical)
    else:
        print_plan(found, console(), state or AS_MADE)
