"""The store opens by itself, keeps what it has, and says plainly when it cannot."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from connectors.store.database import open_database
from connectors.store.errors import StoreError
from connectors.store.memory import memory

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_a_new_store_is_private_and_has_an_id(tmp_path: Path, store: Engine) -> None:
    assert stat.S_IMODE((tmp_path / "store.db").stat().st_mode) == 0o600
    assert len(memory(store, NOW).store_id) == 36


def test_opening_it_again_keeps_it(url: str, store: Engine) -> None:
    again = open_database(url)
    assert memory(again, NOW).store_id == memory(store, NOW).store_id
    again.dispose()


def test_a_commit_survives_a_power_cut(store: Engine) -> None:
    with store.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_newer_schema_is_left_alone(url: str, store: Engine) -> None:
    with store.begin() as connection:
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


def test_a_fault_while_writing_is_a_store_error(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(text("DROP TABLE links"))
    with pytest.raises(StoreError, match="no such table"):
        memory(store, NOW)
