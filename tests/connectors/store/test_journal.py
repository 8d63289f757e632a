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
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from connectors.store.audit import faults, records
from connectors.store.errors import LeaseLost
from connectors.store.history import begin_run, end_run
from connectors.store.journal import (
    begin,
    done_operations,
    end,
    entries,
    interrupted,
    operation_id,
)
from connectors.store.lease import held_lease
from connectors.store.plans import claim_plan, save_plan
from connectors.store.purge import purge
from reconciler.history import granted, week
from reconciler.model.plan import Plan
from support.worlds.world import World, guid

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def plan(store: Engine) -> Iterator[Plan]:
    """A saved plan; "run1", which holds the lease, is about to execute it."""
    world = World()
    world.person("ana", "Sales Team")
    plan = world.plan()
    save_plan(store, plan)
    with held_lease(store, "run1"):
        yield plan


def test_an_operation_is_begun_and_ended(store: Engine, plan: Plan) -> None:
    begin(store, plan, plan.operations[:1], "run1", NOW)
    entry = operation_id(plan, plan.operations[0])
    end(store, {entry: ("done", "")}, NOW)
    (written,) = entries(store, plan.id)
    assert (written.index, written.result, written.begun, written.ended) == (0, "done", NOW, NOW)


def test_an_end_is_final(store: Engine, plan: Plan) -> None:
    begin(store, plan, plan.operations[:1], "run1", NOW)
    entry = operation_id(plan, plan.operations[0])
    end(store, {entry: ("done", "")}, NOW)
    end(store, {entry: ("failed", "too late")}, NOW)
    assert entries(store, plan.id)[0].result == "done"


def test_an_end_that_comes_too_late_is_told_and_is_on_record(store: Engine, plan: Plan) -> None:
    begin(store, plan, plan.operations, "run1", NOW)
    first, second = (operation_id(plan, operation) for operation in plan.operations)
    assert end(store, {first: ("failed", "read back later")}, NOW) == {}
    assert end(store, {first: ("done", ""), second: ("done", "")}, NOW) == {first: "failed"}
    late = [record for record in records(store, 9) if record.event == "late end"]
    assert [(one.facts["result"], one.facts["stands"]) for one in late] == [("done", "failed")]
    assert [entry.result for entry in entries(store, plan.id)] == ["failed", "done"]
    assert list(faults(store)) == []


def test_no_text_of_a_vendor_keeps_an_end_from_being_written(store: Engine, plan: Plan) -> None:
    begin(store, plan, plan.operations[:1], "run1", NOW)
    entry = operation_id(plan, plan.operations[0])
    end(store, {entry: ("failed", "cut \0 off \ud800")}, NOW)
    assert entries(store, plan.id)[0].detail == "cut \ufffd off ?"
    assert list(faults(store)) == []


def test_no_operation_is_begun_twice(store: Engine, plan: Plan) -> None:
    begin(store, plan, plan.operations[:1], "run1", NOW)
    with pytest.raises(IntegrityError):
        begin(store, plan, plan.operations[:1], "run1", NOW)


def test_nothing_is_begun_by_a_run_that_lost_its_lease(store: Engine, plan: Plan) -> None:
    with pytest.raises(LeaseLost, match="run run0 stopped"):
        begin(store, plan, plan.operations[:1], "run0", NOW)
    assert entries(store, plan.id) == ()


def test_its_id_depends_on_plan_and_index_alone(plan: Plan) -> None:
    first, second = plan.operations
    assert operation_id(plan, first) == operation_id(plan, first) != operation_id(plan, second)


@pytest.fixture
def done(store: Engine) -> None:
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
    save_plan(store, plan)
    with held_lease(store, "run1"):
        begin(store, plan, plan.operations, "run1", NOW)
    for operation in plan.operations[:-1]:
        end(store, {operation_id(plan, operation): ("done", "")}, NOW)
    end(store, {operation_id(plan, plan.operations[-1]): ("failed", "")}, NOW)


def rows(changes: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(row) for row in changes.astype(object).to_numpy()]


def test_what_was_gained_and_lost_since_some_time(store: Engine, done: None) -> None:
    ana, bob, cyd = guid("ana"), guid("bob"), guid("cyd")
    assert rows(week(done_operations(store, NOW - timedelta(days=1)), NOW)) == [
        (cyd, "set", "Sales Team", False),
        (cyd, "product", "Sales", False),
        (cyd, "account", "", False),
        (bob, "set", "Talent Team", False),
        (bob, "product", "Talent", False),
        (bob, "set", "Sales Team", True),
        (bob, "product", "Sales", True),
        (ana, "account", "", True),
    ]
    assert done_operations(store, NOW) == ()


def test_who_was_put_into_a_set_and_not_taken_out_again(store: Engine, plan: Plan) -> None:
    begin(store, plan, plan.operations, "run1", NOW)
    endings = {operation_id(plan, operation): ("done", "") for operation in plan.operations}
    assert rows(granted(done_operations(store))) == []
    end(store, endings, NOW)
    assert rows(granted(done_operations(store))) == [(guid("ana"), "Sales Team")]


def test_of_a_move_the_new_set_alone_counts_and_a_grant_that_failed_does_not(
    store: Engine, done: None
) -> None:
    assert rows(granted(done_operations(store))) == [(guid("bob"), "Sales Team")]


def test_a_purged_operation_tells_that_somebody_lost_a_seat_or_an_account(
    store: Engine, done: None
) -> None:
    purge(store, NOW + timedelta(seconds=1), NOW + timedelta(seconds=1))
    changes = week(done_operations(store), NOW)
    assert changes["what"].tolist() == ["product", "account"]
    assert not changes["gained"].any()
    assert changes["id"].nunique() == 2


@pytest.fixture
def run(store: Engine, plan: Plan) -> str:
    """A run that has begun the plan's first operation."""
    begin_run(store, "run1", "apply", NOW)
    claim_plan(store, plan, "run1", NOW)
    begin(store, plan, plan.operations[:1], "run1", NOW)
    return "run1"


def test_a_run_without_an_end_was_interrupted(store: Engine, plan: Plan, run: str) -> None:
    (stop,) = interrupted(store, "run2")
    assert (stop.run_id, stop.plan_id, stop.ended) == (run, plan.id, 0)
    assert stop.open == {operation_id(plan, plan.operations[0]): plan.operations[0]}


def test_the_run_at_work_is_not_interrupted(store: Engine, run: str) -> None:
    assert interrupted(store, run) == ()


def test_an_operation_left_open_is_found_after_its_run_ended(
    store: Engine, plan: Plan, run: str
) -> None:
    end_run(store, run, NOW, 4, "1 unknown")
    assert len(interrupted(store, "run2")) == 1
    end(store, {operation_id(plan, plan.operations[0]): ("done", "")}, NOW)
    assert interrupted(store, "run2") == ()


def test_a_run_that_was_killed_between_two_operations_is_found(
    store: Engine, plan: Plan, run: str
) -> None:
    end(store, {operation_id(plan, plan.operations[0]): ("done", "")}, NOW)
    (stop,) = interrupted(store, "run2")
    assert (stop.ended, stop.open) == (1, {})


def test_a_begin_survives_kill_9(url: str, store: Engine, plan: Plan) -> None:
    program = f"""
import os, signal
from datetime import UTC, datetime
from connectors.store.database import open_database
from connectors.store.history import begin_run
from connectors.store.journal import begin
from connectors.store.plans import claim_plan, find_plan
engine = open_database({url!r})
now = datetime.now(UTC)
plan = find_plan(engine, "latest")
begin_run(engine, "run1", "apply", now)
claim_plan(engine, plan, "run1", now)
begin(engine, plan, plan.operations[:1], "run1", now)
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).parents[3]
    killed = subprocess.run([sys.executable, "-c", program], cwd=root, env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(interrupted(store, "run2")[0].open) == 1
