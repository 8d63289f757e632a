"""Plans are found, approved by digest, and used once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from connectors.store.approvals import telling
from connectors.store.errors import PlanAltered, PlanNotFound, PlanUsed
from connectors.store.schema import plans
from connectors.store.store import Store
from reconciler.model.approval import Approval, Identity, Use
from reconciler.model.plan import SCHEMA_VERSION, Plan, digest
from support.alone import alone
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def a_plan(plan_id: str, run: int) -> Plan:
    world = World(seats={"Sales": 0}, run=run)
    world.person("ana", "Sales Team")
    return world.plan(plan_id)


@pytest.fixture
def saved(store: Store) -> Plan:
    plan = a_plan("8f2c41d7", 1)
    alone(store).plans.add(plan)
    return plan


@pytest.mark.parametrize("reference", ["8f2c41d7", "8f", "latest"])
def test_a_plan_is_found_by_id_prefix_or_latest(store: Store, saved: Plan, reference: str) -> None:
    assert alone(store).plans.find(reference) == saved
    assert alone(store).plans.find(saved.digest) == saved


def test_latest_is_the_newest(store: Store, saved: Plan) -> None:
    newer = a_plan("00aa", 2)
    alone(store).plans.add(newer)
    assert alone(store).plans.find("latest") == newer
    assert alone(store).plans.newest_number() == 2
    assert alone(store).plans.newest_id() == newer.id
    assert [alone(store).plans.id_before(number) for number in (1, 2, 3)] == [
        "",
        saved.id,
        newer.id,
    ]


def test_seats_are_remembered_by_the_plans_that_found_them(store: Store, saved: Plan) -> None:
    """Oldest first; of a plan of another version, or without its content, nothing is known."""
    newer, altered = a_plan("00aa", 2), a_plan("00bb", 3)
    for plan in (newer, altered):
        alone(store).plans.add(plan)
    with store.engine.begin() as connection:
        connection.execute(update(plans).where(plans.c.number == 3).values(body=b'{"seats":7}'))
    found = [(one.basis.planned_at, one.seats) for one in (saved, newer)]
    assert alone(store).plans.seats_until(3, 9) == tuple(found)
    assert alone(store).plans.seats_until(2, 1) == tuple(found[1:])
    assert alone(store).plans.seats_until(1, 9) == tuple(found[:1])


def test_plans_for_one_user_count_downwards_and_are_never_the_latest(
    store: Store, saved: Plan
) -> None:
    for number in (-1, -2):
        assert alone(store).plans.next_number_aside() == number
        alone(store).plans.add(a_plan(f"aside{number}", number))
    assert alone(store).plans.find("latest") == saved
    assert alone(store).plans.newest_id() == saved.id
    assert alone(store).plans.newest_number() == saved.run


def test_what_fits_none_or_several_is_refused(store: Store, saved: Plan) -> None:
    alone(store).plans.add(a_plan("8f3", 2))
    with pytest.raises(PlanNotFound, match="8f3, 8f2c41d7"):
        alone(store).plans.find("8f")
    for reference in ("9", "%", "_f", "", " ", saved.digest[:-1]):
        with pytest.raises(PlanNotFound, match="There is no plan"):
            alone(store).plans.find(reference)


def test_a_plan_changed_in_the_store_is_not_handed_out(store: Store, saved: Plan) -> None:
    other = a_plan(saved.id, 7)
    for body in (other.canonical, saved.canonical[:-1], b"{}"):
        with store.engine.begin() as connection:
            connection.execute(update(plans).values(body=body))
        with pytest.raises(PlanAltered):
            alone(store).plans.find("8f2c41d7")


def test_a_plan_takes_less_room_than_it_has_bytes(store: Store) -> None:
    """A small one, in which little repeats; the larger, the more."""
    world = World(seats={"Sales": 0})
    for at in range(100):
        world.person(f"person{at}", "Sales Team")
    plan = world.plan()
    alone(store).plans.add(plan)
    with store.engine.begin() as connection:
        kept = connection.execute(select(func.length(plans.c.body))).scalar_one()
    assert kept < len(plan.canonical) / 3
    assert alone(store).plans.find(plan.id) == plan


def test_a_plan_of_another_version_is_told_from_one_that_was_changed(
    store: Store, saved: Plan
) -> None:
    this = f'"schema_version":{SCHEMA_VERSION}'.encode()
    older = saved.canonical.replace(this, b'"schema_version":1')
    with store.engine.begin() as connection:
        connection.execute(update(plans).values(body=older, digest=digest(older)))
    with pytest.raises(PlanNotFound, match="8f2c41d7 cannot be read: another version"):
        alone(store).plans.find("8f2c41d7")


def test_approvals_are_kept_in_their_order(store: Store, saved: Plan) -> None:
    assert alone(store).approvals.of(saved.id) == ()
    first = Approval(saved.id, saved.digest, Identity("ana", "h"), "looks right", NOW, ())
    second = Approval(
        saved.id, saved.digest, Identity("bob", "h"), "meant", NOW + timedelta(hours=1), ("R9",)
    )
    for approval in (first, second):
        alone(store).approvals.add(approval)
    assert alone(store).approvals.of(saved.id) == (first, second)


@pytest.mark.parametrize("said", ["x" * 3000, "half a \ud83d", "a\0b", "\U0001f600"])
def test_whatever_is_said_of_a_person_is_kept(store: Store, saved: Plan, said: str) -> None:
    by = Identity(said, said, said, said)
    alone(store).approvals.add(
        Approval(saved.id, saved.digest, by, said, NOW, (), said, said, weaker=True)
    )
    (kept,) = alone(store).approvals.of(saved.id)
    readable = said.replace("\ud83d", "?").replace("\0", "\ufffd")
    by = Identity(readable, readable, readable, readable)
    assert (kept.by, kept.reason, kept.remark, kept.id_token) == (by, *[readable] * 3)
    assert kept.weaker


CHANGED = Approval("p", "d", Identity("a", "h", "o", "n"), "r", NOW, ("R9",), "x", "t", weaker=True)
PLAIN = Approval("", "", Identity("", ""), "", NOW)


@pytest.mark.parametrize("name", [field.name for field in fields(Approval) if field.name != "at"])
def test_an_approvals_record_tells_all_of_it(name: str) -> None:
    """What it did not tell could be changed in the row; the time is the record's own."""
    assert telling(replace(PLAIN, **{name: getattr(CHANGED, name)})) != telling(PLAIN)
    for field in fields(Identity) if name == "by" else ():
        by = replace(PLAIN.by, **{field.name: "x"})
        assert telling(replace(PLAIN, by=by)) != telling(PLAIN)


def test_a_plan_is_used_once(store: Store, saved: Plan) -> None:
    assert alone(store).plans.use_of(saved.id) is None
    alone(store).plans.claim(saved, "run1", NOW)
    assert alone(store).plans.use_of(saved.id) == Use("run1", NOW)
    with pytest.raises(PlanUsed, match="run run1 used it at 2026-11-24 03:00 UTC"):
        alone(store).plans.claim(saved, "run2", NOW)


def test_of_many_claims_at_once_one_succeeds(store: Store, saved: Plan) -> None:
    def claim(at: int) -> bool:
        try:
            alone(store).plans.claim(saved, f"run{at}", NOW)
        except PlanUsed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1
