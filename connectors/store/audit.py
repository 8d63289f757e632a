"""The audit trail: who approved and what was done, in records that only ever grow in number.

Each record's digest covers the one before, so that an edit, a deletion and a change of order show.
Cutting off the newest records, or writing the whole trail anew, shows against a checkpoint that was
kept elsewhere. Names and reasons are covered by a salted digest of their own: a purge takes them
away and leaves the chain whole.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from socket import gethostname
from typing import Any, TypeAlias

from sqlalchemy import Row, bindparam, func, insert, select

from config.encoding import decoded
from connectors.store.audit_chain import (
    breaks,
    canonical,
    chained,
    digest_of,
    unexplained_gaps,
)
from connectors.store.schema import audit, identity
from connectors.store.transaction_part import TransactionPart

PLAN, APPROVAL, APPLY, OPERATION = "plan", "approval", "apply", "operation"

Told: TypeAlias = tuple[str, Mapping[str, object], Mapping[str, object]]
"""What a record tells: the event, its facts, and what is personal in it."""


# Made once: a record is added for each operation.
_LOCK = select(identity.c.id).where(identity.c.id == bindparam("of")).with_for_update()
_NEWEST = (
    select(audit.c.number, audit.c.digest)
    .where(audit.c.pair == bindparam("of"))
    .order_by(audit.c.number.desc())
    .limit(1)
)


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


class AuditTrail(TransactionPart):
    """The records of this store."""

    def append(
        self,
        at: datetime,
        event: str,
        facts: Mapping[str, object],
        personal: Mapping[str, object],
    ) -> None:
        """Adds a record in the transaction of what it tells: there is never one without it.

        `facts` stay for ever; whatever names a person belongs into `personal`.
        """
        self.append_all(at, [(event, facts, personal)])

    def append_all(self, at: datetime, told: Iterable[Told]) -> None:
        """Adds a record for each, in their order; see `append`."""
        newest, previous = self._head(lock=True)
        host, rows = gethostname(), []
        for number, (event, facts, personal) in enumerate(told, newest + 1):
            open_facts = canonical(facts)
            hidden = canonical({"host": host, **personal, "salt": token_hex(16)})
            digest = digest_of(hidden)
            previous = chained(previous, number, at, event, open_facts, digest)
            rows.append(
                {
                    "pair": self._pair,
                    "number": number,
                    "at": at,
                    "event": event,
                    "facts": open_facts,
                    "personal": hidden,
                    "personal_digest": digest,
                    "digest": previous,
                }
            )
        self._connection.execute(insert(audit), rows)

    def newest(self, limit: int | None) -> tuple[Record, ...]:
        """The newest first."""
        query = select(audit).where(self._ours(audit)).order_by(audit.c.number.desc()).limit(limit)
        return tuple(map(_record, self._connection.execute(query)))

    def count(self) -> int:
        """Of all."""
        query = select(func.count()).select_from(audit).where(self._ours(audit))
        return int(self._connection.execute(query).scalar_one())

    def all(self) -> Iterator[Record]:
        """The oldest first; without those that are none any more, of which `faults` tells."""
        for row in self._connection.execute(
            select(audit).where(self._ours(audit)).order_by(audit.c.number)
        ):
            with suppress(ValueError):
                yield _record(row)

    def since(self, event: str, facts: Mapping[str, object]) -> tuple[Record, ...]:
        """From the newest record of this event and these facts on, oldest first, if there is one.

        Raises:
            TrailBroken: one of them was changed, or does not follow the one before it.
        """
        since: list[Row[Any]] = []
        wanted = canonical(facts)
        newest_first = self._connection.execute(
            select(audit).where(self._ours(audit)).order_by(audit.c.number.desc()),
            execution_options={"yield_per": 1000},
        )
        with newest_first as rows:
            for row in rows:
                since.append(row)
                if row.event == event and row.facts == wanted:
                    break
            else:
                return ()
        since.reverse()
        before = select(audit.c.digest).where(
            self._ours(audit), audit.c.number == since[0].number - 1
        )
        previous = self._connection.execute(before).scalar() or digest_of(self._pair)
        for fault in breaks(previous, since, since[0].number):
            raise TrailBroken(fault)
        return tuple(map(_record, since))

    def checkpoint(self, now: datetime) -> Checkpoint:
        """To be kept where whoever writes to the store cannot."""
        number, head = self._head()
        return Checkpoint(self._pair, number, head, now)

    def faults(self, checkpoints: Iterable[Checkpoint] = ()) -> Iterator[str]:
        """What is wrong with the trail, in words; nothing if it is whole."""
        store = self._pair
        trail = self._connection.execute(
            select(audit).where(self._ours(audit)).order_by(audit.c.number)
        ).all()
        yield from breaks(digest_of(store), trail)
        yield from unexplained_gaps(trail)
        digests = [digest_of(store), *(row.digest for row in trail)]
        for kept in checkpoints:
            then = f"the checkpoint of {kept.at:%Y-%m-%d %H:%M} UTC"
            if kept.store != store:
                yield f"{then} is of another store, {kept.store}"
            elif kept.count >= len(digests):
                yield f"{kept.count - len(trail)} records of {then} are gone"
            elif digests[kept.count] != kept.head:
                yield f"the records before {then} are not those of then"

    def _head(self, *, lock: bool = False) -> tuple[int, str]:
        """Number and digest of the newest record; with `lock`, nobody else adds one meanwhile."""
        ours = {"of": self._pair}
        if lock:
            self._connection.execute(_LOCK, ours)
        row = self._connection.execute(_NEWEST, ours).one_or_none()
        return (row.number, row.digest) if row else (0, digest_of(self._pair))


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


def _record(row: Row[Any]) -> Record:
    return Record(row.number, row.at, row.event, json.loads(row.facts), _shown(row.personal))


def _shown(personal: str | None) -> dict[str, Any] | None:
    if personal is None:
        return None
    return {key: value for key, value in json.loads(personal).items() if key != "salt"}
