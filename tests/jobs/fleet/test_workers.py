"""Processes that work: they do what waits, and end when they are asked to."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from config.load import load_fleet
from connectors.job_queue import open_queue
from support.faults.seatsync_process import SeatsyncProcess, SeatsyncProcesses
from support.scenarios.company import Company
from support.scenarios.fleet import TENANTS, fleet, fleet_file, tenant


@pytest.fixture
def queued(company: Company) -> Company:
    """A run of each tenant waits."""
    with open_queue(load_fleet(fleet_file(company)).store) as queue:
        for name in TENANTS:
            fleet(company, f"add {name}")
            queue.put(name, datetime.now(UTC))
    return company


def exit_codes(company: Company, name: str) -> list[int | None]:
    return [row["exit"] for row in tenant(company, name).json("history")]


def test_workers_do_what_waits_and_sigterm_ends_them_with_0(
    queued: Company, processes: SeatsyncProcesses
) -> None:
    file = str(fleet_file(queued))
    working = processes.command("fleet", "work", "--concurrency", "2", "--fleet", file)
    began = monotonic()
    while any(exit_codes(queued, name) != [2] for name in TENANTS):
        assert monotonic() < began + 120
        sleep(0.2)
    working.send(signal.SIGTERM)
    ended = working.wait()
    assert ended.code == 0, ended.errors
    assert "2 workers wait for runs that are due." in ended.errors
    for name in TENANTS:
        assert f"{name}: plan " in ended.errors
    assert "Traceback" not in ended.errors


def test_a_run_under_way_comes_to_its_end_and_no_other_is_begun(
    queued: Company, processes: SeatsyncProcesses
) -> None:
    file = str(fleet_file(queued))
    working = processes.command("fleet", "work", "--fleet", file)
    began = monotonic()
    while exit_codes(queued, "contoso") != [None]:
        assert monotonic() < began + 120
        sleep(0.05)
    working.send(signal.SIGTERM)
    for worker in workers_of(working):
        os.kill(worker, signal.SIGINT)  # as Ctrl-C reaches all that a terminal has
    ended = working.wait()
    assert ended.code == 0, ended.errors
    assert "Traceback" not in ended.errors
    assert exit_codes(queued, "contoso") == [2]
    assert exit_codes(queued, "fabrikam") == []


def test_a_worker_that_has_become_too_large_is_replaced(
    queued: Company, processes: SeatsyncProcesses
) -> None:
    """Each is too large for 1 MB, after a run."""
    file = str(fleet_file(queued))
    working = processes.command("fleet", "work", "--memory-limit", "1", "--fleet", file)
    began, seen = monotonic(), set[int]()
    while any(exit_codes(queued, name) != [2] for name in TENANTS):
        assert monotonic() < began + 120
        seen |= {*workers_of(working)}
        sleep(0.2)
    assert len(seen) >= 2
    working.send(signal.SIGTERM)
    assert working.wait().code == 0


def workers_of(working: SeatsyncProcess) -> list[int]:
    children = Path(f"/proc/{working.pid}/task/{working.pid}/children")
    return [int(worker) for worker in children.read_text().split()]
