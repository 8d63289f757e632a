"""Ids and names that a shell completes, read from a SQLite store's file.

Without SQLAlchemy, which takes longer to load than somebody waits who pressed a key; nothing is
written, and no writer is waited for. Of a store on a server there are none: none is asked.
"""

import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import msgspec

from connectors.store.store_file import file_of

Names = list[tuple[str, str]]
"""Each with what it is, for shells that show that beside it."""

_PLANS = "SELECT id, planned_at FROM plans ORDER BY planned_at DESC LIMIT 50"
_RUNS = "SELECT id, kind, started FROM runs ORDER BY started DESC LIMIT 50"
_NEWEST = "SELECT body FROM plans ORDER BY number DESC LIMIT 1"


def plan_ids(url: str) -> Names:
    """The newest plans first, each with when it was made."""
    return [(plan, f"{at[:16]} UTC") for plan, at in _rows(url, _PLANS)]


def run_ids(url: str) -> Names:
    """The newest runs first, each with its kind and when it began."""
    return [(run, f"{kind} of {at[:16]} UTC") for run, kind, at in _rows(url, _RUNS)]


def user_names(url: str) -> Names:
    """Of the latest plan, by name: whom it changes, whom it tells of, and who waits."""
    for (body,) in _rows(url, _NEWEST):
        plan = msgspec.json.decode(zlib.decompress(body))
        told = (*plan["operations"], *plan["findings"])
        subjects = [*(one["subject"] for one in told), *(one["user"] for one in plan["waiting"])]
        return [(name, "") for name in sorted(_users(subjects))]
    return []


def _users(subjects: Iterable[dict[str, str]]) -> set[str]:
    return {one["name"] for one in subjects if one["kind"] in {"user", "account"}}


def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    file = file_of(url)
    if not file:
        return []
    read_only = f"{file.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(read_only, uri=True, timeout=0)) as connection:
        return connection.execute(query).fetchall()
