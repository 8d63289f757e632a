"""A purge takes the names of old runs, and nothing that a later run needs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from connectors.store.errors import PlanNotFound
from connectors.store.journal import operation_id
from connectors.store.store import Store
from reconciler.model.approval import Approval, Identity
from reconciler.model.plan import Plan
from support.alone import alone
from support.worlds.world import NOW, World

LATER = NOW + timedelta(days=30)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def purge(store: Store, before: datetime, now: datetime) -> tuple[str, ...]:
    purged: tuple[str, ...] = alone(store).personal_data.remove(before, now)
    store.compact()
    return purged


@pytest.fixture
def old(store: Store) -> Iterator[Plan]:
    """A plan for zoe, approved and executed."""
    world = World()
    world.person("zoe", "Sales Team")
    plan = world.plan("aa")
    alone(store).plans.add(plan)
    alone(store).approvals.add(
        Approval(plan.id, plan.digest, Identity("eva", "h"), "because of zoe", NOW)
    )
    alone(store).runs.begin("run1", "apply", NOW)
    with store.lease("run1"):
        for operation in plan.operations:
            alone(store).journal.begin(plan, [operation], "run1", NOW)
            alone(store).journal.end(
                {operation_id(plan, operation): ("done", "zoe was there")}, NOW
            )
        alone(store).memory.link({"zoe's id": "account"}, NOW)
        alone(store).runs.end("run1", NOW, 4, "zoe is served")
        yield plan


def test_names_reasons_and_texts_go(store: Store, old: Plan) -> None:
    assert purge(store, LATER, LATER) == ("aa",)
    with pytest.raises(PlanNotFound, match="Plan aa is not known any more: its content was purged"):
        alone(store).plans.find("latest")
    (approval,) = alone(store).approvals.of("aa")
    assert approval == Approval("aa", old.digest, Identity("", ""), "", NOW)
    done = alone(store).journal.entries("aa")
    assert {(entry.subject, entry.detail, entry.result) for entry in done} == {("", "", "done")}
    assert alone(store).runs.newest(1)[0].summary == ""
    assert {record.personal for record in alone(store).audit.newest(9)[1:]} == {None}
    assert list(alone(store).audit.faults()) == []


def test_what_later_runs_need_stays(store: Store, old: Plan) -> None:
    purge(store, LATER, LATER)
    assert alone(store).plans.newest_number() == old.run
    assert alone(store).memory.load().links["account"].tolist() == ["account"]


def test_what_an_interrupted_run_left_open_stays(store: Store, old: Plan) -> None:
    world = World(run=2)
    world.person("tom", "Sales Team")
    plan = world.plan("bb")
    alone(store).plans.add(plan)
    alone(store).journal.begin(plan, plan.operations[:1], "run1", NOW)
    assert purge(store, LATER, LATER) == ("aa",)
    assert alone(store).plans.find("bb") == plan
    assert alone(store).journal.entries("bb")[0].subject == plan.operations[0].subject.id


def test_what_is_newer_stays(store: Store, old: Plan) -> None:
    assert purge(store, NOW, LATER) == ()
    assert alone(store).plans.find("latest") == old
    assert alone(store).approvals.of("aa")[0].by.account == "eva"
    assert alone(store).runs.newest(1)[0].summary == "zoe is served"


def test_whoever_waits_now_keeps_her_place(store: Store, old: Plan) -> None:
    world = World(seats={"Sales": 0}, run=2)
    world.person("tom", "Sales Team")
    waiting = world.plan("bb")
    alone(store).plans.add(waiting)
    alone(store).memory.save(world.knowledge(), NOW)
    purge(store, waiting.basis.planned_at, LATER)
    assert alone(store).memory.load().waits["since_run"].tolist() == [2]
    purge(store, LATER, LATER)
    assert alone(store).memory.load().waits.empty


@on_sqlite
def test_no_name_is_left_in_the_file_where_sqlite_does_not_wipe(store: Store, sqlite: Path) -> None:
    """Debian's SQLite overwrites what it deletes; others leave it in pages that are free."""

    def leave(connection: Any, _: object) -> None:
        connection.execute("PRAGMA secure_delete = OFF")

    event.listen(store.engine, "connect", leave)
    store.close()
    world = World()
    for at in range(50):
        world.person(f"zoe{at}", "Sales Team")
    alone(store).plans.add(world.plan("aa"))
    names = [f"zoe{at}".encode() for at in range(50)]
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 0
    purge(store, datetime.max.replace(tzinfo=UTC), LATER)
    files = b"".join(path.read_bytes() for path in sqlite.parent.glob("store.db*"))
    assert [name for name in names if name in files] == []
