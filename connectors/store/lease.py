"""One run at a time: a lease in the database, taken by one statement or not at all (R12)."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from connectors.store.errors import LeaseHeld
from connectors.store.schema import lease

_NAME = "run"


@contextmanager
def held_lease(engine: Engine, run_id: str, now: datetime, lifetime: timedelta) -> Iterator[None]:
    """Holds the lease for the block; whoever comes meanwhile is told who is at work.

    A lease is given up when the block ends, when `lifetime` is over, or when its process on this
    host is gone.

    Raises:
        LeaseHeld: a live run holds it.
    """
    _acquire(engine, run_id, now, lifetime)
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(delete(lease).where(lease.c.run_id == run_id))


def _acquire(engine: Engine, run_id: str, now: datetime, lifetime: timedelta) -> None:
    holder = select(lease.c.run_id, lease.c.host, lease.c.pid, lease.c.since, lease.c.expires)
    try:
        with engine.begin() as connection:
            owner = connection.execute(holder).one_or_none()
            if owner and _lives(owner.host, owner.pid, owner.expires, now):
                raise LeaseHeld(owner.run_id, owner.host, owner.pid, owner.since)
            if owner:
                connection.execute(delete(lease).where(lease.c.run_id == owner.run_id))
            connection.execute(
                insert(lease).values(
                    name=_NAME,
                    run_id=run_id,
                    host=socket.gethostname(),
                    pid=os.getpid(),
                    since=now,
                    expires=now + lifetime,
                )
            )
    except IntegrityError:  # somebody was faster by a moment
        with engine.begin() as connection:
            owner = connection.execute(holder).one_or_none()
        if owner is None:
            return _acquire(engine, run_id, now, lifetime)
        raise LeaseHeld(owner.run_id, owner.host, owner.pid, owner.since) from None


def _lives(host: str, pid: int, expires: datetime, now: datetime) -> bool:
    if now >= expires:
        return False
    if host != socket.gethostname():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
