"""The store as the jobs know it: one transaction per step, and one run at a time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from connectors.store.errors import Unavailable
from connectors.store.fence import Fence
from connectors.store.lease import BEAT, Owner, held_lease, owner_of, still_held
from connectors.store.transaction import Transaction

if TYPE_CHECKING:  # a single tenant does without
    from pyrate_limiter import StateStore

_PURGED = "plans, plan_inputs, approvals, journal, runs, waits, audit, known, notices"
_COMPACT = {
    "sqlite": ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"),
    "postgresql": (f"VACUUM FULL {_PURGED}",),
}
_COMPACT_SHARED = (f"VACUUM {_PURGED}",)
"""Beside others at work, whom VACUUM FULL would keep waiting; what was deleted is overwritten."""


class Store:
    """An open database; `connectors.store.database.open_database` makes one. For several threads.

    `pair` is the id of the tenant and vendor whose store it is (`schema.identity`). Everything that
    is done with it raises `connectors.store.errors.Unavailable` where the database
    fails. Where it is `shared`, the database has other pairs as well.
    """

    def __init__(self, engine: Engine, pair: str, *, shared: bool = False) -> None:
        self.engine = engine
        self.pair = pair
        self._shared = shared

    @contextmanager
    def transaction(self, run_id: str = "") -> Iterator[Transaction]:
        """All or nothing, and durable once the block is left; nobody else writes meanwhile.

        With a `run_id`, only while the lease is that run's own: it cannot change hands before the
        end of the block. That is a heartbeat, too.

        Raises:
            connectors.store.errors.LeaseLost: another run is at work.
        """
        try:
            with self.engine.begin() as connection:
                if run_id:
                    still_held(connection, self.pair, run_id)
                yield Transaction(connection, self.pair)
        except IntegrityError as error:
            why = str(error.orig).splitlines()[0]
            raise Unavailable("writing to the store", f"it has something else: {why}") from error

    def lease(self, run_id: str, beat: timedelta = BEAT) -> AbstractContextManager[Fence]:
        """Keeps every other run out for the block; see `held_lease`."""
        return held_lease(self.engine, self.pair, run_id, beat)

    def at_work(self) -> Owner | None:
        """Who holds the lease."""
        with self.engine.begin() as connection:
            return owner_of(connection, self.pair)

    def shared_rate(self, limit: str) -> "StateStore":
        """What is kept of a rate limit for all pairs of this database, which is PostgreSQL."""
        from connectors.store.shared_rates import SharedRate

        return SharedRate(self.engine, limit)

    def compact(self) -> None:
        """What was deleted is still in the file until the file is written anew."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            kind = self.engine.dialect.name
            for statement in _COMPACT_SHARED if self._shared else _COMPACT[kind]:
                connection.execute(text(statement))

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()
