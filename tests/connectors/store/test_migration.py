"""Every schema that there was is brought up to date, with whatever is in it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    create_engine,
    func,
    insert,
    select,
)

from connectors.store import database
from connectors.store.database import open_database
from connectors.store.schema import metadata
from support.counterparts.databases import new_database

SCRIPTS = str(Path(database.__file__).parent / "migrations")
REVISIONS = sorted(script.revision for script in ScriptDirectory(SCRIPTS).walk_revisions())
NOT_KEPT = {"alembic_version", "lease"}
"""A lease is a run's, and no run of before goes on."""


def make(connection: Connection, revision: str) -> None:
    """The schema as it was at this revision."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def fill(connection: Connection) -> dict[str, int]:
    """A row for every table that has none, whose columns are all set; the rows of each table."""
    there = MetaData()
    there.reflect(connection)
    counts = {}
    for table in there.sorted_tables:
        count = select(func.count()).select_from(table)
        if not connection.scalar(count):
            connection.execute(
                insert(table).values({c.name: value(connection, c) for c in table.columns})
            )
        counts[table.name] = connection.scalar(count) or 0
    return counts


def value(connection: Connection, column: Column[Any]) -> object:
    """Of the column's type; a foreign key's is there."""
    for key in column.foreign_keys:
        return connection.scalar(select(key.column))
    match column.type:
        case Boolean():
            return True
        case Integer() | Float():
            return 1
        case DateTime():
            return datetime(2026, 11, 24, 3, 0, tzinfo=UTC if column.type.timezone else None)
        case Date():
            return date(2026, 11, 24)
        case LargeBinary():
            return b"{}"
        case _:
            return "{}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where nothing is yet."""
    with new_database(request.param, tmp_path) as url:
        yield url


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_store_of_any_revision_keeps_its_rows_whoever_opens_it_first(
    url: str, revision: str
) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        make(connection, revision)
        before = fill(connection)
    with ThreadPoolExecutor(2) as pool:
        for store in pool.map(open_database, [url, url]):
            store.close()
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        after = {
            name: connection.scalar(select(func.count()).select_from(table))
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    kept = {name: count for name, count in before.items() if name not in NOT_KEPT}
    assert {name: after.get(name) for name in kept} == kept
