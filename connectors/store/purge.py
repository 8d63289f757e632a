"""Purge: takes personal data of old runs out of the store, and leaves what happened, counted.

What stays is what later runs need: which account belongs to which object id, whom the names in the
configuration mean, who is waiting now, and numbers, digests and times of plans, operations and
runs.
"""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from connectors.store.audit import AuditTrail
from connectors.store.audit_chain import PURGE
from connectors.store.plans import PURGED
from connectors.store.schema import (
    approvals,
    audit,
    grant_uses,
    journal,
    known,
    last_sign_ins,
    notices,
    plan_inputs,
    plans,
    reclaim_announcements,
    refusals,
    runs,
    waits,
)
from connectors.store.transaction_part import TransactionPart

_PERSONAL = ("account", "host", "object_id", "name", "remark", "reason", "id_token")


class PersonalData(TransactionPart):
    """Whatever names a person, in all tables."""

    def remove(self, before: datetime, now: datetime) -> tuple[str, ...]:
        """Names, reasons and texts of before that time; returns the ids of that time's plans.

        An operation that has not ended keeps what recovery needs, and so does its plan. What was
        removed is gone from the file once `Store.compact` has written that anew.
        """
        left_open = select(journal.c.plan_id).where(self._ours(journal), journal.c.ended.is_(None))
        old = select(plans.c.id).where(
            self._ours(plans), plans.c.planned_at < before, plans.c.id.not_in(left_open)
        )
        execute = self._connection.execute
        ids = tuple(execute(old).scalars())
        execute(update(plans).where(self._ours(plans), plans.c.id.in_(old)).values(body=PURGED))
        execute(
            update(approvals)
            .where(self._ours(approvals), approvals.c.plan_id.in_(old))
            .values(dict.fromkeys(_PERSONAL, ""))
        )
        execute(
            update(journal)
            .where(self._ours(journal), journal.c.begun < before, journal.c.ended.is_not(None))
            .values(subject="", intent={}, detail="")
        )
        execute(update(runs).where(self._ours(runs), runs.c.started < before).values(summary=""))
        self._forget_inputs(before)
        execute(delete(notices).where(self._ours(notices), notices.c.at < before))
        execute(delete(refusals).where(self._ours(refusals), refusals.c.last < before))
        execute(delete(known).where(self._ours(known), known.c.read < before))
        for dated in (last_sign_ins, reclaim_announcements):
            execute(delete(dated).where(self._ours(dated), dated.c.at < before))
        execute(delete(grant_uses).where(self._ours(grant_uses), grant_uses.c.granted < before))
        newest = execute(select(func.max(plans.c.planned_at)).where(self._ours(plans))).scalar()
        if newest and newest < before:
            execute(delete(waits).where(self._ours(waits)))
        old_records = self._ours(audit) & (audit.c.at < before)
        through = execute(select(func.max(audit.c.number)).where(old_records)).scalar() or 0
        told = self._ours(audit) & (audit.c.number <= through)
        execute(update(audit).where(told).values(personal=None))
        facts = {"before": f"{before:%Y-%m-%d}", "plans": len(ids), "through": through}
        AuditTrail(self._connection, self._pair).append(now, PURGE, facts, {})
        return ids

    def _forget_inputs(self, before: datetime) -> None:
        """Of plans of before that time, and of those made earlier, which rest on them."""
        numbers = select(func.max(plans.c.number)).where(
            self._ours(plans), plans.c.planned_at < before
        )
        earlier = select(plans.c.id).where(
            self._ours(plans), plans.c.number <= numbers.scalar_subquery()
        )
        self._connection.execute(
            delete(plan_inputs).where(self._ours(plan_inputs), plan_inputs.c.plan_id.in_(earlier))
        )
