"""Purge: takes personal data of old runs out of the store, and leaves what happened, counted.

What stays is what later runs need: which account belongs to which object id, whom the names in the
configuration mean, who is waiting now, and numbers, digests and times of plans, operations and
runs.
"""

from datetime import datetime

from sqlalchemy import Engine, Select, delete, func, select, text, update

from connectors.store.audit import PURGE, append
from connectors.store.plans import PURGED
from connectors.store.schema import approvals, audit, journal, known, plans, runs, waits


def purge(engine: Engine, before: datetime, now: datetime) -> tuple[str, ...]:
    """Names, reasons and texts of before that time; returns the ids of that time's plans.

    An operation that has not ended keeps what recovery needs, and so does its plan.
    """
    left_open = select(journal.c.plan_id).where(journal.c.ended.is_(None))
    old = select(plans.c.id).where(plans.c.planned_at < before, plans.c.id.not_in(left_open))
    with engine.begin() as connection:
        ids = tuple(connection.execute(old).scalars())
        connection.execute(update(plans).where(plans.c.id.in_(old)).values(body=PURGED))
        personal = ("account", "host", "object_id", "name", "remark", "reason", "id_token")
        connection.execute(
            update(approvals)
            .where(approvals.c.plan_id.in_(old))
            .values(dict.fromkeys(personal, ""))
        )
        connection.execute(
            update(journal)
            .where(journal.c.begun < before, journal.c.ended.is_not(None))
            .values(subject="", intent={}, detail="")
        )
        connection.execute(update(runs).where(runs.c.started < before).values(summary=""))
        connection.execute(delete(known).where(known.c.read < before))
        newest = connection.execute(select(func.max(plans.c.planned_at))).scalar()
        if newest and newest < before:
            connection.execute(delete(waits))
        through = connection.execute(_newest_record(before)).scalar() or 0
        connection.execute(update(audit).where(audit.c.number <= through).values(personal=None))
        facts = {"before": f"{before:%Y-%m-%d}", "plans": len(ids), "through": through}
        append(connection, now, PURGE, facts, {})
    _wipe(engine)
    return ids


def _newest_record(before: datetime) -> Select[tuple[int | None]]:
    return select(func.max(audit.c.number)).where(audit.c.at < before)


def _wipe(engine: Engine) -> None:
    """What was deleted is still in the file until the file is written anew."""
    statements = {
        "sqlite": ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"),
        "postgresql": ("VACUUM FULL plans, approvals, journal, runs, waits, audit, known",),
    }
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements[engine.dialect.name]:
            connection.execute(text(statement))
