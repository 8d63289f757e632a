"""Approve: a person lets one plan pass, by its digest."""

from connectors.store.plans import approvals_of
from connectors.store.plans import approve as record
from jobs.context import Context
from reconciler.applying.admission import approvers, objections_to_approval
from reconciler.applying.approvers import SignIns
from reconciler.model.approval import Approval, Identity
from reconciler.model.plan import Finding, Plan


def approve(
    context: Context,
    plan: Plan,
    by: Identity,
    reason: str,
    overrides: tuple[str, ...] = (),
    remark: str = "",
) -> tuple[Finding, ...]:
    """Records the approval; or changes nothing and says which guards object."""
    objections = tuple(objections_to_approval(plan, overrides))
    if not objections:
        record(
            context.store,
            Approval(plan.id, plan.digest, by, reason, context.clock(), overrides, remark),
        )
    return objections


def given(context: Context, plan: Plan) -> SignIns:
    """The plan's approvals."""
    return dict.fromkeys(approvals_of(context.store, plan.id))


def next_step(context: Context, plan: Plan) -> str:
    """What an approved plan still needs."""
    policy = context.settings.policy
    so_far = approvers(plan, given(context, plan), policy)
    if len(so_far) < policy.approvals:
        return f"It needs another person's approval, too: so far by {', '.join(so_far)}."
    return f"Next: seatsync apply {plan.id}"
