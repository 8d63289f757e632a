"""A store on a full, read-only or damaged disk: it holds the old or the new, never a half."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text

from connectors.store.database import open_database
from connectors.store.errors import StoreError
from connectors.store.store import Store
from reconciler.model.approval import Approval, Identity
from reconciler.model.plan import Plan
from support.alone import alone
from support.counterparts.databases import postgresql
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
PAGE = 4096


def a_world(run: int, people: int = 40) -> World:
    world = World(seats={"Sales": 0}, run=run)
    for at in range(people):
        world.person(f"person{at}", "Sales Team")
    return world


def a_plan(run: int, people: int = 40) -> Plan:
    return a_world(run, people).plan(f"{run:02x}")


def state(store: Store) -> tuple[object, ...]:
    """Everything that the steps below change."""
    plan = alone(store).plans.find("latest")
    waiting = alone(store).memory.load().waits
    return (
        plan.id,
        len(waiting),
        alone(store).approvals.of(plan.id),
        alone(store).plans.use_of(plan.id),
        alone(store).journal.entries(plan.id),
        len(alone(store).audit.newest(1000)),
        list(alone(store).audit.faults()),
    )


def steps(store: Store) -> list[Callable[[], object]]:
    """What a run writes, one transaction each."""
    plan = a_plan(2, people=200)  # large enough, once it is compressed
    operations = World(run=2)
    operations.person("ana", "Sales Team")
    executed = operations.plan("02").operations
    approval = Approval(plan.id, plan.digest, Identity("bob", "h"), "r" * PAGE, NOW)
    return [
        lambda: alone(store).plans.add(plan),
        lambda: alone(store).memory.save(a_world(2).knowledge(), NOW),
        lambda: alone(store).approvals.add(approval),
        lambda: alone(store).plans.claim(plan, "run1", NOW),
        lambda: alone(store).journal.begin(plan, executed[:1], "run1", NOW),
        lambda: alone(store).journal.end(
            {alone(store).journal.entries(plan.id)[0].id: ("done", "d" * PAGE)}, NOW
        ),
    ]


@on_sqlite
def test_a_disk_that_is_full_at_any_page_leaves_each_step_done_or_not(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store.compact()  # no page is free
    alone(store).plans.add(a_plan(1, people=1))
    limit = [2**30]
    event.listen(store.engine, "begin", lambda connection: _set_limit(connection, limit[0]))
    fired = 0
    with store.lease("run1"):
        for step in steps(store):
            before = state(store)
            with store.engine.begin() as connection:
                size = connection.execute(text("PRAGMA page_count")).scalar_one()
            for extra in range(200):
                limit[0] = size + extra
                why = failure_of(step)
                limit[0] = 2**30
                if not why:
                    break
                assert "database or disk is full" in why
                assert state(store) == before
                fired += 1
            assert state(store) != before
    assert fired >= len(steps(store))
    with capsys.disabled():
        print(f"\ndisk full at {fired} points of {len(steps(store))} steps, half-written: 0")


def failure_of(step: Callable[[], object]) -> str:
    try:
        step()
    except StoreError as error:
        return str(error)
    return ""


def _set_limit(connection: object, pages: int) -> None:
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]


@on_sqlite
def test_a_damaged_page_is_told_and_never_a_traceback(url: str, store: Store, sqlite: Path) -> None:
    alone(store).plans.add(a_plan(1))
    store.close()
    whole = sqlite.read_bytes()
    refused = 0
    for start in range(0, len(whole), PAGE):
        sqlite.write_bytes(whole[:start] + b"\xa5" * PAGE + whole[start + PAGE :])
        if why := failure_of(lambda: open_database(url).close()):
            assert any(word in why for word in ("damaged", "malformed", "not a database"))
            refused += 1
    assert refused > len(whole) // PAGE // 2
    sqlite.write_bytes(whole)
    assert alone(store).plans.find("latest") == a_plan(1)


@on_sqlite
@pytest.mark.parametrize("lost", [1, 100, PAGE, 3 * PAGE])
def test_a_torn_write_leaves_what_was_there_before(
    url: str, store: Store, sqlite: Path, lost: int
) -> None:
    """Power fails while the newest transaction is on its way into the write-ahead log."""
    alone(store).plans.add(a_plan(1))
    log = sqlite.with_name("store.db-wal")
    before = log.stat().st_size
    alone(store).plans.add(a_plan(2, people=100))
    torn = sqlite.parent / "torn"
    torn.mkdir()
    (torn / "store.db").write_bytes(sqlite.read_bytes())
    (torn / "store.db-wal").write_bytes(log.read_bytes()[:-lost])
    assert log.stat().st_size - before > lost
    again = open_database(f"sqlite:///{torn / 'store.db'}")
    assert alone(again).plans.find("latest") == a_plan(1)
    again.close()


def test_a_server_that_takes_no_writes_is_told() -> None:
    with postgresql() as url:
        store = open_database(url)
        alone(store).plans.add(a_plan(1))
        with store.engine.begin() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.execute(
                text(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            )
        store.close()
        for step in steps(store)[:3]:
            with pytest.raises(StoreError, match="read-only transaction"):
                step()
        assert state(store)[0] == "01"
        store.close()
