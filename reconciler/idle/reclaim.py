"""A plan that knows which seats nobody uses, and may take back those whose users were told so."""

from dataclasses import replace
from datetime import datetime, timedelta

from config.settings import Settings
from reconciler.idle.idle_seats import idle_seats
from reconciler.model.plan import Plan
from reconciler.model.sign_ins import CurrentUse, IdleSeat
from reconciler.model.snapshot import PlanContext, Snapshot
from reconciler.planning.evaluation import Evaluation
from reconciler.reconcile import evaluation_of, plan_of


def reconcile_with_use(
    settings: Settings,
    snapshot: Snapshot,
    plan_context: PlanContext,
    known: CurrentUse,
    *,
    reclaim: bool,
) -> tuple[Plan, PlanContext]:
    """The plan, and the context with the idle seats by which `reconcile` makes it again.

    `reclaim`: whoever is newly idle is told now, and the seats of those whose grace is over are
    taken back.

    Raises:
        reconciler.no_plan.NoPlan: as `reconcile`.
    """
    evaluation = evaluation_of(settings, snapshot, plan_context)
    idle = idle_now(evaluation, known)
    if reclaim and idle:
        now = plan_context.now
        idle = tuple(replace(seat, announced=seat.announced or now) for seat in idle)
        due = (seat.user.id for seat in idle if is_due(seat, settings.policy.idle.grace, now))
        plan_context = replace(plan_context, reclaiming=frozenset(due))
    plan_context = replace(plan_context, idle=idle)
    if plan_context.reclaiming:
        evaluation = evaluation_of(settings, snapshot, plan_context)
    return plan_of(replace(evaluation, plan_context=plan_context)), plan_context


def idle_now(evaluation: Evaluation, known: CurrentUse) -> tuple[IdleSeat, ...] | None:
    """By `policy.idle.days`; None where sign-ins were watched for less."""
    days = evaluation.settings.policy.idle.days
    if known.watch.through - known.watch.since < days:
        return None
    return idle_seats(evaluation, known.use, known.watch, known.on_leave, days)


def is_due(seat: IdleSeat, grace: timedelta, now: datetime) -> bool:
    """Whether its user was told, and the grace is over."""
    return seat.announced is not None and seat.announced + grace <= now
