"""Opens the database, safe against crashes, and brings its schema up to date."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError

from connectors.store.errors import StoreError

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 30


def open_database(url: str) -> Engine:
    """An engine whose database has the current schema; a SQLite file is made with mode 0600.

    Raises:
        StoreError: it cannot be opened, is no database, or has a schema newer than this program.
    """
    parsed = make_url(url)
    if parsed.drivername == "sqlite" and parsed.database:
        _touch(Path(parsed.database))
    engine = create_engine(
        parsed, connect_args={"timeout": _BUSY_SECONDS} if parsed.drivername == "sqlite" else {}
    )
    if parsed.drivername == "sqlite":
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _write_at_once)
    event.listen(engine, "handle_error", _in_plain_words, retval=True)
    with engine.begin() as connection:
        _migrate(connection, parsed)
    return engine


def _in_plain_words(context: ExceptionContext) -> Exception | None:
    """A lost race (IntegrityError) is for the caller; everything else ends the run."""
    if isinstance(context.sqlalchemy_exception, IntegrityError):
        return None
    url = context.engine.url if context.engine else "the database"
    return StoreError(f"using the store {url}", str(context.original_exception).splitlines()[0])


def _touch(path: Path) -> None:
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreError(f"opening the store {path}", error.strerror or str(error)) from error


def _durable(connection: Any, _: object) -> None:
    """A commit that was answered survives a power cut (SQLite: "PRAGMA synchronous")."""
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_at_once(connection: Connection) -> None:
    """Waits for its turn at the start; a reader that becomes a writer later may find none."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(connection: Connection, url: URL) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {
        script.revision for script in scripts.walk_revisions()
    }:
        raise StoreError(
            f"opening the store {url}",
            "a newer seatsync made it; update this one",
        )
    if current != scripts.get_current_head():
        command.upgrade(config, "head")
