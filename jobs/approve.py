"""Approve: a person lets one plan pass, by its digest."""

from jobs.context import Context
from reconciler.admission import Approval, objections_to_approval
from reconciler.model.plan import Finding, Plan


def approve(
    context: Context, plan: Plan, by: str, reason: str, overrides: tuple[str, ...]
) -> tuple[Finding, ...]:
    """Records the approval, or says which guards object."""
    objections = tuple(objections_to_approval(plan, overrides))
    if not objections:
        context.store.approve(
            Approval(plan.id, plan.digest, by, reason, context.clock(), overrides)
        )
    return objections
