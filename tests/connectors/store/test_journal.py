"""An entry is there before its request is sent, even if the process is killed right after."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from world import World

from connectors.store.audit import faults
from connectors.store.errors import LeaseLost
from connectors.store.journal import begin, end, entries, operation_id, settle, unfinished
from connectors.store.lease import held_lease
from connectors.store.memory import memory
from connectors.store.plans import save_plan
from reconciler.model.plan import Plan

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
    entry = begin(store, plan, plan.operations[0], "run1", NOW)
    assert unfinished(store) == 1
    end(store, entry, "done", "", NOW)
    assert unfinished(store) == 0
    (written,) = entries(store, plan.id)
    assert (written.index, written.result, written.begun, written.ended) == (0, "done", NOW, NOW)


def test_an_end_is_final(store: Engine, plan: Plan) -> None:
    entry = begin(store, plan, plan.operations[0], "run1", NOW)
    end(store, entry, "done", "", NOW)
    end(store, entry, "failed", "too late", NOW)
    assert entries(store, plan.id)[0].result == "done"


def test_no_text_of_a_vendor_keeps_an_end_from_being_written(store: Engine, plan: Plan) -> None:
    entry = begin(store, plan, plan.operations[0], "run1", NOW)
    end(store, entry, "failed", "cut \0 off \ud800", NOW)
    assert entries(store, plan.id)[0].detail == "cut \ufffd off ?"
    assert list(faults(store)) == []


def test_no_operation_is_begun_twice(store: Engine, plan: Plan) -> None:
    begin(store, plan, plan.operations[0], "run1", NOW)
    with pytest.raises(IntegrityError):
        begin(store, plan, plan.operations[0], "run1", NOW)


def test_nothing_is_begun_by_a_run_that_lost_its_lease(store: Engine, plan: Plan) -> None:
    with pytest.raises(LeaseLost, match="run run0 stopped"):
        begin(store, plan, plan.operations[0], "run0", NOW)
    assert unfinished(store) == 0


def test_its_id_depends_on_plan_and_index_alone(plan: Plan) -> None:
    first, second = plan.operations
    assert operation_id(plan, first) == operation_id(plan, first) != operation_id(plan, second)


def test_who_lost_a_seat_this_week_and_did_not_get_it_back(store: Engine) -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 1, "Talent": 1}
    )
    for name, held, wanted in (
        ("ana", "Sales Team", "Talent Team"),
        ("bob", "Talent Team", "Sales Team"),
    ):
        world.account(name, held)
        world.person(name, wanted)  # a swap: one of them gives back first
    world.account("cyd", "Sales Team")
    world.person("cyd")
    world.seats["Sales"] = 2
    plan = world.plan()
    save_plan(store, plan)
    with held_lease(store, "run1"):
        for operation in plan.operations:
            end(store, begin(store, plan, operation, "run1", NOW), "done", "", NOW)
    assert memory(store, NOW).lost_this_week == 1
    assert memory(store, NOW + timedelta(days=7)).lost_this_week == 0


def test_a_begin_survives_kill_9(url: str, store: Engine, plan: Plan) -> None:
    program = f"""
import os, signal
from datetime import UTC, datetime, timedelta
from connectors.store.database import open_database
from connectors.store.journal import begin
from connectors.store.plans import find_plan
engine = open_database({url!r})
plan = find_plan(engine, "latest")
begin(engine, plan, plan.operations[0], "run1", datetime.now(UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).parents[3]
    killed = subprocess.run([sys.executable, "-c", program], cwd=root, env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert unfinished(store) == memory(store, NOW).unfinished == 1
    settle(store, NOW)
    assert unfinished(store) == 0
    assert entries(store, plan.id)[0].result == "unknown"
