"""Backups of a SQLite store: consistent, also while a run is at work (SQLite, "Online Backup API").

A PostgreSQL database is backed up by pg_dump, with the others of its server.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from errno import EEXIST
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import delete, update

from config.operating_system import create_private
from connectors.store.database import open_database
from connectors.store.errors import Unavailable
from connectors.store.schema import identity, lease
from connectors.store.store_file import file_of


def back_up(url: str, to: Path) -> None:
    """Writes a copy of the store to a new file, for its owner alone.

    Raises:
        Unavailable: the store is no SQLite file that is there, or cannot be copied.
        FileExistsError: `to` is there already. Other OSErrors: it cannot be written.
    """
    file = _existing(url)
    try:
        create_private(to).close()
    except FileExistsError:
        why = "it is there already, and is left as it is; name another file"
        raise FileExistsError(EEXIST, why, str(to)) from None
    try:
        with _opened(file) as source, _opened(to) as copy:
            source.backup(copy)
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def restore(url: str, backup: Path, now: datetime) -> None:
    """Puts a backup in the place of all that the store has, its schema brought up to date.

    The store counts as young from then on: for a week no plan takes anything without a person
    (R18), since it does not know what happened after the backup. No run begins before all of it is
    written.

    Raises:
        Unavailable: the backup is damaged, is no store, or is of a newer program.
        connectors.store.errors.LeaseHeld: a run is at work.
        OSError: the backup cannot be read.
    """
    with backup.open("rb"), TemporaryDirectory() as folder:
        draft = Path(folder) / "store.db"
        with _opened(backup) as source, _opened(draft) as copy:
            source.backup(copy)
            _check(copy, backup)
        _make_young(f"sqlite:///{draft}", now)
        store = open_database(url)
        try:
            with (
                store.lease("restore"),
                _opened(draft) as source,
                _opened(_existing(url)) as present,
            ):
                source.backup(present)
        finally:
            store.close()


def _make_young(url: str, now: datetime) -> None:
    store = open_database(url)
    try:
        with store.engine.begin() as connection:
            connection.execute(update(identity).values(began=now))
            connection.execute(delete(lease))
        with store.transaction() as tx:
            tx.audit.append(now, "restore", {"newest_plan": tx.plans.newest_id()}, {})
    finally:
        store.close()


def _check(copy: sqlite3.Connection, backup: Path) -> None:
    found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
    if found != "ok" or not {"alembic_version", "identity", "plans"} <= tables:
        why = "it is damaged" if found != "ok" else "it is no store of seatsync"
        raise Unavailable(f"restoring {backup}", why)


def _existing(url: str) -> Path:
    if not url.startswith("sqlite"):
        raise Unavailable("copying the store", "pg_dump and pg_restore copy a PostgreSQL database")
    if not (file := file_of(url)):
        raise Unavailable("copying the store", "there is none yet")
    return file


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(file)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise Unavailable(f"copying {file}", str(error)) from error
