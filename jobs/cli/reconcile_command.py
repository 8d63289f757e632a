"""`reconcile`: one user is planned for, looked at, and brought in step."""

import sys
from pathlib import Path

import click

from jobs.cli import completion
from jobs.cli.approve_command import said
from jobs.cli.errors import reporting
from jobs.cli.options import AS_JSON, CONFIG
from jobs.cli.planned import print_applied, print_planned
from jobs.output.console import remark, say, tell
from jobs.output.exit_codes import Exit


@click.command()
@AS_JSON
@click.argument("user", metavar="USER", shell_complete=completion.users)
@click.option("--yes", is_flag=True, help="Apply it without asking, where no guard objects.")
@click.option(
    "--reason",
    default="asked for by `seatsync reconcile`",
    show_default=True,
    callback=said,
    help="Why this is right; it is kept with the approval.",
)
@CONFIG
@reporting
def reconcile(config: Path, as_json: bool, user: str, yes: bool, reason: str) -> Exit:
    """Bring one user in step, as soon as you agree.

    A plan for this user alone is made, shown, and applied if you say so. USER is a user principal
    name, a mail address, a display name, an object id, or an account at the vendor.

    Limits and the queue for seats stay what they are for everybody, and so do approvals: where
    policy asks for more than your word, the plan waits for them. Without a terminal, and without
    --yes, it waits as well.
    """
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.reading.source import reminder
    from jobs.reconcile_user import (
        approve_and_apply,
        make_user_plan,
        others_come_first,
        place_in_the_queue,
        who_else_has_to_agree,
    )

    with working(config) as context:
        with recorded(context, "reconcile") as run:
            planned = make_user_plan(context, run, user)
        plan = planned.plan
        others = who_else_has_to_agree(context, plan, reason)
        possible = run.exit_code is Exit.WAITING and bool(plan.operations)
        if not (as_json and yes and possible and not others):
            print_planned(planned, as_json)
        if place := place_in_the_queue(plan):
            remark(place)
        if not possible:
            return run.exit_code
        if others or not (yes or _agreed(as_json=as_json)):
            why = f" Your word is not enough: {others}." if others else ""
            say(f"Nothing was done.{why} Next: seatsync approve {plan.id} --reason ...")
            return Exit.WAITING
        if reminding := reminder(context.settings.directory):
            remark(reminding)
        applied, objections = approve_and_apply(context, plan, reason)
    for objection in objections:
        tell(objection)
    if applied is None:
        return Exit.HELD
    print_applied(context, plan, applied, as_json)
    done = applied.exit_code
    return Exit.PARTIAL if done is Exit.OK and others_come_first(plan) else done


def _agreed(*, as_json: bool) -> bool:
    return not as_json and sys.stdin.isatty() and click.confirm("Do this now?")
