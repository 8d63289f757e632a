"""One run at a time: a lease in the database, kept alive by a heartbeat (R12).

No clock of a host decides who is alive, and no clock alone: an owner whose last heartbeat looks
old by the database's clock, or lies in its future, is watched for a while. If its count of beats
moves, it lives, whatever was done to any clock.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from connectors.store.errors import LeaseHeld, LeaseLost, StoreError
from connectors.store.fence import Fence, elapsed
from connectors.store.schema import Utc, lease

BEAT = timedelta(seconds=5)
"""Nothing is sent later than this after the last beat, and a request is given up after 70 seconds:
what leaves in time is over when an heir begins, `SILENT_BEATS` and `WATCHED_BEATS` later.
"""
SILENT_BEATS = 12
"""An owner that was silent for longer is suspected to be dead: after a minute."""
WATCHED_BEATS = 3
"""And is taken over if it stays silent while somebody watches."""
LONGEST_RUN = timedelta(hours=12)
"""Then the heart stops: a run that hangs does not keep the others out for ever."""

_DATABASE_TIME = {
    "sqlite": text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now') AS now").columns(now=Utc),
    "postgresql": text("SELECT timezone('utc', clock_timestamp()) AS now").columns(now=Utc),
}
_BEATING = (  # made once: there is a beat for each operation
    update(lease)
    .where(lease.c.pair == bindparam("of"), lease.c.run_id == bindparam("by"))
    .values(heartbeat=bindparam("now"), beats=lease.c.beats + 1)
)


@contextmanager
def held_lease(engine: Engine, pair: str, run_id: str, beat: timedelta = BEAT) -> Iterator[Fence]:
    """Holds the lease for the block; whoever comes meanwhile is told who is at work.

    The fence says whether the run may still send something.

    The lease of an owner that is dead is taken over: its process is gone from this machine, or
    it has had no heartbeat for `SILENT_BEATS` and then has none for `WATCHED_BEATS` either.

    Raises:
        LeaseHeld: a live run holds it.
    """
    _acquire(engine, pair, run_id, beat)
    over, fence = Event(), Fence(partial(_renew, engine, pair, run_id), beat)
    heart = Thread(target=_keep_alive, args=(fence, beat, over), daemon=True)
    heart.start()
    try:
        yield fence
    finally:
        over.set()
        heart.join()
        with suppress(StoreError), engine.begin() as connection:  # else it is taken over
            connection.execute(delete(lease).where(lease.c.pair == pair, lease.c.run_id == run_id))


def still_held(connection: Connection, pair: str, run_id: str) -> None:
    """Lets this transaction pass only while the lease is the run's own; a heartbeat, too.

    Raises:
        LeaseLost: the run was silent for so long that another one took over.
    """
    beating = {"of": pair, "by": run_id, "now": _time_of(connection)}
    if not connection.execute(_BEATING, beating).rowcount:
        raise LeaseLost(run_id)


@dataclass(frozen=True)
class Owner:
    """Who holds a lease; its times are the database's."""

    run_id: str
    host: str
    place: str
    pid: int
    since: datetime
    heartbeat: datetime
    beats: int


def owner_of(connection: Connection, pair: str) -> Owner | None:
    """Whoever is at work, or was when it died."""
    query = select(*(lease.c[name] for name in Owner.__dataclass_fields__))
    row = connection.execute(query.where(lease.c.pair == pair)).one_or_none()
    return None if row is None else Owner(*row)


def _renew(engine: Engine, pair: str, run_id: str) -> float:
    with engine.begin() as connection:
        certain = elapsed()
        still_held(connection, pair, run_id)
    return certain


def _keep_alive(fence: Fence, beat: timedelta, over: Event) -> None:
    for _ in range(LONGEST_RUN // beat):
        if over.wait(beat.total_seconds()):
            return
        try:
            fence.beat()
        except LeaseLost:
            return
        except StoreError:
            continue  # the run finds out before its next write, if the store stays away


def _acquire(engine: Engine, pair: str, run_id: str, beat: timedelta) -> None:
    mine: dict[str, object] = {
        "pair": pair,
        "run_id": run_id,
        "host": socket.gethostname(),
        "place": _place(),
        "pid": os.getpid(),
        "beats": 0,
    }
    while not _took_free(engine, mine):
        with engine.begin() as connection:
            owner = owner_of(connection, pair)
            now = _time_of(connection)
        if owner is None:
            continue  # given up in this moment
        if not _is_gone(owner):
            if timedelta(0) <= now - owner.heartbeat < SILENT_BEATS * beat:
                raise LeaseHeld(owner.run_id, owner.host, owner.pid, owner.since)
            time.sleep((WATCHED_BEATS * beat).total_seconds())
        if _took_over(engine, mine, owner):
            return


def _took_free(engine: Engine, mine: dict[str, object]) -> bool:
    try:
        with engine.begin() as connection:
            now = _time_of(connection)
            connection.execute(insert(lease).values(since=now, heartbeat=now, **mine))
    except IntegrityError:
        return False
    return True


def _took_over(engine: Engine, mine: dict[str, object], owner: Owner) -> bool:
    """Of several heirs one succeeds, and none if the owner has moved after all."""
    dead = update(lease).where(
        lease.c.pair == mine["pair"],
        lease.c.run_id == owner.run_id,
        lease.c.beats == owner.beats,
    )
    with engine.begin() as connection:
        now = _time_of(connection)
        return bool(connection.execute(dead.values(since=now, heartbeat=now, **mine)).rowcount)


def _time_of(connection: Connection) -> datetime:
    now: datetime = connection.execute(_DATABASE_TIME[connection.dialect.name]).scalar_one()
    return now


def _place() -> str:
    """Where a process's number means that process: a boot of a machine, and a container of it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""  # not Linux: the heartbeat alone decides


def _is_gone(owner: Owner) -> bool:
    """A number that another process has now proves nothing; the missing heartbeat will."""
    if not owner.place or owner.place != _place():
        return False
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # it is somebody else's
    return False
