"""What a plan was made of comes back as it was, and takes little room beside the next one's."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from msgspec.msgpack import encode
from sqlalchemy import func, select, update

from connectors.store.delta_compression import difference
from connectors.store.plan_input_json import from_parts, to_parts
from connectors.store.schema import plan_inputs
from connectors.store.store import Store
from reconciler.model.attribute_habits import Way
from reconciler.model.group_read import ExportRead, ExportSize
from reconciler.model.known_sets import KnownSeats, KnownSet
from reconciler.model.plan_input import PlanInput
from reconciler.model.refusal_backoff import Refusal
from reconciler.model.snapshot import Interruption, PlanContext, in_order
from reconciler.reconcile import reconcile
from support.alone import alone
from support.worlds.random_worlds import worlds
from support.worlds.world import NEEDED_ROWS, NOW, World

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def input_of(world: World, plan_id: str = "8f2c41d7") -> PlanInput:
    context = PlanContext(plan_id, world.now, "0.1.0")
    return PlanInput(world.settings().decisive, in_order(world.snapshot()), context)


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Where two values are not the same, columns with their types."""
    if isinstance(one, pd.DataFrame):
        if not (one.equals(other) and one.dtypes.equals(other.dtypes)):
            yield path
    elif is_dataclass(one):
        for field in fields(one):
            here = f"{path}.{field.name}"
            yield from differences(getattr(one, field.name), getattr(other, field.name), here)
    elif one != other:
        yield path


@given(world=worlds())
def test_it_comes_back_as_it_was_and_gives_the_same_plan(world: World) -> None:
    kept = input_of(world)
    again = from_parts(dict(to_parts(kept)))
    assert list(differences(kept, again)) == []
    plan = reconcile(world.settings(), world.snapshot(), kept.plan_context)
    assert reconcile(again.settings, again.snapshot, again.plan_context).digest == plan.digest


def test_whatever_else_there_may_be_comes_back_too() -> None:
    """What the worlds above leave at its default."""
    world = World(
        export=ExportRead(NOW, ExportSize(1, 2, 3), "the count is missing"),
        clock_skew=timedelta(seconds=-3),
        ways={"userName": frozenset({Way.CASE, Way.MAIL})},
        counted_on=date(2026, 11, 1),
        vendor_used={"Sales": "7"},
        habits={
            "pending": frozenset({"a", "b"}),
            "unknown_members": {"Sales Team": 2},
            "vendor_names": {"Sales Team": "sales team"},
        },
        memory={
            "began": NOW,
            "interruptions": (Interruption("8f", 1, 3, 1, 0),),
            "sets": {"Sales Team": KnownSet(("Sales",), False, "g", ("v",), "n", NOW)},
            "seats": {"Sales": KnownSeats(9, 7, date(2026, 11, 1), 2)},
            "export": ExportSize(1, 2, 3),
            "named": {"ceo": ("a", "b")},
            "refused": {"create ana": Refusal(2, NOW, NOW, "no")},
        },
        leavers={"lea": NOW},
        mapping={"userName": "mail", "name.familyName": "surname", **NEEDED_ROWS},
    )
    world.settled("ana", "Sales Team")
    world.was_done("ana", (), ("Sales Team",))
    kept = input_of(world)
    again = from_parts(dict(to_parts(kept)))
    assert list(differences(kept, again)) == []
    assert again.settings.digest == world.settings().digest


def test_no_more_than_a_column_is_in_memory_at_a_time() -> None:
    world = World()
    for at in range(1000):
        world.settled(f"user{at}", "Sales Team")
    kept = input_of(world)
    sizes = [len(content) for _, content in to_parts(kept)]
    tracemalloc.start()
    for _ in to_parts(kept):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < sum(sizes)


def nights(store: Store, count: int) -> list[PlanInput]:
    """Of every night's plan; each has one user more."""
    world, kept = World(), []
    for night in range(count):
        world.person(f"user{night}", "Sales Team")
        world.now = NOW + timedelta(days=night)
        world.run = night + 1
        plan = world.plan(f"{night:08x}")
        kept.append(input_of(world, plan.id))
        alone(store).plans.add(plan)
        alone(store).plan_inputs.add(kept[-1])
    return kept


def test_they_come_from_the_newest_to_the_oldest(store: Store) -> None:
    kept = nights(store, 4)
    found = alone(store).plan_inputs.since(NOW + timedelta(days=1))
    assert len(found) == 3
    for one, other in zip(found, reversed(kept), strict=False):
        assert list(differences(one, other)) == []


def test_a_purge_takes_the_old_ones_and_leaves_the_others_readable(store: Store) -> None:
    nights(store, 4)
    alone(store).personal_data.remove(NOW + timedelta(days=2), NOW + timedelta(days=9))
    ids = [one.plan_context.plan_id for one in alone(store).plan_inputs.since(LONG_AGO)]
    assert ids == ["00000003", "00000002"]


def test_a_purge_by_a_clock_that_went_back_leaves_none_that_rests_on_another(store: Store) -> None:
    nights(store, 2)
    world = World(run=3, now=NOW - timedelta(days=9))
    plan = world.plan("0000000a")
    alone(store).plans.add(plan)
    alone(store).plan_inputs.add(input_of(world, plan.id))
    alone(store).personal_data.remove(NOW, NOW)
    assert alone(store).plan_inputs.since(LONG_AGO) == []


def test_beside_a_damaged_one_they_begin_anew(store: Store) -> None:
    nights(store, 2)
    with store.engine.begin() as connection:
        connection.execute(update(plan_inputs).values(body=b"damaged"))
    world = World(run=3, now=NOW + timedelta(days=3))
    plan = world.plan("0000000a")
    alone(store).plans.add(plan)
    alone(store).plan_inputs.add(input_of(world, plan.id))
    (found,) = alone(store).plan_inputs.since(LONG_AGO)
    assert found.plan_context.plan_id == plan.id


def test_one_of_another_version_is_told_from_one_that_is_whole(store: Store) -> None:
    nights(store, 1)
    with store.engine.begin() as connection:
        connection.execute(
            update(plan_inputs).values(body=encode({"rest": difference(b'{"snapshot":{}}')}))
        )
    with pytest.raises(ValueError, match="missing required field"):
        alone(store).plan_inputs.since(LONG_AGO)


def test_an_ordinary_night_takes_a_fiftieth_of_a_whole_one(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 1,000 users, where a year replaces a third and changes as many again: two a day."""
    world = World()
    for at in range(1000):
        world.settled(f"user{at}", "Sales Team")
    for night in range(8):
        world.now, world.run = NOW + timedelta(days=night), night + 1
        gone = f"user{night}"
        leaver = next(one for one, row in world.people.items() if row["mailNickname"] == gone)
        world.people.pop(leaver)
        world.members = [row for row in world.members if row[1] != leaver]
        world.settled(f"new{night}", "Sales Team")
        plan = world.plan(f"{night:08x}")
        alone(store).plans.add(plan)
        alone(store).plan_inputs.add(input_of(world, plan.id))
    with store.engine.connect() as connection:
        size = func.length(plan_inputs.c.body)
        sizes = list(connection.execute(select(size).order_by(plan_inputs.c.plan_id)).scalars())
    *nightly, whole = sizes
    share = sum(nightly) / len(nightly) / whole
    with capsys.disabled():
        print(f"\nwhole {whole:,} bytes, an ordinary night {share:.2%} of that")
    assert share <= 0.02
