"""A purge takes the names of old runs, and nothing that a later run needs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from connectors.store.audit import faults, records
from connectors.store.errors import PlanNotFound
from connectors.store.history import begin_run, end_run, recent_runs
from connectors.store.journal import begin, end, entries, operation_id
from connectors.store.lease import held_lease
from connectors.store.memory import link, remember, stored_memory
from connectors.store.plans import approvals_of, approve, find_plan, plans_made, save_plan
from connectors.store.purge import purge
from reconciler.model.approval import Approval, Identity
from reconciler.model.plan import Plan
from support.worlds.world import NOW, World

LATER = NOW + timedelta(days=30)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def old(store: Engine) -> Iterator[Plan]:
    """A plan for zoe, approved and executed."""
    world = World()
    world.person("zoe", "Sales Team")
    plan = world.plan("aa")
    save_plan(store, plan)
    approve(store, Approval(plan.id, plan.digest, Identity("eva", "h"), "because of zoe", NOW))
    begin_run(store, "run1", "apply", NOW)
    with held_lease(store, "run1"):
        for operation in plan.operations:
            begin(store, plan, [operation], "run1", NOW)
            end(store, {operation_id(plan, operation): ("done", "zoe was there")}, NOW)
        link(store, {"zoe's id": "account"}, NOW)
        end_run(store, "run1", NOW, 4, "zoe is served")
        yield plan


def test_names_reasons_and_texts_go(store: Engine, old: Plan) -> None:
    assert purge(store, LATER, LATER) == ("aa",)
    with pytest.raises(PlanNotFound, match="the content of plan aa was purged"):
        find_plan(store, "latest")
    (approval,) = approvals_of(store, "aa")
    assert approval == Approval("aa", old.digest, Identity("", ""), "", NOW)
    done = entries(store, "aa")
    assert {(entry.subject, entry.detail, entry.result) for entry in done} == {("", "", "done")}
    assert recent_runs(store, 1)[0].summary == ""
    assert {record.personal for record in records(store, 9)[1:]} == {None}
    assert list(faults(store)) == []


def test_what_later_runs_need_stays(store: Engine, old: Plan) -> None:
    purge(store, LATER, LATER)
    assert plans_made(store) == old.run
    assert stored_memory(store).links["account"].tolist() == ["account"]


def test_what_an_interrupted_run_left_open_stays(store: Engine, old: Plan) -> None:
    world = World(run=2)
    world.person("tom", "Sales Team")
    plan = world.plan("bb")
    save_plan(store, plan)
    begin(store, plan, plan.operations[:1], "run1", NOW)
    assert purge(store, LATER, LATER) == ("aa",)
    assert find_plan(store, "bb") == plan
    assert entries(store, "bb")[0].subject == plan.operations[0].subject.id


def test_what_is_newer_stays(store: Engine, old: Plan) -> None:
    assert purge(store, NOW, LATER) == ()
    assert find_plan(store, "latest") == old
    assert approvals_of(store, "aa")[0].by.account == "eva"
    assert recent_runs(store, 1)[0].summary == "zoe is served"


def test_whoever_waits_now_keeps_her_place(store: Engine, old: Plan) -> None:
    world = World(seats={"Sales": 0}, run=2)
    world.person("tom", "Sales Team")
    waiting = world.plan("bb")
    save_plan(store, waiting)
    remember(store, world.knowledge(), NOW)
    purge(store, waiting.basis.planned_at, LATER)
    assert stored_memory(store).waits["since_run"].tolist() == [2]
    purge(store, LATER, LATER)
    assert stored_memory(store).waits.empty


@on_sqlite
def test_no_name_is_left_in_the_file_where_sqlite_does_not_wipe(
    store: Engine, sqlite: Path
) -> None:
    """Debian's SQLite overwrites what it deletes; others leave it in pages that are free."""

    def leave(connection: Any, _: object) -> None:
        connection.execute("PRAGMA secure_delete = OFF")

    event.listen(store, "connect", leave)
    store.dispose()
    world = World()
    for at in range(50):
        world.person(f"zoe{at}", "Sales Team")
    save_plan(store, world.plan("aa"))
    names = [f"zoe{at}".encode() for at in range(50)]
    with store.connect() as connection:
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 0
    purge(store, datetime.max.replace(tzinfo=UTC), LATER)
    files = b"".join(path.read_bytes() for path in sqlite.parent.glob("store.db*"))
    assert [name for name in names if name in files] == []
