"""Retry: the next plan asks again for what the vendor keeps refusing (V18, V20)."""

from connectors.store.plans import LATEST
from jobs.context import Context
from jobs.explain import is_called, users_mentioned
from jobs.leased_run import Run
from jobs.output.exit_codes import Exit
from jobs.output.failures import UserNotFound
from reconciler.model.capabilities import REFUSALS
from reconciler.model.phrasing import Plural
from reconciler.planning.user_explanation import names_near


def retry_refused(context: Context, run: Run, user: str | None) -> int:
    """Forgets what was refused for a user whom the latest plan mentions, or for everybody.

    Returns how much that was.

    Raises:
        UserNotFound: the plan mentions nobody of that name.
    """
    found = None if user is None else _object_id(context, run, user)
    with context.store.transaction(run.id) as tx:
        forgotten = tx.refusals.forget(found)
        if found is None:
            forgotten += tx.capabilities.forget(REFUSALS)
    run.summary = f"{Plural(forgotten):refusal is|refusals are} forgotten"
    run.exit_code = Exit.OK
    return forgotten


def _object_id(context: Context, run: Run, text: str) -> str:
    plan = context.find_plan(LATEST)
    mentioned = users_mentioned(plan)
    for one in mentioned:
        if is_called(plan, one, text):
            return one.id
    run.exit_code = Exit.USAGE
    near = names_near(text, [one.name for one in mentioned])
    similar = f". Similar: {', '.join(near)}" if near else ""
    raise UserNotFound(f"plan {plan.id} mentions no user {text}", f"nothing is forgotten{similar}")
