"""The audit trail: who approved and what was done, in records that only ever grow in number.

Each record's digest covers the one before, so that an edit, a deletion and a change of order show.
Cutting off the newest records, or writing the whole trail anew, shows against a checkpoint that was
kept elsewhere. Names and reasons are covered by a salted digest of their own: a purge takes them
away and leaves the chain whole.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from secrets import token_hex
from socket import gethostname
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from config.encoding import decoded
from connectors.store.schema import audit, identity

PLAN, APPROVAL, APPLY, OPERATION = "plan", "approval", "apply", "operation"
PURGE = "purge"


class TrailBroken(Exception):
    """The trail is not whole where it was read; the text says where."""


@dataclass(frozen=True)
class Checkpoint:
    """How far the trail of a store had got: `head` is its newest record's digest."""

    store: str
    count: int
    head: str
    at: datetime


@dataclass(frozen=True)
class Record:
    """One record; `personal` is without its salt, and None once it was purged."""

    number: int
    at: datetime
    event: str
    facts: dict[str, Any]
    personal: dict[str, Any] | None


def append(
    connection: Connection,
    at: datetime,
    event: str,
    facts: Mapping[str, object],
    personal: Mapping[str, object],
) -> None:
    """Adds a record in the transaction of what it tells, so that there is never one without it.

    `facts` stay for ever; whatever names a person belongs into `personal`.
    """
    number, previous = _head(connection, lock=True)
    open_facts = _canonical(facts)
    hidden = _canonical({"host": gethostname(), **personal, "salt": token_hex(16)})
    connection.execute(
        insert(audit).values(
            number=number + 1,
            at=at,
            event=event,
            facts=open_facts,
            personal=hidden,
            personal_digest=_digest(hidden),
            digest=_chained(previous, number + 1, at, event, open_facts, _digest(hidden)),
        )
    )


def records(engine: Engine, limit: int) -> tuple[Record, ...]:
    """The newest first."""
    query = select(audit).order_by(audit.c.number.desc()).limit(limit)
    with engine.begin() as connection:
        return tuple(map(_record, connection.execute(query)))


def all_records(connection: Connection) -> Iterator[Record]:
    """The oldest first; without those that are none any more, of which `faults` tells."""
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        with suppress(ValueError):
            yield _record(row)


def records_since(
    connection: Connection, event: str, facts: Mapping[str, object]
) -> tuple[Record, ...]:
    """From the newest record of this event and these facts on, oldest first; nothing without one.

    Raises:
        TrailBroken: one of them was changed, or does not follow the one before it.
    """
    since: list[Row[Any]] = []
    wanted = _canonical(facts)
    newest_first = connection.execute(
        select(audit).order_by(audit.c.number.desc()), execution_options={"yield_per": 1000}
    )
    with newest_first as rows:
        for row in rows:
            since.append(row)
            if row.event == event and row.facts == wanted:
                break
        else:
            return ()
    since.reverse()
    before = select(audit.c.digest).where(audit.c.number == since[0].number - 1)
    previous = connection.execute(before).scalar() or _digest(_store_id(connection))
    for fault in _breaks(previous, since, since[0].number):
        raise TrailBroken(fault)
    return tuple(map(_record, since))


def checkpoint(engine: Engine, now: datetime) -> Checkpoint:
    """To be kept where whoever writes to the store cannot."""
    with engine.begin() as connection:
        number, head = _head(connection)
        return Checkpoint(_store_id(connection), number, head, now)


def read_checkpoints(lines: bytes) -> tuple[Checkpoint, ...]:
    """Checkpoints as lines of JSON.

    Raises:
        ValueError: one of the lines is none, or they are no UTF-8 text.
    """
    text = decoded(lines)
    try:
        kept = [json.loads(line) for line in text.splitlines() if line.strip()]
        return tuple(
            Checkpoint(
                str(line["store"]),
                int(line["count"]),
                str(line["head"]),
                datetime.fromisoformat(line["at"]),
            )
            for line in kept
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("expected lines of `seatsync audit checkpoint`") from error


def faults(engine: Engine, checkpoints: Iterable[Checkpoint] = ()) -> Iterator[str]:
    """What is wrong with the trail, in words; nothing if it is whole."""
    with engine.begin() as connection:
        store = _store_id(connection)
        trail = connection.execute(select(audit).order_by(audit.c.number)).all()
    yield from _breaks(_digest(store), trail)
    yield from _unexplained_gaps(trail)
    digests = [_digest(store), *(row.digest for row in trail)]
    for kept in checkpoints:
        then = f"the checkpoint of {kept.at:%Y-%m-%d %H:%M}"
        if kept.store != store:
            yield f"{then} is of another store, {kept.store}"
        elif kept.count >= len(digests):
            yield f"{kept.count - len(trail)} records of {then} are gone"
        elif digests[kept.count] != kept.head:
            yield f"the records before {then} are not those of then"


def _breaks(previous: str, trail: Sequence[Row[Any]], first: int = 1) -> Iterator[str]:
    """What shows in the records from number `first` on, where `previous` is the digest before."""
    numbers = count(first)
    for row in trail:
        while row.number > (expected := next(numbers)):
            yield f"record {expected} is missing"
        chained = _chained(previous, row.number, row.at, row.event, row.facts, row.personal_digest)
        if row.digest != chained:
            yield f"record {row.number} was changed, or does not follow the one before it"
        if row.personal is not None and _digest(row.personal) != row.personal_digest:
            yield f"the names in record {row.number} were changed"
        previous = row.digest


def _unexplained_gaps(trail: Iterable[Row[Any]]) -> Iterator[str]:
    """Names are gone only where a purge, itself on record, took them."""
    purges = [json.loads(row.facts)["through"] for row in trail if row.event == PURGE]
    for row in trail:
        if row.personal is None and row.number > max(purges, default=0):
            yield f"the names in record {row.number} are gone, and no purge took them"


def _head(connection: Connection, lock: bool = False) -> tuple[int, str]:
    """Number and digest of the newest record; with `lock`, nobody else adds one meanwhile."""
    store = _store_id(connection, lock)
    newest = select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return (row.number, row.digest) if row else (0, _digest(store))


def _store_id(connection: Connection, lock: bool = False) -> str:
    query = select(identity.c.id)
    return str(connection.execute(query.with_for_update() if lock else query).scalar_one())


def _chained(
    previous: str, number: int, at: datetime, event: str, facts: str, personal_digest: str
) -> str:
    moment = at.astimezone(UTC).isoformat()
    return _digest(_canonical([previous, number, moment, event, facts, personal_digest]))


def _record(row: Row[Any]) -> Record:
    return Record(row.number, row.at, row.event, json.loads(row.facts), _shown(row.personal))


def _shown(personal: str | None) -> dict[str, Any] | None:
    if personal is None:
        return None
    return {key: value for key, value in json.loads(personal).items() if key != "salt"}


def _canonical(value: object) -> str:
    """Whatever a counterpart said is in some detail, so half a character must not stop a record."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="replace").decode()


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
