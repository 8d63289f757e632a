"""SQL that was compiled once serves every engine of the process.

SQLAlchemy compiles for a dialect, of which each engine has its own, so that whoever opens a store
anew compiles everything anew: a tenth of what a small plan takes. The dialects of SQLite are alike,
for its version is that of the library in this process. That holds for no server.
"""

from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

_ROOM = 500
"""Statements: as many as SQLAlchemy keeps for an engine."""


class SharedStatements(LRUCache[tuple[Any, ...], Any]):
    """For the option `compiled_cache` of engines whose dialects are alike."""

    def __init__(self) -> None:
        super().__init__(_ROOM)

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(_of_any_dialect(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(_of_any_dialect(key), compiled)


def _of_any_dialect(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(part for part in key if not isinstance(part, Dialect))
