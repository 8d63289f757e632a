"""A run that stood still and was taken over sends nothing when it wakes (self-fencing)."""

import json
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partialmethod
from typing import Any

import pytest

from config.load import load
from connectors.store.database import open_database
from connectors.store.store import Store
from reconciler.model.plan import Kind
from support.alone import alone
from support.counterparts.databases import postgresql
from support.faults.seatsync_process import SeatsyncProcess, SeatsyncProcesses
from support.faults.standstill import BEAT
from support.scenarios.pending_operations import HER_SET, PendingOperations


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PendingOperations]:
    with PendingOperations(tmp_path_factory.mktemp("moving"), Kind.MOVE) as pending:
        pending.approve()
        pending.remember()
        yield pending


@pytest.fixture(params=["sqlite", "postgresql"])
def moving(
    request: pytest.FixtureRequest, prepared: PendingOperations, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PendingOperations]:
    """One user moves from one set to another; the plan is approved."""
    monkeypatch.setattr(Store, "lease", partialmethod(Store.lease, beat=timedelta(seconds=BEAT)))
    prepared.return_to_it()
    if request.param == "sqlite":
        yield prepared
        return
    with postgresql() as url:
        monkeypatch.setenv("STORE", url)
        prepared.configure(store="env:STORE", policy={"max_set_revoke_percent": 100})
        prepared.adopt()
        prepared.approve()
        yield prepared


Stopped = Callable[[str], SeatsyncProcess]


@pytest.fixture
def stopped(moving: PendingOperations, processes: SeatsyncProcesses) -> Stopped:
    """An apply in a process of its own, which stands still at a point by now."""

    def stopped(at: str) -> SeatsyncProcess:
        fault = ("support.faults.standstill", "stand_still", at)
        process = processes.start(moving.config, "apply", "latest", "--json", fault=fault)
        process.wait_until_it_stands_still()
        return process

    return stopped


def taken_over(pending: PendingOperations) -> None:
    """Another run has found the lease silent, read back what was under way, and made a plan."""
    while (heir := pending.run("plan")).exit_code == 75:
        pass
    assert heir.exit_code == 2, heir.output
    assert "R13" in pending.run("show").stdout


def woken(process: SeatsyncProcess) -> tuple[int, dict[str, Any]]:
    process.send(signal.SIGCONT)
    ended = process.wait()
    assert ended.output, ended.errors
    return ended.code, json.loads(ended.output)


def recorded(pending: PendingOperations, plan_id: str) -> list[str | None]:
    store = open_database(load(pending.config).store)
    results = [entry.result for entry in alone(store).journal.entries(plan_id)]
    store.close()
    return results


@pytest.mark.parametrize("at", ["begun", "about to send"])
def test_p18_what_it_had_begun_is_not_sent(
    moving: PendingOperations, stopped: Stopped, at: str
) -> None:
    process = stopped(at)
    taken_over(moving)
    code, said = woken(process)
    assert moving.deeds == []
    assert code == 75
    (outcome,) = said["outcomes"]
    assert (outcome["result"], "another run has taken over" in outcome["detail"]) == (
        "skipped",
        True,
    )
    assert [found["code"] for found in said["findings"]] == ["P18"]
    assert recorded(moving, said["plan"]) == ["failed"]  # the heir's word
    assert "late end" in {row["event"] for row in moving.json("audit list")}
    assert moving.run("audit verify").exit_code == 0


def test_of_two_requests_the_second_is_not_sent_and_nothing_is_put_back(
    moving: PendingOperations, stopped: Stopped
) -> None:
    process = stopped("between two requests")
    taken_over(moving)
    code, said = woken(process)
    assert moving.deeds == [("update", HER_SET, "-cyd@harbour.example")]
    assert code == 4
    assert [outcome["result"] for outcome in said["outcomes"]] == ["failed"]
    assert recorded(moving, said["plan"]) == ["failed"]


def test_who_stood_still_and_was_not_taken_over_goes_on(
    moving: PendingOperations, stopped: Stopped
) -> None:
    code, said = woken(stopped("begun"))
    assert code == 0
    assert [outcome["result"] for outcome in said["outcomes"]] == ["done"]
    assert len(moving.deeds) == 2
