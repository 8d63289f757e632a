"""One run at a time, whatever happens to its owner and to anybody's clock."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update

from connectors.store import database
from connectors.store.errors import LeaseHeld, LeaseLost, Unavailable
from connectors.store.lease import SILENT_BEATS, WATCHED_BEATS
from connectors.store.schema import lease
from connectors.store.store import Store
from support.faults.lease_contenders import BEAT, ROUNDS, compete

DEAD = (SILENT_BEATS + 1) * BEAT


@contextmanager
def left_by(store: Store, **owner: object) -> Iterator[None]:
    """A lease without a heart: its owner runs somewhere else, or no more."""
    with store.lease("8f2", timedelta(hours=1)):
        with store.engine.begin() as connection:
            connection.execute(update(lease).values(**owner))
        yield


def heartbeat(store: Store) -> datetime:
    with store.engine.begin() as connection:
        return connection.execute(select(lease.c.heartbeat)).scalar_one()


def put_back(store: Store, by: timedelta) -> None:
    """As if the last heartbeat had been so much earlier, or the database's clock were set on."""
    at = heartbeat(store) - by
    with store.engine.begin() as connection:
        connection.execute(update(lease).values(heartbeat=at))


def refused(store: Store) -> bool:
    try:
        with store.lease("9a1", BEAT):
            return False
    except LeaseHeld:
        return True


def test_the_second_is_told_who_is_at_work(store: Store) -> None:
    told = pytest.raises(LeaseHeld, match=rf"run 8f2 on .* \(process {os.getpid()}\)")
    with store.lease("8f2"), told, store.lease("9a1"):
        pass


def test_it_is_free_again_afterwards_even_after_a_failure(store: Store) -> None:
    threads = threading.active_count()
    with pytest.raises(ZeroDivisionError), store.lease("8f2"):
        _ = 1 / 0
    assert not refused(store)
    assert threading.active_count() == threads


def test_a_process_that_is_gone_from_this_machine_is_taken_over_at_once(store: Store) -> None:
    process = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    with left_by(store, pid=int(process.stdout)):
        assert not refused(store)


def test_a_number_that_another_process_has_now_does_not_keep_a_dead_owner_alive(
    store: Store,
) -> None:
    with left_by(store, pid=os.getppid()):
        assert refused(store)
        put_back(store, DEAD)
        assert not refused(store)


@pytest.mark.parametrize("elsewhere", [{"place": "another machine"}, {"place": ""}])
def test_a_number_means_nothing_on_another_machine_or_in_another_container(
    store: Store, elsewhere: dict[str, str]
) -> None:
    with left_by(store, pid=2**22, **elsewhere):
        assert refused(store)


def test_an_owner_elsewhere_is_dead_after_a_minute_without_a_heartbeat(store: Store) -> None:
    with left_by(store, place="elsewhere"):
        put_back(store, DEAD - 12 * BEAT)
        assert refused(store)
        put_back(store, 12 * BEAT)
        assert not refused(store)


@pytest.mark.parametrize("jump", [-timedelta(days=400), timedelta(days=400)])
def test_a_live_owner_is_never_taken_over_when_the_databases_clock_is_set(
    store: Store, jump: timedelta
) -> None:
    with store.lease("8f2", BEAT):
        put_back(store, jump)
        assert refused(store)


@pytest.mark.parametrize("jump", [-timedelta(days=400), timedelta(days=400)])
def test_a_dead_owner_is_taken_over_when_the_databases_clock_is_set(
    store: Store, jump: timedelta
) -> None:
    with left_by(store, place="elsewhere"):
        put_back(store, jump)
        assert not refused(store)


@pytest.mark.parametrize("jump", [-timedelta(days=400), timedelta(days=400)])
def test_a_hosts_clock_that_is_set_changes_nothing(store: Store, jump: timedelta) -> None:
    with store.lease("8f2", BEAT):
        now = datetime.now(UTC)
        with time_machine.travel(now + jump):
            assert refused(store)
        assert abs(heartbeat(store) - now) < timedelta(minutes=1)


def test_a_run_that_lost_its_lease_writes_no_more(store: Store) -> None:
    with left_by(store, place="elsewhere"):
        with store.transaction("8f2"):
            pass
        put_back(store, DEAD)
        with store.lease("9a1", BEAT):
            with pytest.raises(LeaseLost, match="another run"), store.transaction("8f2"):
                pass
            with store.transaction("9a1"):
                pass


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_who_stands_still_in_the_middle_of_a_heartbeat_keeps_nobody_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    heirs: list[str] = []

    def take_over_patiently() -> None:
        monkeypatch.setattr(database, "BUSY_SECONDS", 30)
        with store.lease("9a1", BEAT):
            heirs.append("9a1")

    with left_by(store, place="elsewhere"):
        put_back(store, DEAD)
        monkeypatch.setattr(database, "BUSY_SECONDS", 1)
        with pytest.raises(Unavailable), store.transaction("8f2"):
            take_over_patiently()
    assert heirs == ["9a1"]


def test_the_heart_beats_while_the_run_works(store: Store) -> None:
    with store.lease("8f2", BEAT):
        before = heartbeat(store)
        threading.Event().wait((WATCHED_BEATS * BEAT).total_seconds())
        assert heartbeat(store) > before


@pytest.mark.parametrize("count", [2, 16])
def test_of_processes_that_start_at_once_one_works_at_a_time(
    url: str, store: Store, tmp_path: Path, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = compete(url, tmp_path, count)
    with capsys.disabled():
        print(f"\n{store.engine.dialect.name}, {count} processes: {dict(sorted(counts.items()))}")
    assert counts["overlapped"] == 0
    assert counts["ended"] == count
    assert counts["held"] >= 1
    assert counts["held"] + counts["refused"] == count * ROUNDS


def test_the_dead_are_taken_over_by_one_of_many(
    url: str, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = compete(url, tmp_path, 8, killed=3)
    with capsys.disabled():
        print(
            f"\n{store.engine.dialect.name}, 8 processes, 3 killed: {dict(sorted(counts.items()))}"
        )
    assert counts["overlapped"] == 0
    assert (counts["killed"], counts["ended"]) == (3, 5)
    assert counts["held"] > 3
