"""Whether a plan still holds for what was read again just before it is applied (P3, P4)."""

from dataclasses import dataclass, field

from config.settings import Settings
from reconciler.applying.accounts_now import readings_of
from reconciler.applying.entra_drift import source_drift
from reconciler.applying.preconditions import drift_holds_everything, drifted
from reconciler.model.plan import Finding, Plan
from reconciler.model.snapshot import PlanContext, Snapshot
from reconciler.no_plan import NoPlan
from reconciler.planning.guards.vendor_would_accept import clock_verdict
from reconciler.reconcile import evaluation_of
from reconciler.situations import finding, refusal
from reconciler.situations.plans import ENTRA_CHANGED, VENDOR_CHANGED


@dataclass(frozen=True)
class Drift:
    """With `objections` nothing may be sent; `dropped` operations are not, by index, with why."""

    objections: tuple[Finding, ...] = ()
    dropped: dict[int, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def drift(settings: Settings, plan: Plan, snapshot: Snapshot, plan_context: PlanContext) -> Drift:
    """Compares what the plan rests on with this snapshot, which was read after it."""
    clock = clock_verdict(snapshot.directory.clock_skew)
    if not clock.passed:
        return Drift(objections=(refusal(clock),))
    try:
        now = evaluation_of(settings, snapshot, plan_context)
    except NoPlan as error:
        return Drift(objections=(error.finding,))
    changed = drifted(plan, readings_of(plan, snapshot.target))
    held = (o for o in plan.operations if o.index in changed and drift_holds_everything(o))
    if objections := tuple(finding(VENDOR_CHANGED, o.subject, why=changed[o.index]) for o in held):
        return Drift(objections)
    moved = source_drift(plan, now)
    facts = {operation.subject.id: operation.subject for operation in plan.operations}
    return Drift(
        dropped={
            **{at: f"the vendor changed since the plan: {why}" for at, why in changed.items()},
            **{
                operation.index: f"read again, {moved[operation.subject.id]} (P4)"
                for operation in plan.operations
                if operation.subject.id in moved
            },
        },
        findings=tuple(finding(ENTRA_CHANGED, facts[user], why=why) for user, why in moved.items()),
    )
