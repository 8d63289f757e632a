"""The journal: what was going to be sent, durable before it is; how it ended, before it counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
import pandas as pd
from sqlalchemy import Connection, Engine, Row, func, insert, or_, select, update

from connectors.store.audit import OPERATION, append
from connectors.store.lease import still_held
from connectors.store.schema import journal, plans, runs
from reconciler.columns import frames
from reconciler.model.changes import changes
from reconciler.model.plan import Kind, Operation, Plan

MOVE = "U2"
"""The reason of a move, whole or in halves."""

_SWITCHED = {
    str(Kind.CREATE_ACCOUNT): "created",
    str(Kind.REACTIVATE_ACCOUNT): "reactivated",
    str(Kind.DEACTIVATE_ACCOUNT): "deactivated",
}

_DIGEST = (
    select(plans.c.digest).where(plans.c.id == journal.c.plan_id).scalar_subquery().label("digest")
)

_TAKEN = {str(Kind.REVOKE): "product", str(Kind.DEACTIVATE_ACCOUNT): "account"}


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


def begin(
    engine: Engine, plan: Plan, operations: Iterable[Operation], run_id: str, now: datetime
) -> None:
    """Writes what is about to be done. Durable when it returns.

    The operations are the plan's, each with the account that it is really about where the plan
    had none.

    Raises:
        connectors.store.errors.LeaseLost: another run is at work; nothing may be sent.
    """
    rows = [
        {
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
    with engine.begin() as connection:
        still_held(connection, run_id)
        connection.execute(insert(journal), rows)


def end(engine: Engine, endings: Mapping[str, tuple[str, str]], now: datetime) -> dict[str, str]:
    """Writes, per entry's id, result and detail. All of it is durable when it returns.

    An entry that has its end keeps it. Of those the result that stands is returned: whoever took
    this run for dead has read back what became of it.
    """
    with engine.begin() as connection:
        stands = {
            entry: _end(connection, entry, result, detail, now)
            for entry, (result, detail) in endings.items()
        }
    return {entry: result for entry, result in stands.items() if result}


def _end(connection: Connection, entry: str, result: str, detail: str, now: datetime) -> str:
    """Once and for all, and in the audit trail; returns the result of an end before this one."""
    names = ("plan_id", "index", "kind", "run_id", "subject", "result", "detail")
    told = [*(journal.c[name] for name in names), _DIGEST]
    ending = (
        update(journal)
        .where(journal.c.id == entry, journal.c.ended.is_(None))
        .values(ended=now, result=result, detail=detail)
        .returning(*told)
    )
    ended = connection.execute(ending).one_or_none()
    if ended:
        append(connection, now, OPERATION, *telling(ended, ended.digest))
        return ""
    stands = connection.execute(select(*told).where(journal.c.id == entry)).one()
    facts, personal = telling(stands, stands.digest)
    facts |= {"result": result, "stands": stands.result}
    append(connection, now, "late end", facts, personal | {"detail": detail})
    return str(stands.result)


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


def entries(engine: Engine, plan_id: str) -> tuple[Entry, ...]:
    """What was done of a plan, in its order."""
    columns = [journal.c[name] for name in Entry.__dataclass_fields__]
    query = select(*columns).where(journal.c.plan_id == plan_id).order_by(journal.c.index)
    with engine.begin() as connection:
        return tuple(Entry(*row) for row in connection.execute(query))


def interrupted(engine: Engine, run_id: str) -> tuple[Interrupted, ...]:
    """Runs other than this one that used a plan and stopped, or left an operation open.

    Only one run is at work at a time, so another that has no end was killed.
    """
    opened = select(journal.c.run_id).where(journal.c.ended.is_(None))
    query = (
        select(runs.c.id, plans.c.id)
        .join(plans, plans.c.used_by == runs.c.id)
        .where(runs.c.id != run_id, or_(runs.c.ended.is_(None), runs.c.id.in_(opened)))
        .order_by(runs.c.started)
    )
    with engine.begin() as connection:
        found = connection.execute(query).all()
        return tuple(Interrupted(run, plan, *_progress(connection, plan)) for run, plan in found)


def _progress(connection: Connection, plan_id: str) -> tuple[int, dict[str, Operation]]:
    query = select(journal.c.id, journal.c.ended, journal.c.intent)
    rows = connection.execute(query.where(journal.c.plan_id == plan_id).order_by(journal.c.index))
    entries = rows.all()
    left = {row.id: msgspec.convert(row.intent, Operation) for row in entries if row.ended is None}
    return len(entries) - len(left), left


def changes_since(engine: Engine, since: datetime) -> pd.DataFrame:
    """What users gained and lost after `since`, in order (`frames.CHANGES`).

    A purged entry tells its kind alone: somebody, a user of their own, lost a seat or an account.
    """
    query = (
        select(journal.c.id, journal.c.kind, journal.c.intent)
        .where(journal.c.result == "done", journal.c.ended > since)
        .order_by(journal.c.ended, journal.c.index)
    )
    with engine.begin() as connection:
        done = connection.execute(query).all()
    known = changes(msgspec.convert(row.intent, Operation) for row in done if row.intent)
    purged = (
        {"id": row.id, "what": _TAKEN[row.kind], "name": "", "gained": False}
        for row in done
        if not row.intent and row.kind in _TAKEN
    )
    return pd.concat([known, frames.frame(frames.CHANGES, purged)], ignore_index=True)


def created_since(engine: Engine, since: datetime) -> dict[str, bool]:
    """Object ids of those for whom an account was asked after `since`, and whether it was seen."""
    query = select(journal.c.subject, journal.c.result).where(
        journal.c.kind == str(Kind.CREATE_ACCOUNT), journal.c.begun > since
    )
    with engine.begin() as connection:
        asked = connection.execute(query).all()
    seen = {row.subject for row in asked if row.result == "done"}
    return {row.subject: row.subject in seen for row in asked}


def last_changes(engine: Engine) -> dict[str, datetime]:
    """Per subject's id when something was last done to it."""
    query = (
        select(journal.c.subject, func.max(journal.c.ended).label("at"))
        .where(journal.c.result == "done")
        .group_by(journal.c.subject)
    )
    with engine.begin() as connection:
        return {row.subject: row.at for row in connection.execute(query)}


def granted(engine: Engine) -> pd.DataFrame:
    """Who was put into which set and not taken out again, by the object id (`frames.GRANTED`)."""
    kinds = [str(k) for k in (Kind.GRANT, Kind.REVOKE, Kind.MOVE, Kind.CREATE_ACCOUNT)]
    query = (
        select(journal.c.subject, journal.c.kind, journal.c.intent)
        .where(journal.c.result == "done", journal.c.kind.in_(kinds))
        .order_by(journal.c.ended, journal.c.index)
    )
    held: defaultdict[str, set[str]] = defaultdict(set)
    with engine.begin() as connection:
        for subject, kind, intent in connection.execute(query):
            if kind == Kind.CREATE_ACCOUNT or not intent:  # a new account is in no group
                held.pop(subject, None)
                continue
            operation = msgspec.convert(intent, Operation)
            held[subject].difference_update(operation.lost)
            held[subject].update(operation.gained)
    rows = ({"id": user, "set": name} for user, sets in held.items() for name in sorted(sets))
    return frames.frame(frames.GRANTED, rows)


def flapping(engine: Engine, since_plan: int) -> frozenset[str]:
    """Object ids of those who were granted a seat and lost it again, from that plan's number on.

    The first half of a split move loses nothing.
    """
    query = (
        select(journal.c.subject, journal.c.kind, journal.c.intent)
        .join(plans, plans.c.id == journal.c.plan_id)
        .where(journal.c.result == "done", plans.c.number >= since_plan)
        .order_by(plans.c.number, journal.c.index)
    )
    granted: set[str] = set()
    lost_again: set[str] = set()
    with engine.begin() as connection:
        for subject, kind, intent in connection.execute(query):
            if kind in {Kind.GRANT, Kind.MOVE}:
                granted.add(subject)
                lost_again.discard(subject)
            elif kind == Kind.REVOKE and subject in granted and intent.get("reason") != MOVE:
                lost_again.add(subject)
    return frozenset(lost_again)


def midway(engine: Engine) -> frozenset[str]:
    """Object ids of those whose move was split, and whose second half was not done."""
    query = (
        select(journal.c.subject, journal.c.kind, journal.c.intent)
        .where(journal.c.result == "done", journal.c.kind.in_([Kind.GRANT, Kind.REVOKE]))
        .order_by(journal.c.ended, journal.c.index)
    )
    with engine.begin() as connection:
        last = {
            subject: kind == Kind.REVOKE and intent.get("reason") == MOVE
            for subject, kind, intent in connection.execute(query)
        }
    return frozenset(subject for subject, gave_back in last.items() if gave_back)


def switches(engine: Engine) -> dict[str, str]:
    """Per object id what was last done to `active`: created, reactivated or deactivated."""
    query = (
        select(journal.c.subject, journal.c.kind)
        .where(journal.c.result == "done", journal.c.kind.in_(list(_SWITCHED)))
        .order_by(journal.c.ended, journal.c.index)
    )
    with engine.begin() as connection:
        return {subject: _SWITCHED[kind] for subject, kind in connection.execute(query)}
