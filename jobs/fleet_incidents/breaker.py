"""Stops what a fleet applies, for all tenants, where one cause takes seats in many of them."""

from collections.abc import Collection, Iterator

from connectors.store.transaction import Transaction
from jobs.context import Context
from jobs.watching.notifications import Notice
from jobs.watching.tell import tell
from reconciler.fleet import LOOKED_BACK, TOGETHER, losses, shared_loss, unusual
from reconciler.model.fleet import Stop
from reconciler.model.plan import Finding, Plan
from reconciler.situations import RUN, finding
from reconciler.situations.plans import FLEET_STOPPED, UNUSUAL_LOSS


def note_losses(context: Context, tx: Transaction, plan: Plan) -> frozenset[str]:
    """For the other tenants of the fleet, if this is one's; the codes of those that are unusual."""
    if not context.settings.in_fleet:
        return frozenset()
    now, lost = context.clock(), losses(plan.operations)
    found = unusual(lost, tx.fleet.losses(now - LOOKED_BACK, now - TOGETHER))
    tx.fleet.add(plan.id, now, lost, found)
    return found


def stop_shared_loss(context: Context, codes: Collection[str]) -> None:
    """After a plan is saved in which these losses are unusual: of several at a time, the last one
    sees all of them.

    Whoever is told of the fleet is told once, by the tenant that stopped it.
    """
    if not (fleet := context.settings.in_fleet):
        return
    now = context.clock()
    with context.store.transaction() as tx:
        stop = tx.fleet.stopped()
        if codes and not stop:
            losing = tx.fleet.unusual_losses(now - TOGETHER)
            if cause := shared_loss(losing, fleet.max_losing_percent):
                tx.fleet.stop(cause, now)
                stop = tx.fleet.stopped()
    if stop and stop.tripped_by == context.store.pair:
        found = as_finding(stop)
        key, text = f"stopped {stop.number}", f"{found.message} {found.advice}"
        tell(context, fleet.notifications, [Notice("stopped", key, text, again=None)])


def fleet_objections(context: Context) -> Iterator[Finding]:
    """Why nothing may be applied for this tenant, or any other of its fleet (P22)."""
    if context.settings.in_fleet:
        with context.store.transaction() as tx:
            stop = tx.fleet.stopped()
        if stop:
            yield as_finding(stop)


def objections_to_run(context: Context, codes: Collection[str]) -> Iterator[Finding]:
    """Why a run applies nothing of its plan, in which these losses are unusual: what has one cause
    in many tenants shows in their plans before any of it is applied (P22, P23).

    In the plan of an hour later the same loss is not unusual any more.
    """
    yield from fleet_objections(context)
    if codes:
        yield finding(UNUSUAL_LOSS, RUN, codes=", ".join(sorted(codes)))


def is_told_of_the_fleet(objections: Collection[Finding]) -> bool:
    """Whether a plan is held by what whoever is told of the fleet hears once, if at all."""
    codes = {FLEET_STOPPED.code, UNUSUAL_LOSS.code}
    return any(objection.code in codes for objection in objections)


def as_finding(stop: Stop) -> Finding:
    """In words."""
    return finding(
        FLEET_STOPPED,
        RUN,
        since=f"{stop.since:%Y-%m-%d %H:%M} UTC",
        code=stop.cause.code,
        tenants=stop.cause.tenants,
        planned=stop.cause.planned,
    )
