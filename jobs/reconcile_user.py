"""Reconcile one user: a plan for this person alone, applied at once by whoever asked for it."""

from connectors.store.errors import PlanNotFound
from jobs.apply import apply_plan
from jobs.approval.approve import approve
from jobs.approval.os_user import whoami
from jobs.context import Context, tool_version
from jobs.leased_run import Run, recorded
from jobs.operation_results import Applied
from jobs.output.exit_codes import Exit
from jobs.output.failures import UserNotFound
from jobs.output.stage import stage
from jobs.plan import Planned, report, save
from jobs.reading.pull import pull
from jobs.recover import recover
from reconciler.applying.approvers import why_not_enough
from reconciler.model.approval import Approval
from reconciler.model.phrasing import named
from reconciler.model.plan import Finding, Plan, Subject
from reconciler.model.snapshot import PlanContext
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.user_explanation import names_near, users_called
from reconciler.reconcile import evaluation_of
from reconciler.reconcile_user import reconcile_user
from reconciler.situations.plans import OTHERS_FIRST


def make_user_plan(context: Context, run: Run, text: str) -> Planned:
    """As `jobs.plan.make_plan`, for whoever is called so. Everything is read; nothing is kept of it
    but the plan: what the next one for everybody knows is as if this one had not been made.

    Raises:
        connectors.store.errors.PlanNotFound: the store has no plan for everybody yet.
        UserNotFound: nobody is called so, or several are.
        connectors.errors.CounterpartError, reconciler.no_plan.NoPlan: as `make_plan`.
    """
    with context.store.transaction() as tx:
        number = tx.plans.next_number_aside()
        if not tx.plans.newest_number():
            raise PlanNotFound("There is no plan for everybody yet", "run `seatsync plan` first")
    snapshot = pull(context, recover(context, run))
    plan_context = PlanContext(run.id, context.clock(), tool_version())
    with stage("decide", "Deciding") as deciding:
        evaluation = evaluation_of(context.settings, snapshot, plan_context)
        user = the_user(evaluation, text)
        plan = reconcile_user(evaluation, user, number)
        deciding.count(operations=len(plan.operations), left=len(evaluation.operations))
    with context.store.transaction(run.id) as tx:
        save(tx, run, plan, snapshot)
        if run.exit_code is Exit.OK and others_come_first(plan):
            run.exit_code = Exit.WAITING  # for a plan for everybody
    return report(context, plan)


def the_user(evaluation: Evaluation, text: str) -> Subject:
    """The one who is called so, as by `users_called`.

    Raises:
        UserNotFound: nobody is, or several are; near names are offered.
    """
    people = evaluation.facts.people
    found = people.users(users_called(evaluation, text))
    if len(found) == 1:
        return found[0]
    if found:
        several = "; ".join(f"{user.name} (object id {user.id})" for user in found)
        raise UserNotFound(f"Several users are called {text}", several)
    near = names_near(text, people.entra["userPrincipalName"].dropna())
    similar = f" Similar: {', '.join(near)}" if near else ""
    where = f"not in Entra ID, as far as it was read, nor at the vendor.{similar}"
    raise UserNotFound(f"Nobody is called {text}", where)


def who_else_has_to_agree(context: Context, plan: Plan, reason: str) -> str:
    """Why it is not enough that whoever runs this says yes; "" if it is."""
    mine = Approval(plan.id, plan.digest, whoami(), reason, context.clock())
    return why_not_enough(plan, mine, context.settings.policy)


def approve_and_apply(
    context: Context, plan: Plan, reason: str
) -> tuple[Applied | None, tuple[Finding, ...]]:
    """In a run of its own: a person may have looked at the plan for long. Nothing is sent where
    something speaks against the approval.
    """
    if objections := approve(context, plan, whoami(), reason):
        return None, objections
    with recorded(context, "apply") as run:
        return apply_plan(context, plan, run), ()


def others_come_first(plan: Plan) -> bool:
    """Something is to be done for the user, and not by this plan (P20)."""
    return any(found.code == OTHERS_FIRST.code for found in plan.findings)


def place_in_the_queue(plan: Plan) -> str:
    """Of the user that the plan is for, with whoever is before them; "" if they do not wait."""
    if not plan.waiting:
        return ""
    *before, entry = plan.waiting
    ahead = f", behind {named([one.user.name for one in before])}" if before else ""
    return (
        f'{entry.user.name} waits for "{entry.set}": {", ".join(entry.blocked_by)} not free; '
        f"place {entry.position} in the queue{ahead}."
    )
