"""An entry is there before its request is sent, even if the process is killed right after."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from connectors.store.errors import LeaseLost, Unavailable
from connectors.store.journal import operation_id
from connectors.store.store import Store
from reconciler.history import granted, week
from reconciler.model.plan import Plan
from support.alone import alone
from support.worlds.world import World, guid

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def plan(store: Store) -> Iterator[Plan]:
    """A saved plan; "run1", which holds the lease, is about to execute it."""
    world = World()
    world.person("ana", "Sales Team")
    plan = world.plan()
    alone(store).plans.add(plan)
    with store.lease("run1"):
        yield plan


def test_an_operation_is_begun_and_ended(store: Store, plan: Plan) -> None:
    alone(store).journal.begin(plan, plan.operations[:1], "run1", NOW)
    entry = operation_id(plan, plan.operations[0])
    alone(store).journal.end({entry: ("done", "")}, NOW)
    (written,) = alone(store).journal.entries(plan.id)
    assert (written.index, written.result, written.begun, written.ended) == (0, "done", NOW, NOW)


def test_an_end_is_final(store: Store, plan: Plan) -> None:
    alone(store).journal.begin(plan, plan.operations[:1], "run1", NOW)
    entry = operation_id(plan, plan.operations[0])
    alone(store).journal.end({entry: ("done", "")}, NOW)
    alone(store).journal.end({entry: ("failed", "too late")}, NOW)
    assert alone(store).journal.entries(plan.id)[0].result == "done"


def test_an_end_that_comes_too_late_is_told_and_is_on_record(store: Store, plan: Plan) -> None:
    alone(store).journal.begin(plan, plan.operations, "run1", NOW)
    first, second = (operation_id(plan, operation) for operation in plan.operations)
    assert alone(store).journal.end({first: ("failed", "read back later")}, NOW) == {}
    assert alone(store).journal.end({first: ("done", ""), second: ("done", "")}, NOW) == {
        first: "failed"
    }
    late = [record for record in alone(store).audit.newest(9) if record.event == "late end"]
    assert [(one.facts["result"], one.facts["stands"]) for one in late] == [("done", "failed")]
    assert [entry.result for entry in alone(store).journal.entries(plan.id)] == ["failed", "done"]
    assert list(alone(store).audit.faults()) == []


def test_no_text_of_a_vendor_keeps_an_end_from_being_written(store: Store, plan: Plan) -> None:
    alone(store).journal.begin(plan, plan.operations[:1], "run1", NOW)
    entry = operation_id(plan, plan.operations[0])
    alone(store).journal.end({entry: ("failed", "cut \0 off \ud800")}, NOW)
    assert alone(store).journal.entries(plan.id)[0].detail == "cut \ufffd off ?"
    assert list(alone(store).audit.faults()) == []


def test_no_operation_is_begun_twice(store: Store, plan: Plan) -> None:
    alone(store).journal.begin(plan, plan.operations[:1], "run1", NOW)
    with pytest.raises(Unavailable, match="writing to the store: it has something else"):
        alone(store).journal.begin(plan, plan.operations[:1], "run1", NOW)


def test_nothing_is_begun_by_a_run_that_lost_its_lease(store: Store, plan: Plan) -> None:
    with pytest.raises(LeaseLost, match="run run0 stopped"), store.transaction("run0") as tx:
        tx.journal.begin(plan, plan.operations[:1], "run0", NOW)
    assert alone(store).journal.entries(plan.id) == ()


def test_its_id_depends_on_plan_and_index_alone(plan: Plan) -> None:
    first, second = plan.operations
    assert operation_id(plan, first) == operation_id(plan, first) != operation_id(plan, second)


@pytest.fixture
def done(store: Store) -> None:
    """cyd left, bob moved, and ana's new seat was not given."""
    world = World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 1, "Talent": 1}
    )
    world.account("cyd", "Sales Team")
    world.person("cyd")
    world.account("bob", "Talent Team")
    world.person("bob", "Sales Team")
    world.person("ana", "Talent Team")
    plan = world.plan()
    alone(store).plans.add(plan)
    with store.lease("run1"):
        alone(store).journal.begin(plan, plan.operations, "run1", NOW)
    for operation in plan.operations[:-1]:
        alone(store).journal.end({operation_id(plan, operation): ("done", "")}, NOW)
    alone(store).journal.end({operation_id(plan, plan.operations[-1]): ("failed", "")}, NOW)


def rows(changes: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(row) for row in changes.astype(object).to_numpy()]


def test_what_was_gained_and_lost_since_some_time(store: Store, done: None) -> None:
    ana, bob, cyd = guid("ana"), guid("bob"), guid("cyd")
    assert rows(week(alone(store).journal.done(NOW - timedelta(days=1)), NOW)) == [
        (cyd, "set", "Sales Team", False),
        (cyd, "product", "Sales", False),
        (cyd, "account", "", False),
        (bob, "set", "Talent Team", False),
        (bob, "product", "Talent", False),
        (bob, "set", "Sales Team", True),
        (bob, "product", "Sales", True),
        (ana, "account", "", True),
    ]
    assert alone(store).journal.done(NOW) == ()


def test_who_was_put_into_a_set_and_not_taken_out_again(store: Store, plan: Plan) -> None:
    alone(store).journal.begin(plan, plan.operations, "run1", NOW)
    endings = {operation_id(plan, operation): ("done", "") for operation in plan.operations}
    assert rows(granted(alone(store).journal.done())) == []
    alone(store).journal.end(endings, NOW)
    assert rows(granted(alone(store).journal.done())) == [(guid("ana"), "Sales Team")]


def test_of_a_move_the_new_set_alone_counts_and_a_grant_that_failed_does_not(
    store: Store, done: None
) -> None:
    assert rows(granted(alone(store).journal.done())) == [(guid("bob"), "Sales Team")]


def test_a_purged_operation_tells_that_somebody_lost_a_seat_or_an_account(
    store: Store, done: None
) -> None:
    alone(store).personal_data.remove(NOW + timedelta(seconds=1), NOW + timedelta(seconds=1))
    changes = week(alone(store).journal.done(), NOW)
    assert changes["what"].tolist() == ["product", "account"]
    assert not changes["gained"].any()
    assert changes["id"].nunique() == 2


@pytest.fixture
def run(store: Store, plan: Plan) -> str:
    """A run that has begun the plan's first operation."""
    alone(store).runs.begin("run1", "apply", NOW)
    alone(store).plans.claim(plan, "run1", NOW)
    alone(store).journal.begin(plan, plan.operations[:1], "run1", NOW)
    return "run1"


def test_a_run_without_an_end_was_interrupted(store: Store, plan: Plan, run: str) -> None:
    (stop,) = alone(store).journal.interrupted("run2")
    assert (stop.run_id, stop.plan_id, stop.ended) == (run, plan.id, 0)
    assert stop.open == {operation_id(plan, plan.operations[0]): plan.operations[0]}


def test_the_run_at_work_is_not_interrupted(store: Store, run: str) -> None:
    assert alone(store).journal.interrupted(run) == ()


def test_an_operation_left_open_is_found_after_its_run_ended(
    store: Store, plan: Plan, run: str
) -> None:
    alone(store).runs.end(run, NOW, 4, "1 unknown")
    assert len(alone(store).journal.interrupted("run2")) == 1
    alone(store).journal.end({operation_id(plan, plan.operations[0]): ("done", "")}, NOW)
    assert alone(store).journal.interrupted("run2") == ()


def test_a_run_that_was_killed_between_two_operations_is_found(
    store: Store, plan: Plan, run: str
) -> None:
    alone(store).journal.end({operation_id(plan, plan.operations[0]): ("done", "")}, NOW)
    (stop,) = alone(store).journal.interrupted("run2")
    assert (stop.ended, stop.open) == (1, {})


def test_a_begin_survives_kill_9(url: str, store: Store, plan: Plan) -> None:
    program = f"""
import os, signal
from datetime import UTC, datetime
from connectors.store.database import open_database
store = open_database({url!r})
now = datetime.now(UTC)
with store.transaction() as tx:
    plan = tx.plans.find("latest")
    tx.runs.begin("run1", "apply", now)
    tx.plans.claim(plan, "run1", now)
with store.transaction("run1") as tx:
    tx.journal.begin(plan, plan.operations[:1], "run1", now)
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).parents[3]
    killed = subprocess.run([sys.executable, "-c", program], cwd=root, env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(alone(store).journal.interrupted("run2")[0].open) == 1
