"""Approve: a person lets one plan pass, by its digest."""

from connectors.store.plans import approve as record
from jobs.context import Context
from reconciler.admission import objections_to_approval
from reconciler.model.approval import Approval
from reconciler.model.plan import Finding, Plan


def approve(
    context: Context, plan: Plan, by: str, reason: str, overrides: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Records the approval; or changes nothing and says which guards object."""
    objections = tuple(objections_to_approval(plan, overrides))
    if not objections:
        record(
            context.store,
            Approval(plan.id, plan.digest, by, reason, context.clock(), overrides),
        )
    return objections
