"""The journal: what was going to be sent, durable before it is; how it ended, before it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
import pandas as pd
from sqlalchemy import ColumnElement, Row, bindparam, func, insert, or_, select, update

from connectors.store.audit import OPERATION, AuditTrail, Told
from connectors.store.schema import journal, plans, runs
from connectors.store.transaction_part import TransactionPart
from reconciler.columns import frames
from reconciler.model.history import DoneOperation
from reconciler.model.plan import Kind, Operation, Plan

_DIGEST = (
    select(plans.c.digest)
    .where(plans.c.pair == journal.c.pair, plans.c.id == journal.c.plan_id)
    .scalar_subquery()
    .label("digest")
)

_TOLD: tuple[ColumnElement[Any], ...] = (
    *(
        journal.c[name]
        for name in ("id", "plan_id", "index", "kind", "run_id", "subject", "result", "detail")
    ),
    _DIGEST,
)

# Made once, for each end of an operation needs them: to put a statement together takes SQLAlchemy
# about as long as to execute it.
_THESE = (journal.c.pair == bindparam("of")) & journal.c.id.in_(bindparam("ids", expanding=True))
_HOW_THEY_STAND = (
    select(journal.c.id, journal.c.ended, journal.c.result).where(_THESE).with_for_update()
)
_END = (
    update(journal)
    .where(journal.c.pair == bindparam("of"), journal.c.id == bindparam("entry"))
    .values(ended=bindparam("at"), result=bindparam("how"), detail=bindparam("why"))
)
_WHAT_IS_TOLD = select(*_TOLD).where(_THESE)


@dataclass(frozen=True)
class Entry:
    """One operation of one plan, as it was begun and perhaps ended."""

    id: str
    plan_id: str
    run_id: str
    index: int
    subject: str
    begun: datetime
    ended: datetime | None
    result: str | None
    detail: str | None


@dataclass(frozen=True)
class Interrupted:
    """A run that stopped in the middle of a plan; of its operations `open` are without an end.

    `open` maps an entry's id to the operation as it was begun.
    """

    run_id: str
    plan_id: str
    ended: int
    open: dict[str, Operation]


def operation_id(plan: Plan, operation: Operation) -> str:
    """The same for the same operation of the same plan, wherever and whenever."""
    return entry_id(plan.digest, operation.index)


def entry_id(digest: str, index: int) -> str:
    """The id of the entry of a plan's operation."""
    return sha256(f"{digest}/{index}".encode()).hexdigest()


class Journal(TransactionPart):
    """Entries by their ids, or by their plan's."""

    def begin(
        self, plan: Plan, operations: Iterable[Operation], run_id: str, now: datetime
    ) -> None:
        """Writes what is about to be done: to be committed before anything is sent.

        The operations are the plan's, each with the account that it is really about where the plan
        had none.
        """
        rows = [
            {
                "pair": self._pair,
                "id": operation_id(plan, operation),
                "plan_id": plan.id,
                "run_id": run_id,
                "index": operation.index,
                "subject": operation.subject.id,
                "kind": operation.kind,
                "intent": msgspec.to_builtins(operation),
                "begun": now,
            }
            for operation in operations
        ]
        self._connection.execute(insert(journal), rows)

    def end(self, endings: Mapping[str, tuple[str, str]], now: datetime) -> dict[str, str]:
        """Writes, per entry's id, result and detail, and tells the audit trail.

        An entry that has its end keeps it. Of those the result that stands is returned: whoever
        took this run for dead has read back what became of it.
        """
        if not endings:
            return {}
        execute, these = self._connection.execute, {"of": self._pair, "ids": list(endings)}
        stands = {row.id: str(row.result) for row in execute(_HOW_THEY_STAND, these) if row.ended}
        if new := [
            {"of": self._pair, "entry": entry, "at": now, "how": result, "why": detail}
            for entry, (result, detail) in endings.items()
            if entry not in stands
        ]:
            execute(_END, new)
        rows = {row.id: row for row in execute(_WHAT_IS_TOLD, these)}
        told = [
            _late(rows[entry], *end) if entry in stands else _in_time(rows[entry])
            for entry, end in endings.items()
        ]
        AuditTrail(self._connection, self._pair).append_all(now, told)
        return stands

    def entries(self, plan_id: str) -> tuple[Entry, ...]:
        """What was done of a plan, in its order."""
        columns = [journal.c[name] for name in Entry.__dataclass_fields__]
        query = select(*columns).where(self._ours(journal), journal.c.plan_id == plan_id)
        rows = self._connection.execute(query.order_by(journal.c.index))
        return tuple(Entry(*row) for row in rows)

    def interrupted(self, run_id: str) -> tuple[Interrupted, ...]:
        """Runs other than this one that used a plan and stopped, or left an operation open.

        Only one run is at work at a time, so another that has no end was killed.
        """
        opened = select(journal.c.run_id).where(self._ours(journal), journal.c.ended.is_(None))
        query = (
            select(runs.c.id, plans.c.id)
            .join(plans, plans.c.used_by == runs.c.id)
            .where(self._ours(runs), self._ours(plans), runs.c.id != run_id)
            .where(or_(runs.c.ended.is_(None), runs.c.id.in_(opened)))
            .order_by(runs.c.started)
        )
        found = self._connection.execute(query).all()
        return tuple(Interrupted(run, plan, *self._progress(plan)) for run, plan in found)

    def _progress(self, plan_id: str) -> tuple[int, dict[str, Operation]]:
        query = select(journal.c.id, journal.c.ended, journal.c.intent)
        query = query.where(self._ours(journal), journal.c.plan_id == plan_id)
        query = query.order_by(journal.c.index)
        entries = self._connection.execute(query).all()
        left = {
            row.id: msgspec.convert(row.intent, Operation) for row in entries if row.ended is None
        }
        return len(entries) - len(left), left

    def in_columns(self) -> pd.DataFrame:
        """Every operation that was begun, in the order in which they ended (`frames.JOURNAL`)."""
        columns = {
            "id": journal.c.subject,
            "kind": journal.c.kind,
            "reason": journal.c.intent["reason"].as_string(),
            "plan": plans.c.number,
            "begun": journal.c.begun,
            "result": journal.c.result,
        }
        query = (
            select(*(column.label(name) for name, column in columns.items()))
            .join(plans, plans.c.id == journal.c.plan_id)
            .where(self._ours(journal), self._ours(plans))
            .order_by(journal.c.ended, journal.c.index)
        )
        rows = self._connection.execute(query).mappings()
        return frames.frame(frames.JOURNAL, map(dict, rows))

    def done(self, since: datetime | None = None) -> tuple[DoneOperation, ...]:
        """What took effect after `since`, or ever, in order."""
        query = (
            select(*(journal.c[name] for name in ("id", "subject", "kind", "ended", "intent")))
            .where(self._ours(journal), journal.c.result == "done")
            .order_by(journal.c.ended, journal.c.index)
        )
        if since:
            query = query.where(journal.c.ended > since)
        return tuple(
            DoneOperation(
                row.id,
                row.subject,
                Kind(row.kind),
                row.ended,
                msgspec.convert(row.intent, Operation) if row.intent else None,
            )
            for row in self._connection.execute(query)
        )

    def last_changes(self) -> dict[str, datetime]:
        """Per subject's id when something was last done to it."""
        query = (
            select(journal.c.subject, func.max(journal.c.ended).label("at"))
            .where(self._ours(journal), journal.c.result == "done")
            .group_by(journal.c.subject)
        )
        return {row.subject: row.at for row in self._connection.execute(query)}


def _in_time(entry: Row[Any]) -> Told:
    return (OPERATION, *telling(entry, entry.digest))


def _late(entry: Row[Any], result: str, detail: str) -> Told:
    """An end that came after another one, which stands."""
    facts, personal = telling(entry, entry.digest)
    late = {"result": result, "stands": entry.result}
    return "late end", facts | late, personal | {"detail": detail}


def telling(entry: Row[Any], digest: str) -> tuple[dict[str, object], dict[str, object]]:
    """The facts of an ended entry's record, and what is personal in it; its plan's `digest`."""
    facts = {
        "plan": entry.plan_id,
        "digest": digest,
        "run": entry.run_id,
        "index": entry.index,
        "kind": entry.kind,
        "result": entry.result,
    }
    return facts, {"subject": entry.subject, "detail": entry.detail}
