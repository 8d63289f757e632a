"""What every part of a transaction is made of."""

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import ColumnElement, Connection, FromClause

KEYS_AT_ONCE = 10_000
"""SQLite takes 32,766 parameters in a statement, or more, and PostgreSQL 65,535."""


def in_parts(keys: Iterable[str]) -> Iterator[list[str]]:
    """The keys, as many at a time as a statement may name."""
    rest = iter(keys)
    return iter(lambda: list(islice(rest, KEYS_AT_ONCE)), [])


class TransactionPart:
    """The tables of one subject, within a transaction that is under way.

    Of every table it reads and writes the rows of one `pair` of tenant and vendor alone.
    """

    def __init__(self, connection: Connection, pair: str) -> None:
        self._connection = connection
        self._pair = pair

    def _ours(self, table: FromClause) -> ColumnElement[bool]:
        """Which rows are of the pair."""
        return table.c.pair == self._pair
