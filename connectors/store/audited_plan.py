"""What the audit trail bears out of a plan that is to be approved or applied.

Rows of a table can be written by anybody who can write the store. Records are chained.
"""

from connectors.store.approvals import telling
from connectors.store.audit import APPLY, APPROVAL, PLAN, Record, TrailBroken
from connectors.store.errors import PlanAltered
from connectors.store.plans import making
from connectors.store.transaction import Transaction
from reconciler.model.approval import Approval, Use
from reconciler.model.plan import Plan


def attested(tx: Transaction, plan: Plan) -> tuple[tuple[Approval, ...], Use | None]:
    """The approvals of a plan, oldest first, and its use, if there was one.

    Raises:
        PlanAltered: the trail tells of another plan or of other approvals, or is not whole (P5).
    """
    told, given = _told(tx, plan), tx.approvals.of(plan.id)
    recorded = [(at.at, at.facts, at.personal) for at in told if at.event == APPROVAL]
    if [(one.at, *telling(one)) for one in given] != recorded:
        raise PlanAltered(plan.id, "the audit trail tells of other approvals than the store has")
    uses = [Use(record.facts["run"], record.at) for record in told if record.event == APPLY]
    return given, uses[0] if uses else None


def _told(tx: Transaction, plan: Plan) -> list[Record]:
    """The records about this plan, from its making on."""
    try:
        since = tx.audit.since(PLAN, making(plan.id, plan.run, plan.digest))
    except TrailBroken as error:
        raise PlanAltered(
            plan.id, f"since it was made, the audit trail has a fault: {error}"
        ) from error
    if not since:
        raise PlanAltered(
            plan.id, "the audit trail does not tell of it, as of none that an older seatsync made"
        )
    return [record for record in since if record.facts.get("plan") == plan.id]
