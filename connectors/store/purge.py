"""Purge: takes personal data of old runs out of the store, and leaves what happened, counted.

What stays is what later runs need: which account belongs to which object id, whom the names in the
configuration mean, who is waiting now, and numbers, digests and times of plans, operations and
runs.
"""

from datetime import datetime

from sqlalchemy import Select, delete, func, select, update

from connectors.store.audit import AuditTrail
from connectors.store.audit_chain import PURGE
from connectors.store.plans import PURGED
from connectors.store.rows import Rows
from connectors.store.schema import approvals, audit, journal, known, plans, runs, waits

_PERSONAL = ("account", "host", "object_id", "name", "remark", "reason", "id_token")


class PersonalData(Rows):
    """Whatever names a person, in all tables."""

    def remove(self, before: datetime, now: datetime) -> tuple[str, ...]:
        """Names, reasons and texts of before that time; returns the ids of that time's plans.

        An operation that has not ended keeps what recovery needs, and so does its plan. What was
        removed is gone from the file once `Store.compact` has written that anew.
        """
        left_open = select(journal.c.plan_id).where(journal.c.ended.is_(None))
        old = select(plans.c.id).where(plans.c.planned_at < before, plans.c.id.not_in(left_open))
        execute = self._connection.execute
        ids = tuple(execute(old).scalars())
        execute(update(plans).where(plans.c.id.in_(old)).values(body=PURGED))
        execute(
            update(approvals)
            .where(approvals.c.plan_id.in_(old))
            .values(dict.fromkeys(_PERSONAL, ""))
        )
        execute(
            update(journal)
            .where(journal.c.begun < before, journal.c.ended.is_not(None))
            .values(subject="", intent={}, detail="")
        )
        execute(update(runs).where(runs.c.started < before).values(summary=""))
        execute(delete(known).where(known.c.read < before))
        newest = execute(select(func.max(plans.c.planned_at))).scalar()
        if newest and newest < before:
            execute(delete(waits))
        through = execute(_newest_record(before)).scalar() or 0
        execute(update(audit).where(audit.c.number <= through).values(personal=None))
        facts = {"before": f"{before:%Y-%m-%d}", "plans": len(ids), "through": through}
        AuditTrail(self._connection).append(now, PURGE, facts, {})
        return ids


def _newest_record(before: datetime) -> Select[tuple[int | None]]:
    return select(func.max(audit.c.number)).where(audit.c.at < before)
