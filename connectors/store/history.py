"""Runs, how well groups were read, and the guide's table of subscription sets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from config.settings import SubscriptionSet
from connectors.store.schema import reads, runs, sets
from reconciler.model.snapshot import GroupRead


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
class SetDates:
    """When a set was first seen in a configuration, and redefined since, and when its members were
    last those of its group; nothing tells whether the vendor's portal gives them seats.
    """

    created: datetime
    modified: datetime | None
    last_synced: datetime | None


def begin_run(engine: Engine, run_id: str, kind: str, now: datetime) -> None:
    """A run starts."""
    with engine.begin() as connection:
        connection.execute(insert(runs).values(id=run_id, kind=kind, started=now))


def end_run(engine: Engine, run_id: str, now: datetime, exit_code: int, summary: str) -> None:
    """A run has ended; its first end stands."""
    with engine.begin() as connection:
        connection.execute(
            update(runs)
            .where(runs.c.id == run_id, runs.c.ended.is_(None))
            .values(ended=now, exit_code=exit_code, summary=summary)
        )


def recent_runs(engine: Engine, limit: int) -> tuple[RunRecord, ...]:
    """The newest runs first."""
    query = select(*(runs.c[name] for name in RunRecord.__dataclass_fields__))
    with engine.begin() as connection:
        newest = connection.execute(query.order_by(runs.c.started.desc()).limit(limit))
        return tuple(RunRecord(*row) for row in newest)


def save_reads(engine: Engine, run_id: str, group_reads: Iterable[GroupRead]) -> None:
    """How each set's group was read in a run."""
    rows = [
        {
            "run_id": run_id,
            "set_name": read.set,
            "group_id": read.group.id if read.group else None,
            "complete": read.complete,
            "because": read.because,
            "pages": read.pages,
            "members": read.members,
            "counted": read.counted,
            "seconds": read.seconds,
        }
        for read in group_reads
    ]
    with engine.begin() as connection:
        connection.execute(insert(reads), rows)


def see_sets(engine: Engine, defined: Iterable[SubscriptionSet], now: datetime) -> None:
    """Notes configured sets that are new, and those whose definition was changed."""
    with engine.begin() as connection:
        known = {row.name: row.definition for row in connection.execute(select(sets))}
        for item in defined:
            definition = item.model_dump(mode="json")
            if item.name not in known:
                connection.execute(
                    insert(sets).values(
                        name=item.name, definition=definition, created=now, modified=now
                    )
                )
            elif known[item.name] != definition:
                connection.execute(
                    update(sets)
                    .where(sets.c.name == item.name)
                    .values(definition=definition, modified=now)
                )


def set_synced(engine: Engine, names: Iterable[str], now: datetime) -> None:
    """The vendor's sets of these names equal their groups."""
    with engine.begin() as connection:
        connection.execute(update(sets).where(sets.c.name.in_(list(names))).values(last_synced=now))


def set_dates(engine: Engine) -> dict[str, SetDates]:
    """Per set's name."""
    with engine.begin() as connection:
        return {
            row.name: SetDates(
                row.created,
                row.modified if row.modified != row.created else None,
                row.last_synced,
            )
            for row in connection.execute(select(sets))
        }
