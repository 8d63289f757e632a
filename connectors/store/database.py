"""Opens the database, safe against crashes, and brings its schema up to date."""

import sqlite3
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, IntegrityError

from config.operating_system import touch_private
from config.secret_redaction import held
from connectors.store.errors import Unavailable
from connectors.store.row_security import seen_by
from connectors.store.schema import identity
from connectors.store.shared_statements import SharedStatements
from connectors.store.store import Store
from connectors.store.transaction_settings import set_at_begin, with_settings

_MIGRATIONS = Path(__file__).parent / "migrations"
_NEWEST = max(script.name[:4] for script in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
BUSY_SECONDS = 30
"""That a transaction waits for another one, and that another one may stand still."""

_CONNECT_SECONDS = 10
_COMPILED_FOR_SQLITE = SharedStatements()
_MIGRATION_LOCK = 0x5EA75  # any number, as long as every seatsync takes the same


def open_database(url: str, tenant: str = "") -> Store:
    """A store of the current schema; a SQLite file is made for its owner alone.

    `tenant` is the name of one of a fleet's, whose database has many.

    Raises:
        Unavailable: it cannot be opened, is no database, has a schema newer than this program, or
            does not have this tenant.
    """
    engine = open_engine(url)
    try:
        pair = _pair_of(engine, url, tenant)
    except BaseException:
        engine.dispose()
        raise
    if engine.dialect.name == "postgresql":
        engine = seen_by(engine, pair)
    return Store(engine, pair, shared=bool(tenant))


def open_engine(url: str) -> Engine:
    """The database of one store or of a whole fleet, its schema brought up to date.

    Raises:
        Unavailable: see `open_database`.
    """
    parsed = _parsed(url)
    engine = _sqlite(parsed) if parsed.drivername == "sqlite" else _postgresql(parsed)
    event.listen(engine, "handle_error", partial(_in_plain_words, _shown(parsed)), retval=True)
    try:
        with engine.begin() as connection:
            _check(connection, _shown(parsed))
            _migrate(connection, _shown(parsed))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _pair_of(engine: Engine, url: str, tenant: str) -> str:
    with engine.begin() as connection:
        pair = connection.execute(select(identity.c.id).where(identity.c.name == tenant)).scalar()
    if pair:
        return str(pair)
    why = (
        f"it has no tenant {tenant}; `seatsync fleet add {tenant}` makes one"
        if tenant
        else "it is a fleet's; the configuration has to say so (`fleet: ../fleet.yaml`)"
    )
    raise Unavailable(f"opening the store {_shown(_parsed(url))}", why)


def is_there(url: str) -> bool:
    """Whether a store can be looked into without one being made; a server's can always be asked.

    Raises:
        Unavailable: the URL cannot be read.
    """
    parsed = _parsed(url)
    return parsed.drivername != "sqlite" or Path(parsed.database or "").exists()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # their texts repeat a part of it, perhaps the password
        raise Unavailable(
            "opening the store",
            "its URL cannot be read; write / @ : ? # of a password as %2F %40 %3A %3F %23",
        ) from None
    held(str(parsed.password or ""))
    for name in _passwords(parsed):
        for password in parsed.normalized_query[name]:
            held(password)
    return parsed


def _shown(url: URL) -> str:
    """For messages: a password may stand in two places, and is shown in none."""
    return url.difference_update_query(_passwords(url)).render_as_string(hide_password=True)


def _passwords(url: URL) -> list[str]:
    """The parameters that hold one: libpq's password and sslpassword, however they are written."""
    return [name for name in url.query if name.lower().endswith("password")]


def _in_plain_words(store: str, context: ExceptionContext) -> Exception | None:
    """A lost race (IntegrityError) is for the caller; everything else ends the run."""
    if isinstance(context.sqlalchemy_exception, IntegrityError) or context.is_pre_ping:
        return None
    why = str(context.original_exception).strip() or type(context.original_exception).__name__
    return Unavailable(f"using the store {store}", why.splitlines()[0])


def _sqlite(url: URL) -> Engine:
    if url.database:
        _touch(Path(url.database))
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        execution_options={"compiled_cache": _COMPILED_FOR_SQLITE},
    )
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _write_at_once)
    return engine


def _touch(path: Path) -> None:
    try:
        touch_private(path)
    except OSError as error:
        raise Unavailable(f"opening the store {path}", error.strerror or str(error)) from error


def _durable(connection: Any, _: object) -> None:
    """A commit that was answered survives a power cut (SQLite: "PRAGMA synchronous")."""
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
    cursor = connection.cursor()
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Of two who switch a file at the same time SQLite lets one wait, and refuses the other."""
    for wait in (*[0.1] * (BUSY_SECONDS * 10), None):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if wait is None or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            sleep(wait)
        else:
            return


def _write_at_once(connection: Connection) -> None:
    """Waits for its turn at the start; a reader that becomes a writer later may find none."""
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":  # VACUUM's
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    """Its commits are durable by default; a server that was restarted is connected to again.

    Whoever holds a row may have lost its network, or stand still; SQLite's time-out is the same.
    Its session is ended by the server before the one that waits for the row gives up.
    """
    engine = create_engine(
        url, connect_args={"connect_timeout": _CONNECT_SECONDS}, pool_pre_ping=True
    )
    set_at_begin(engine)
    names = "idle_in_transaction_session_timeout", "lock_timeout"
    return with_settings(engine, dict.fromkeys(names, f"{BUSY_SECONDS}s"))


def _check(connection: Connection, store: str) -> None:
    """SQLite finds a damaged page only where it reads; a run should not find it half-way."""
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise Unavailable(f"opening the store {store}", "the file is damaged")


def _migrate(connection: Connection, store: str) -> None:
    """Of several programs that start at once, the first migrates and the others find it done.

    They do not even load what migrates: that takes longer than to list the runs.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    if _revision(connection) != _NEWEST:
        from connectors.store.migration import migrate

        migrate(connection, _MIGRATIONS, store)


def _revision(connection: Connection) -> str | None:
    """The schema's revision, where alembic keeps it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
