"""The history of runs, and how well each of them read the groups."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, insert, select, update

from connectors.store.schema import reads, runs
from connectors.store.transaction_part import TransactionPart
from reconciler.model.group_read import GroupRead


@dataclass(frozen=True)
class RunRecord:
    """One run; `ended` and `exit_code` are None while it works, or if it was interrupted."""

    id: str
    kind: str
    started: datetime
    ended: datetime | None
    exit_code: int | None
    summary: str | None


@dataclass(frozen=True)
class SetRead:
    """How a set's group was read in a run; see `reconciler.model.group_read.GroupRead`.

    `by_changes` is None where an older version did not note it.
    """

    set_name: str
    group_id: str | None
    complete: bool
    because: str
    pages: int
    members: int
    counted: int | None
    seconds: float
    by_changes: bool | None


class Runs(TransactionPart):
    """Runs by their ids."""

    def begin(self, run_id: str, kind: str, now: datetime) -> None:
        """A run starts."""
        self._connection.execute(
            insert(runs).values(pair=self._pair, id=run_id, kind=kind, started=now)
        )

    def end(self, run_id: str, now: datetime, exit_code: int, summary: str) -> None:
        """A run has ended; its first end stands."""
        self._connection.execute(
            update(runs)
            .where(self._ours(runs), runs.c.id == run_id, runs.c.ended.is_(None))
            .values(ended=now, exit_code=exit_code, summary=summary)
        )

    def newest(self, limit: int | None, kinds: Collection[str] = ()) -> tuple[RunRecord, ...]:
        """The newest runs first; of these kinds, where any are given."""
        query = select(*(runs.c[name] for name in RunRecord.__dataclass_fields__))
        query = query.where(self._ours(runs)).order_by(runs.c.started.desc())
        if kinds:
            query = query.where(runs.c.kind.in_(kinds))
        newest = self._connection.execute(query.limit(limit))
        return tuple(RunRecord(*row) for row in newest)

    def count(self) -> int:
        """Of all."""
        query = select(func.count()).select_from(runs).where(self._ours(runs))
        return int(self._connection.execute(query).scalar_one())

    def counts(self) -> dict[tuple[str, int], int]:
        """How many runs of each kind ended with each exit code."""
        query = select(runs.c.kind, runs.c.exit_code, func.count())
        query = query.where(self._ours(runs), runs.c.ended.is_not(None))
        found = self._connection.execute(query.group_by(runs.c.kind, runs.c.exit_code))
        return {(kind, exit_code): count for kind, exit_code, count in found}

    def add_reads(self, run_id: str, group_reads: Iterable[GroupRead]) -> None:
        """How each set's group was read in a run."""
        rows = [
            {
                "pair": self._pair,
                "run_id": run_id,
                "set_name": read.set,
                "group_id": read.group.id if read.group else None,
                "complete": read.complete,
                "because": read.because,
                "pages": read.pages,
                "members": read.members,
                "counted": read.counted,
                "seconds": read.seconds,
                "by_changes": read.by_changes,
            }
            for read in group_reads
        ]
        self._connection.execute(insert(reads), rows)

    def reads_of(self, run_id: str) -> tuple[SetRead, ...]:
        """How the run read each set's group."""
        query = select(*(reads.c[name] for name in SetRead.__dataclass_fields__))
        query = query.where(self._ours(reads), reads.c.run_id == run_id)
        return tuple(SetRead(*row) for row in self._connection.execute(query))

    def reader_before(self, run_id: str) -> tuple[str, datetime] | None:
        """The newest run before this one that read groups, and when it began."""
        began = select(runs.c.started).where(self._ours(runs), runs.c.id == run_id)
        query = (
            select(runs.c.id, runs.c.started)
            .where(self._ours(runs), runs.c.started < began.scalar_subquery())
            .where(exists().where(self._ours(reads), reads.c.run_id == runs.c.id))
            .order_by(runs.c.started.desc())
        )
        row = self._connection.execute(query.limit(1)).one_or_none()
        return None if row is None else (row.id, row.started)
