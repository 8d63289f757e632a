"""Approve: a person lets one plan pass, by its digest."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from connectors.store.audited_plan import attested
from jobs.context import Context, tool_version
from jobs.report.write import update_page
from reconciler.applying.approvers import SignIns
from reconciler.applying.preconditions import (
    Circumstances,
    approvers,
    objections_to_approval,
    objections_to_approvers,
    objections_to_plan,
)
from reconciler.model.approval import Approval, Identity, Use
from reconciler.model.plan import Finding, Plan


def approve(
    context: Context,
    plan: Plan,
    by: Identity,
    reason: str,
    overrides: tuple[str, ...] = (),
    remark: str = "",
    sign: Callable[[Approval], Approval] | None = None,
) -> tuple[Finding, ...]:
    """Records the approval; or changes nothing and says which guards object, or who may not.

    `sign` has the person sign in for it, and is asked once nothing else objects.

    Raises:
        connectors.store.errors.PlanAltered: the audit trail has something else.
    """
    with context.store.transaction() as tx:
        _, use = attested(tx, plan)
    if objections := (
        *objections_to_plan(plan, use, circumstances(context)),
        *objections_to_approval(plan, overrides),
    ):
        return objections
    approval = Approval(plan.id, plan.digest, by, reason, context.clock(), overrides, remark)
    if sign:
        approval = replace(sign(approval), at=context.clock())
    proven, policy = _proven(context, plan, [approval]), context.settings.policy
    objections = tuple(objections_to_approvers(plan, proven, policy))
    if not objections:
        with context.store.transaction() as tx:
            tx.approvals.add(approval)
        update_page(context, plan)
    return objections


def circumstances(context: Context) -> Circumstances:
    """What a plan's basis is compared with."""
    settings = context.settings
    return Circumstances(
        tenant_id=settings.directory.tenant_id,
        graph=settings.directory.origin,
        vendor=settings.vendor.base_url,
        store_id=context.store.pair,
        settings=settings.digest,
        tool_version=tool_version(),
        now=context.clock(),
    )


def given(context: Context, plan: Plan) -> tuple[SignIns, Use | None]:
    """The plan's approvals with what their sign-ins prove now, and its use.

    Raises:
        connectors.store.errors.PlanAltered: the audit trail has something else.
    """
    with context.store.transaction() as tx:
        approvals, use = attested(tx, plan)
    return _proven(context, plan, approvals), use


def _proven(context: Context, plan: Plan, approvals: Sequence[Approval]) -> SignIns:
    """Only who asks Entra ID pays for loading what does that."""
    if not any(approval.id_token for approval in approvals):
        return dict.fromkeys(approvals)
    from jobs.approval.signing_in import sign_ins

    return sign_ins(context, plan, approvals)


def next_step(context: Context, plan: Plan) -> str:
    """What an approved plan still needs."""
    policy = context.settings.policy
    approvals, _ = given(context, plan)
    so_far = approvers(plan, approvals, policy)
    if len(so_far) < policy.approvals:
        return f"It needs another person's approval, too: so far by {', '.join(so_far)}."
    return f"Next: seatsync apply {plan.id}"
