"""`approve`: a person lets one plan pass."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.cli import completion
from jobs.cli.errors import reporting
from jobs.cli.options import CONFIG
from jobs.cli.typed_command import typed
from jobs.output.console import confirm, say, tell
from jobs.output.exit_codes import Exit

if TYPE_CHECKING:
    from jobs.context import Context
    from reconciler.model.plan import Plan

BY_BROWSER = (
    "A device code is not bound to the plan; --sign-in and policy.approval: sign_in ask for a "
    "browser. Where this machine has none, open the address that --sign-in prints on another one, "
    "to which the port in it is forwarded; docs/how-to/sign-in.md says how."
)


def said(context: click.Context, parameter: click.Parameter, text: str) -> str:
    """What is kept with an approval can be read, and is nobody's who approves unattended."""
    from reconciler.applying.approvers import folded, is_unattended

    if parameter.required and not folded(text):
        raise click.BadParameter("there is nothing to read in it.", context, parameter)
    if text != text.encode(errors="replace").decode():
        raise click.BadParameter("it is not all text.", context, parameter)
    if is_unattended(text):
        raise click.BadParameter("that is the name of approvals by nobody.", context, parameter)
    return text


@click.command()
@click.argument("reference", metavar="PLAN", shell_complete=completion.plans)
@click.option("--reason", required=True, callback=said, help="Why this plan is right.")
@click.option(
    "--by",
    default="",
    callback=said,
    help="A remark on who you are; your account is recorded anyway.",
)
@click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="CODE",
    shell_complete=completion.overridable,
    help="A guard that blocks the plan, and should not; may be given several times.",
)
@click.option("--sign-in", is_flag=True, help="Sign in to Entra ID for it, in a browser.")
@click.option("--device-code", is_flag=True, help="Sign in in a browser elsewhere: weaker.")
@CONFIG
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
    from jobs.context import working

    with working(config) as context:
        if device_code and (sign_in or context.settings.policy.approval == "sign_in"):
            say(BY_BROWSER)
            return Exit.USAGE
        found = context.find_plan(reference)
        if reference == LATEST and (refused := _not_seen(context, found)):
            return refused
        return let_pass(
            context, found, reason, overrides, by, sign_in=sign_in, device_code=device_code
        )


def let_pass(
    context: "Context",
    found: "Plan",
    reason: str,
    overrides: tuple[str, ...],
    by: str = "",
    *,
    sign_in: bool = False,
    device_code: bool = False,
) -> Exit:
    """Approves a plan as its policy asks, and says what came of it."""
    from jobs.approval.approve import approve as record
    from jobs.approval.approve import next_step
    from jobs.approval.os_user import whoami
    from reconciler.applying.preconditions import missing_overrides

    codes, sign = tuple(dict.fromkeys(code.strip().upper() for code in overrides)), None
    if sign_in or device_code or context.settings.policy.approval != "command":
        from jobs.approval.signing_in import signed

        sign = partial(signed, context, found, device_code=device_code, tell=say)
    objections = record(context, found, whoami(), reason, codes, by, sign)
    for objection in objections:
        tell(objection)
    if missing := missing_overrides(found, codes):
        again = typed(reference=found.id, plans=(found.id,), overrides=(*codes, *missing))
        say(f"To let it pass all the same: {again}")
    if objections:
        return Exit.HELD
    confirm(f"Approved plan {found.id} ({found.digest}). {next_step(context, found)}")
    return Exit.OK


def _not_seen(context: "Context", found: "Plan") -> Exit | None:
    """Nobody approves what they have not seen: the newest plan may be another one by now."""
    from connectors.store.plans import LATEST
    from jobs.output.table import terminal
    from jobs.report.terminal import print_headline

    if not sys.stdin.isatty():
        say(
            "Without a terminal to show it on, a plan is approved by its id or digest. The latest "
            f"one: {typed(reference=found.id)}"
        )
        return Exit.USAGE
    print_headline(found, terminal())
    if not click.confirm("Approve this plan?"):
        say("It was not approved.")
        return Exit.HELD
    if (newest := context.find_plan(LATEST)).id != found.id:
        say(f"Plan {newest.id} was made meanwhile, and none was approved. Look at that one.")
        return Exit.HELD
    return None
