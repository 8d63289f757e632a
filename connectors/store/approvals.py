"""Approvals of plans; each is in the audit trail, too."""

from dataclasses import asdict
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, insert, select

from connectors.store.audit import APPROVAL, AuditTrail
from connectors.store.schema import approvals
from connectors.store.transaction_part import TransactionPart
from reconciler.model.approval import Approval, Identity

_SAID = ("plan_id", "digest", "reason", "at", "remark", "id_token", "weaker")


class Approvals(TransactionPart):
    """Approvals by the plan's id."""

    def add(self, approval: Approval) -> None:
        """Records an approval; of each person the newest one counts."""
        values = {name: getattr(approval, name) for name in _SAID}
        row = insert(approvals).values(
            pair=self._pair, **values, **asdict(approval.by), overrides=list(approval.overrides)
        )
        kept = _approval(self._connection.execute(row.returning(*approvals.c)).one())
        AuditTrail(self._connection, self._pair).append(approval.at, APPROVAL, *telling(kept))

    def of(self, plan_id: str) -> tuple[Approval, ...]:
        """Oldest first, as their rows say; `attested` asks the trail, too."""
        query = select(approvals).where(self._ours(approvals), approvals.c.plan_id == plan_id)
        rows = self._connection.execute(query.order_by(approvals.c.id))
        return tuple(map(_approval, rows))


def telling(approval: Approval) -> tuple[dict[str, object], dict[str, object]]:
    """The facts of an approval's record, and what is personal in it."""
    facts = {
        "plan": approval.plan_id,
        "digest": approval.digest,
        "overrides": list(approval.overrides),
        "weaker": approval.weaker,
    }
    personal = {
        **asdict(approval.by),
        "remark": approval.remark,
        "reason": approval.reason,
        "id_token": sha256(approval.id_token.encode()).hexdigest() if approval.id_token else "",
    }
    return facts, personal


def _approval(row: Row[Any]) -> Approval:
    by = Identity(row.account, row.host, row.object_id, row.name)
    said = {name: getattr(row, name) for name in _SAID}
    return Approval(by=by, overrides=tuple(row.overrides), **said)
