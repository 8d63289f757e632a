"""How the records of the audit trail hold together: each one's digest covers the one before."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any

from sqlalchemy import Row

PURGE = "purge"


def breaks(previous: str, trail: Sequence[Row[Any]], first: int = 1) -> Iterator[str]:
    """What shows in the records from number `first` on, where `previous` is the digest before."""
    numbers = count(first)
    for row in trail:
        while row.number > (expected := next(numbers)):
            yield f"record {expected} is missing"
        expected_digest = chained(
            previous, row.number, row.at, row.event, row.facts, row.personal_digest
        )
        if row.digest != expected_digest:
            yield f"record {row.number} was changed, or does not follow the one before it"
        if row.personal is not None and digest_of(row.personal) != row.personal_digest:
            yield f"the names in record {row.number} were changed"
        previous = row.digest


def unexplained_gaps(trail: Iterable[Row[Any]]) -> Iterator[str]:
    """Names are gone only where a purge, itself on record, took them."""
    purges = [json.loads(row.facts)["through"] for row in trail if row.event == PURGE]
    for row in trail:
        if row.personal is None and row.number > max(purges, default=0):
            yield f"the names in record {row.number} are gone, and no purge took them"


def chained(
    previous: str, number: int, at: datetime, event: str, facts: str, personal_digest: str
) -> str:
    moment = at.astimezone(UTC).isoformat()
    return digest_of(canonical([previous, number, moment, event, facts, personal_digest]))


def canonical(value: object) -> str:
    """Whatever a counterpart said is in some detail, so half a character must not stop a record."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="replace").decode()


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()
