"""What a plan leaves for the next one, and what the journal tells about people."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from config.subscription_set import SubscriptionSet
from connectors.id_validation import is_object_id, is_resource_id
from connectors.store.journal import operation_id
from connectors.store.store import Store
from reconciler.history import with_history
from reconciler.model.history import History
from reconciler.model.known_sets import KnownSeats, KnownSet
from reconciler.model.plan import Plan
from reconciler.model.snapshot import Memory, MemoryUpdate
from support.alone import alone
from support.worlds.world import World, guid

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SALES = SubscriptionSet(name="Sales Team", products=("Sales",))
KNOWLEDGE = MemoryUpdate(
    tenant_id=guid("tenant"),
    vendor="https://vendor.example",
    sets={"Sales Team": KnownSet(("Sales",), False, guid("group"), ("g1", "g2"))},
    seats={"Sales": KnownSeats(50, 40, date(2026, 11, 20), 3)},
    links={guid("ana"): "a1"},
    waits=((guid("tom"), "Sales Team", 4),),
    named={"ceo@example.org": ("id-1", "id-2"), "vip@example.org": ("id-1",)},
    leavers=((guid("lea"), NOW - timedelta(days=2)),),
    held=True,
)


def memory(store: Store, now: datetime) -> Memory:
    history = History(
        alone(store).journal.in_columns(),
        alone(store).journal.done(),
        alone(store).exports.newest_first(),
    )
    return with_history(alone(store).memory.load(), history, now)


def test_a_group_that_was_accepted_and_not_seen_is_awaited_for_a_day(store: Store) -> None:
    alone(store).sets.see([SALES], NOW)
    alone(store).sets.group_made("Sales Team", "g1", "sales-team", NOW)
    known = memory(store, NOW)
    assert known.not_found == {"g1"}
    assert known.sets["Sales Team"].vendor_groups == ("g1",)
    assert known.sets["Sales Team"].vendor_name == "sales-team"
    assert memory(store, NOW + timedelta(days=1)).not_found == set()
    alone(store).sets.await_no_groups()
    assert memory(store, NOW).not_found == set()


def test_a_group_that_was_seen_is_not_awaited(store: Store) -> None:
    alone(store).sets.see([SALES], NOW)
    alone(store).sets.group_made("Sales Team", "g1", "Sales Team", None)
    assert memory(store, NOW).not_found == set()


@pytest.mark.parametrize("result", ["done", "failed", None])
def test_an_account_that_was_made_within_a_day_and_whether_it_was_seen(
    store: Store, result: str | None
) -> None:
    world = World()
    world.person("ana", "Sales Team")
    plan = world.plan()
    alone(store).plans.add(plan)
    with store.lease("run1"):
        alone(store).journal.begin(plan, plan.operations[:1], "run1", NOW)
    alone(store).memory.link({guid("ana"): "a1", guid("bob"): "b1"}, NOW)
    if result:
        alone(store).journal.end({operation_id(plan, plan.operations[0]): (result, "")}, NOW)
    known = memory(store, NOW)
    assert known.recent == {"a1"}
    assert known.not_found == (set() if result == "done" else {"a1"})
    assert memory(store, NOW + timedelta(days=1)).recent == set()


def test_a_new_store_knows_nothing(store: Store) -> None:
    empty = memory(store, NOW)
    assert (empty.tenant_id, empty.vendor, empty.run) == ("", "", 1)
    assert (dict(empty.sets), dict(empty.seats)) == ({}, {})
    assert empty.flapping == empty.midway == frozenset()
    assert empty.waits.empty
    assert empty.links.empty
    assert empty.activations.empty
    assert empty.leavers.empty


def test_what_a_plan_leaves_is_known_to_the_next(store: Store) -> None:
    alone(store).sets.see([SALES], NOW)
    alone(store).memory.save(KNOWLEDGE, NOW)
    known = memory(store, NOW)
    assert (known.tenant_id, known.vendor) == (KNOWLEDGE.tenant_id, KNOWLEDGE.vendor)
    assert known.sets == KNOWLEDGE.sets
    assert known.seats == KNOWLEDGE.seats
    assert known.named == KNOWLEDGE.named
    assert known.links.to_dict("records") == [{"id": guid("ana"), "account": "a1"}]
    assert known.waits.to_dict("records") == [
        {"id": guid("tom"), "set": "Sales Team", "since_run": 4}
    ]
    assert known.leavers.to_dict("records") == [
        {"id": guid("lea"), "since": NOW - timedelta(days=2)}
    ]


@pytest.mark.parametrize("account", ["x" * 255, "a b/c@d", "\u00e9\U0001f600" * 127])
def test_whatever_may_be_an_id_is_kept(store: Store, account: str) -> None:
    object_id = "~" * 36
    assert is_object_id(object_id)
    assert is_resource_id(account)
    alone(store).memory.link({object_id: account}, NOW)
    assert memory(store, NOW).links.to_dict("records") == [{"id": object_id, "account": account}]


def test_the_newest_knowledge_takes_the_place_of_the_old(store: Store) -> None:
    alone(store).sets.see([SALES], NOW)
    alone(store).memory.save(KNOWLEDGE, NOW)
    alone(store).memory.save(
        replace(KNOWLEDGE, sets={}, seats={}, waits=(), leavers=(), links={}, named={}), NOW
    )
    known = memory(store, NOW)
    assert (dict(known.sets), dict(known.seats), dict(known.named)) == ({}, {}, {})
    assert known.waits.empty
    assert known.leavers.empty
    assert len(known.links) == 1  # these only come on top


def test_only_what_differs_is_written(store: Store) -> None:
    """What a plan leaves is mostly what the one before has left."""
    later = (guid("ida"), "Sales Team", 5)
    knowledge = replace(KNOWLEDGE, waits=(*KNOWLEDGE.waits, (guid("ann"), "Sales Team", 4)))
    alone(store).sets.see([SALES], NOW)
    alone(store).memory.save(replace(knowledge, links={}), NOW)
    written: list[tuple[str, int]] = []

    @event.listens_for(store.engine, "after_cursor_execute")
    def note(_: object, cursor: Any, statement: str, *more: object) -> None:
        what, *words = statement.split()
        if what in {"INSERT", "DELETE"}:
            written.append((f"{what} {words[1]}", cursor.rowcount))

    alone(store).memory.save(
        replace(knowledge, links={}, waits=(KNOWLEDGE.waits[0], later)), NOW + timedelta(days=1)
    )
    assert [one for one in written if one[1]] == [("DELETE waits", 1), ("INSERT waits", 1)]
    waits = memory(store, NOW).waits
    assert sorted(waits["id"]) == sorted([guid("tom"), guid("ida")])


def test_a_store_remembers_when_it_began_if_somebody_held_a_seat_then(store: Store) -> None:
    alone(store).memory.save(KNOWLEDGE, NOW)
    alone(store).memory.save(KNOWLEDGE, NOW + timedelta(days=1))
    assert memory(store, NOW).began == NOW


def test_a_store_that_began_with_nobody_holding_a_seat_knows_all_that_was_lost(
    store: Store,
) -> None:
    alone(store).memory.save(replace(KNOWLEDGE, held=False), NOW)
    alone(store).memory.save(KNOWLEDGE, NOW + timedelta(days=1))
    assert memory(store, NOW).began is None


def test_links_follow_the_newest(store: Store) -> None:
    alone(store).memory.link({"u1": "a1", "u2": "a2"}, NOW)
    alone(store).memory.link({"u1": "a9"}, NOW)
    links = memory(store, NOW).links
    assert dict(zip(links["id"], links["account"], strict=True)) == {"u1": "a9", "u2": "a2"}


def carried_out(store: Store, world: World, run: int) -> Plan:
    """The world's plan, saved and journalled as done."""
    world.run = run
    plan = world.plan(f"{run:08x}")
    alone(store).plans.add(plan)
    with store.lease("run1"):
        at = NOW + timedelta(minutes=run)
        if plan.operations:
            alone(store).journal.begin(plan, plan.operations, "run1", at)
        for operation in plan.operations:
            alone(store).journal.end({operation_id(plan, operation): ("done", "")}, at)
    world.apply(plan)
    return plan


def test_what_was_done_last_to_an_account_is_known(store: Store) -> None:
    world = World()
    ana = world.person("ana", "Sales Team")
    world.settled("bob", "Sales Team")
    carried_out(store, world, 1)
    assert memory(store, NOW).activations.to_dict("records") == [{"id": ana, "last": "created"}]
    members, world.members = world.members, [m for m in world.members if m[1] != ana]
    carried_out(store, world, 2)
    assert memory(store, NOW).activations["last"].tolist() == ["deactivated"]
    world.members = members
    carried_out(store, world, 3)
    assert memory(store, NOW).activations["last"].tolist() == ["reactivated"]


def test_what_was_purged_tells_nothing_about_anybody(store: Store) -> None:
    world = World()
    world.person("ana", "Sales Team")
    carried_out(store, world, 1)
    later = NOW + timedelta(days=30)
    alone(store).personal_data.remove(later, later)
    known = memory(store, later)
    assert known.flapping == known.midway == frozenset()
    assert known.activations["id"].tolist() in ([], [""])
