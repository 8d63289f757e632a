"""A run that stood still and was taken over sends nothing when it wakes (self-fencing)."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
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
from support.scenarios.pending_operations import HER_SET, PendingOperations

BEAT = 0.2
"""Seconds, so that an heir need not wait for a minute."""

# The program stops itself (SIGSTOP) at a point, and is woken from outside. The signal is for the
# thread that is there: of another one this thread would not wait to see it. No heartbeat is under
# way then: it would keep the heir from the lease's row until the database ends its session.
PROGRAM = """
import signal
from datetime import timedelta
from functools import partialmethod
from threading import Lock, get_ident

from connectors.scim.transport import ScimTransport
from connectors.store.fence import Fence
from connectors.store.store import Store
from jobs.cli.main import main
from jobs.executor.executor import Execution

def stop_after(owner, name, when):
    sound = getattr(owner, name)
    def stopping(*arguments, **options):
        result = sound(*arguments, **options)
        if when(*arguments) and not stopped:
            stopped.append(name)
            with beating:
                signal.pthread_kill(get_ident(), signal.SIGSTOP)
        return result
    setattr(owner, name, stopping)

def beat(fence):
    with beating:
        sound_beat(fence)

stopped, beating, sound_beat = [], Lock(), Fence.beat
Fence.beat = beat
Store.lease = partialmethod(Store.lease, beat=timedelta(seconds={beat}))
if {at!r} == "begun":
    stop_after(Execution, "_begin", lambda *_: True)
elif {at!r} == "about to send":
    stop_after(ScimTransport, "_prepared", lambda _, what, method, *__: method != "GET")
else:
    stop_after(ScimTransport, "send", lambda _, method, *__: method != "GET")
main()
"""


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


def stopped(pending: PendingOperations, at: str) -> "subprocess.Popen[str]":
    """An apply in a process of its own, which stands still by now."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", PROGRAM.format(beat=BEAT, at=at)),
            *("apply", "latest", "--json", "--config", str(pending.config)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status), process.communicate()
    return process


def taken_over(pending: PendingOperations) -> None:
    """Another run has found the lease silent, read back what was under way, and made a plan."""
    while (heir := pending.run("plan")).exit_code == 75:
        pass
    assert heir.exit_code == 2, heir.output
    assert "R13" in pending.run("show").stdout


def woken(process: "subprocess.Popen[str]") -> tuple[int, dict[str, Any]]:
    process.send_signal(signal.SIGCONT)
    output, said = process.communicate(timeout=300)
    assert output, said
    return process.returncode, json.loads(output)


def recorded(pending: PendingOperations, plan_id: str) -> list[str | None]:
    store = open_database(load(pending.config).store)
    results = [entry.result for entry in alone(store).journal.entries(plan_id)]
    store.close()
    return results


@pytest.mark.parametrize("at", ["begun", "about to send"])
def test_p18_what_it_had_begun_is_not_sent(moving: PendingOperations, at: str) -> None:
    process = stopped(moving, at)
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
    moving: PendingOperations,
) -> None:
    process = stopped(moving, "between two requests")
    taken_over(moving)
    code, said = woken(process)
    assert moving.deeds == [("update", HER_SET, "-cyd@harbour.example")]
    assert code == 4
    assert [outcome["result"] for outcome in said["outcomes"]] == ["failed"]
    assert recorded(moving, said["plan"]) == ["failed"]


def test_who_stood_still_and_was_not_taken_over_goes_on(moving: PendingOperations) -> None:
    code, said = woken(stopped(moving, "begun"))
    assert code == 0
    assert [outcome["result"] for outcome in said["outcomes"]] == ["done"]
    assert len(moving.deeds) == 2
