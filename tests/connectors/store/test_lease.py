"""One run at a time, whatever happens to its owner."""

import multiprocessing
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from connectors.store.database import open_database
from connectors.store.errors import LeaseHeld
from connectors.store.lease import held_lease
from connectors.store.schema import lease

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_second_is_told_who_is_at_work(store: Engine) -> None:
    told = pytest.raises(LeaseHeld, match=rf"run 8f2 on .* \(process {os.getpid()}\)")
    with held_lease(store, "8f2", NOW, HOUR), told, held_lease(store, "9a1", NOW + HOUR / 2, HOUR):
        pass


def test_it_is_free_again_afterwards_even_after_a_failure(store: Engine) -> None:
    with pytest.raises(ZeroDivisionError), held_lease(store, "8f2", NOW, HOUR):
        _ = 1 / 0
    with held_lease(store, "9a1", NOW, HOUR):
        pass


def test_a_dead_owner_on_this_host_is_taken_over(store: Engine) -> None:
    process = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    with held_lease(store, "8f2", NOW, HOUR):
        with store.begin() as connection:
            connection.execute(update(lease).values(pid=int(process.stdout)))
        with held_lease(store, "9a1", NOW, HOUR):
            pass


def test_an_owner_on_another_host_is_believed_until_the_lease_ends(store: Engine) -> None:
    with held_lease(store, "8f2", NOW, HOUR):
        with store.begin() as connection:
            connection.execute(update(lease).values(host="elsewhere", pid=1))
        with pytest.raises(LeaseHeld), held_lease(store, "9a1", NOW + HOUR / 2, HOUR):
            pass
        with held_lease(store, "9a1", NOW + HOUR, HOUR):
            pass


def _try(url: str, name: str, start: "multiprocessing.synchronize.Barrier") -> None:
    engine = open_database(url)
    start.wait()
    try:
        with held_lease(engine, name, NOW, HOUR):
            start.wait(30)  # hold it until every other process has been refused
    except LeaseHeld:
        start.wait(30)
        sys.exit(75)
    finally:
        engine.dispose()


def test_of_eight_processes_at_once_one_works(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(8)
    processes = [context.Process(target=_try, args=(url, f"run{at}", start)) for at in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert sorted(process.exitcode for process in processes) == [0] + [75] * 7
