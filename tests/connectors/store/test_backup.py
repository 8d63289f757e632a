"""Copies of a store: whole while somebody writes; put back, they are no cause of any revoke."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.store.backup import back_up, restore
from connectors.store.database import open_database
from connectors.store.errors import LeaseHeld, Unavailable
from connectors.store.store import Store
from support.alone import alone
from support.worlds.world import NOW

LATER = NOW + timedelta(days=9)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


def runs(store: Store) -> list[str]:
    return [run.id for run in alone(store).runs.newest(9)]


def test_a_copy_has_what_was_there_and_nothing_later(
    url: str, store: Store, tmp_path: Path
) -> None:
    alone(store).runs.begin("before", "plan", NOW)
    with store.engine.begin(), store.engine.connect():  # somebody writes, and commits later
        back_up(url, tmp_path / "copy.db")
    alone(store).runs.begin("after", "plan", LATER)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    restore(url, tmp_path / "copy.db", LATER)
    assert runs(store) == ["before"]


def test_a_restored_store_is_young_and_free_and_its_trail_tells_of_it(
    url: str, store: Store, tmp_path: Path
) -> None:
    """The lease of the run that was at work when it was copied is nobody's now."""
    with store.lease("at work"):
        back_up(url, tmp_path / "copy.db")
    restore(url, tmp_path / "copy.db", LATER)
    assert alone(store).memory.load().began == LATER
    with store.lease("the next run"), store.transaction() as tx:
        assert [record.event for record in tx.audit.newest(9)] == ["restore"]
        assert list(tx.audit.faults()) == list(tx.agreement.disagreements()) == []


def test_a_store_that_is_gone_is_made_again(url: str, store: Store, tmp_path: Path) -> None:
    alone(store).runs.begin("before", "plan", NOW)
    back_up(url, tmp_path / "copy.db")
    store.close()
    for file in tmp_path.glob("store.db*"):
        file.unlink()
    restore(url, tmp_path / "copy.db", LATER)
    again = open_database(url)
    assert runs(again) == ["before"]
    again.close()


def test_nothing_is_restored_under_a_run_at_work(url: str, store: Store, tmp_path: Path) -> None:
    back_up(url, tmp_path / "copy.db")
    alone(store).runs.begin("since", "plan", NOW)
    with store.lease("at work"), pytest.raises(LeaseHeld):
        restore(url, tmp_path / "copy.db", LATER)
    assert runs(store) == ["since"]


def test_no_run_begins_before_all_of_it_is_written(
    url: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(url, tmp_path / "copy.db")
    connect, kept_out = sqlite3.connect, []

    def meanwhile(file: Path) -> sqlite3.Connection:
        if file.name == "store.db" and file.parent == tmp_path:
            with pytest.raises(LeaseHeld), store.lease("a run"):
                pass
            kept_out.append("a run")
        return connect(file)

    monkeypatch.setattr(sqlite3, "connect", meanwhile)
    restore(url, tmp_path / "copy.db", LATER)
    assert kept_out == ["a run"]
    with store.lease("the next run"):
        pass


@pytest.mark.parametrize(
    ("content", "why"),
    [("garbage", "not a database"), ("another", "no store"), ("newer", "a newer seatsync made it")],
)
def test_what_is_no_backup_leaves_the_store_as_it_was(
    url: str, store: Store, tmp_path: Path, content: str, why: str
) -> None:
    alone(store).runs.begin("before", "plan", NOW)
    copy = tmp_path / "copy.db"
    if content == "garbage":
        copy.write_bytes(b"x" * 5000)
    elif content == "another":
        sqlite3.connect(copy).execute("CREATE TABLE plans (id)").connection.close()
    else:
        back_up(url, copy)
        with sqlite3.connect(copy) as newer:
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.close()
    with pytest.raises(Unavailable, match=why):
        restore(url, copy, LATER)
    assert runs(store) == ["before"]


def test_no_file_is_written_over(url: str, store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(FileExistsError, match="name another file"):
        back_up(url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_a_server_has_its_own_way() -> None:
    with pytest.raises(Unavailable, match="pg_dump"):
        back_up("postgresql+psycopg://db/seatsync", Path("copy.db"))
