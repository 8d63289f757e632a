"""The store opens by itself, keeps what it has, and says plainly when it cannot."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, select, text

from connectors.errors import CounterpartError
from connectors.store import database
from connectors.store.database import open_database
from connectors.store.errors import StoreError
from connectors.store.schema import approvals, metadata
from connectors.store.store import Store
from support.alone import alone

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@on_sqlite
def test_a_new_file_is_private(sqlite: Path, store: Store) -> None:
    assert stat.S_IMODE(sqlite.stat().st_mode) == 0o600


def test_opening_it_again_keeps_it(url: str, store: Store) -> None:
    store_id = alone(store).memory.load().store_id
    assert len(store_id) == 36
    again = open_database(url)
    assert alone(again).memory.load().store_id == store_id
    again.close()


def upgraded(url: str, revision: str, *rows: str) -> Store:
    """The store of today, that was of this revision and had these rows."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for row in rows:
            connection.execute(text(row))
    engine.dispose()
    return open_database(url)


def test_a_store_of_the_first_seatsync_is_brought_up_to_date_and_keeps_what_it_has(
    url: str,
) -> None:
    store = upgraded(
        url,
        "0001",
        "INSERT INTO links VALUES ('user', 'account', '2026-11-24 03:00:00')",
        "INSERT INTO lease (name, run_id, host, pid, since, expires) "
        "VALUES ('run', '8f2', 'h', 1, '2026-11-24 03:00:00', '2026-11-24 15:00:00')",
    )
    assert alone(store).memory.load().links["account"].tolist() == ["account"]
    with store.lease("9a1"):
        pass
    store.close()


def test_a_store_with_plans_began_with_the_first_of_them(url: str) -> None:
    plan = "INSERT INTO plans (id, number, digest, body, planned_at) VALUES "
    store = upgraded(
        url,
        "0009",
        "UPDATE identity SET tenant_id = 'tenant'",
        plan + "('p2', 2, 'sha256:', '', '2026-11-23 03:00:00')",
        plan + "('p1', 1, 'sha256:', '', '2026-11-21 03:00:00')",
    )
    assert alone(store).memory.load().began == datetime(2026, 11, 21, 3, tzinfo=UTC)
    store.close()


def test_an_approval_of_before_keeps_its_name_as_a_remark(url: str) -> None:
    store = upgraded(
        url,
        "0013",
        "INSERT INTO plans (id, number, digest, body, planned_at) "
        "VALUES ('p1', 1, 'sha256:', '', '2026-11-21 03:00:00')",
        "INSERT INTO approvals (plan_id, digest, by, reason, at, overrides) "
        "VALUES ('p1', 'sha256:', 'Eva', 'meant', '2026-11-21 03:00:00', '[]')",
    )
    with store.engine.begin() as connection:
        (row,) = connection.execute(select(approvals)).all()
    assert (row.account, row.remark, row.host, row.reason) == ("Eva", "Eva", "", "meant")
    store.close()


def test_the_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    with store.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@on_postgresql
def test_programs_that_start_at_once_make_one_schema(url: str) -> None:
    """SQLite lets one writer at a time into the file anyway."""

    def open_and_close(_: int) -> str:
        opened = open_database(url)
        store_id = alone(opened).memory.load().store_id
        opened.close()
        return store_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(open_and_close, range(6)))) == 1


@on_sqlite
def test_a_commit_survives_a_power_cut(store: Store) -> None:
    with store.engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@on_postgresql
def test_a_server_that_was_restarted_is_connected_to_again(url: str, store: Store) -> None:
    alone(store).memory.load()
    other = open_database(url)
    with other.engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.close()
    assert alone(store).memory.load()


def test_a_newer_schema_is_left_alone(url: str, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer seatsync"):
        open_database(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("these are notes, and quite long ones, " * 40)
    with pytest.raises(StoreError, match="not a database"):
        open_database(f"sqlite:///{tmp_path / 'notes.db'}")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"No such file or directory"):
        open_database(f"sqlite:///{tmp_path / 'nowhere' / 'store.db'}")


def test_a_fault_while_writing_is_a_store_error(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE links"))
    with pytest.raises(StoreError, match=r"no such table: links|\"links\" does not exist"):
        alone(store).memory.load()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql+psycopg://u:CANARY@127.0.0.1:1/db", "127.0.0.1.*refused"),
        ("postgresql+psycopg://u@127.0.0.1:1/db?password=CANARY", "127.0.0.1.*refused"),
        (
            "postgresql+psycopg://u@127.0.0.1:1/db?PASSWORD=CANARY&passWord=CANARY",
            'option "PASSWORD"',
        ),
        ("postgresql+psycopg://u@127.0.0.1:1/db?sslpassword=CANARY", "127.0.0.1.*refused"),
        ("postgresql+psycopg://u:p@127.0.0.1:CANARY/db", "URL cannot be read"),
        ("postgresql+psycopg://u:1/CANARY@127.0.0.1:1/db", "URL cannot be read|1"),
        ("CANARY", "URL cannot be read"),
    ],
)
def test_a_password_is_in_no_message(url: str, why: str) -> None:
    with pytest.raises(StoreError, match=why) as refused:
        open_database(url)
    assert "CANARY" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:p%2Fass@127.0.0.1:1/db",
        "postgresql+psycopg://u@127.0.0.1:1/db?password=p%2Fass",
        "postgresql+psycopg://u@127.0.0.1:1/db?SSLPassword=p%2Fass",
    ],
)
def test_a_password_is_in_no_message_of_anything_that_fails_later(url: str) -> None:
    with pytest.raises(StoreError):
        open_database(url)
    told = CounterpartError("connecting with p/ass", "FATAL: postgresql://u:p%2Fass@db: p/ass")
    assert str(told) == "connecting with ***: FATAL: postgresql://u:***@db: ***"
    assert (told.what, told.why) == ("connecting with ***", "FATAL: postgresql://u:***@db: ***")
