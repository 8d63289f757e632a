"""A plan made again is the plan that was made, and other settings make theirs of the same."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings
from reconciler.model.plan import Plan
from reconciler.model.plan_input import PlanInput
from reconciler.model.snapshot import PlanContext, in_order
from reconciler.replay.replay import losers, replay
from support.worlds.random_worlds import worlds
from support.worlds.world import NOW, World, guid


def input_of(world: World) -> PlanInput:
    context = PlanContext("8f2c41d7", world.now, "0.1.0")
    return PlanInput(world.settings().decisive, in_order(world.snapshot()), context)


@given(world=worlds(), caps=st.sampled_from([{"max_revokes": 0}, {"max_set_revoke_percent": 1}]))
def test_caps_change_verdicts_and_nobodys_operations(world: World, caps: dict[str, Any]) -> None:
    plan_input, world.policy = input_of(world), {**world.policy, **caps}
    replayed = replay(plan_input, world.settings())
    assert replayed.then.digest != replayed.now.digest
    assert replayed.now.operations == replayed.then.operations
    assert replayed.now.digest == world.plan().digest


def test_weeks_of_a_company_come_out_as_they_were() -> None:
    """Every day somebody comes, somebody goes, caps are changed; each plan is applied."""
    world, days = World(seats={"Sales": 40}), []
    for at in range(30):
        world.settled(f"user{at}", "Sales Team")
    for day in range(15):
        world.now = NOW + timedelta(days=day)
        world.policy = {"max_revokes": day % 3, "max_revoke_percent": 0}
        world.person(f"new{day}", "Sales Team")
        gone = [row for row in world.members if row[1] == guid(f"user{day}")]
        world.members = [row for row in world.members if row not in gone]
        days.append((input_of(world), world.plan()))
        world.apply(days[-1][1])
    today = world.settings()
    for plan_input, plan in days:
        replayed = replay(plan_input, today)
        assert replayed.then.digest == plan.digest
        assert replayed.now.operations == plan.operations
    assert any(plan.objections for _, plan in days)
    assert any(not plan.objections for _, plan in days)


def leaving() -> tuple[World, Plan]:
    world = World(
        sets={"Sales Team": ["Sales"], "Both": ["Sales", "Marketing"]},
        seats={"Sales": 9, "Marketing": 9},
    )
    world.settled("stays", "Sales Team")
    world.account("leaver", "Sales Team")
    world.person("leaver")
    world.account("down", "Both")
    world.person("down", "Sales Team")
    world.account("up", "Sales Team")
    world.person("up", "Both")
    return world, world.plan()


def test_losers_are_whom_a_product_or_account_is_taken_from() -> None:
    """Whoever moves to more loses nothing, and whoever moves to less does."""
    _, plan = leaving()
    assert set(losers(plan)) == {guid("leaver"), guid("down")}


def test_other_settings_say_who_loses_otherwise() -> None:
    world, _ = leaving()
    plan_input = input_of(world)
    world.policy = {"protected": ["leaver@example.org"]}
    replayed = replay(plan_input, world.settings())
    assert set(replayed.losing_then) - set(replayed.losing) == {guid("leaver")}


OTHERWISE: dict[str, tuple[dict[str, Any], str]] = {
    "a tenant": (
        {"directory": {"tenant_id": guid("other")}},
        "another tenant",
    ),
    "a vendor": (
        {"vendor": {"base_url": "https://other.example"}},
        "another vendor, or another way to know who is in a set",
    ),
    "a set": (
        {"subscription_sets": [{"name": "Other Team", "products": ["Sales"]}]},
        'the group of set "Other Team"',
    ),
    "nested groups": (
        {"subscription_sets": [{"name": "Both", "products": ["Sales"], "nested": "expand"}]},
        'the group of set "Both"',
    ),
    "a filter": (
        {
            "scoping_filters": [
                {"clauses": [{"attribute": "city", "operator": "EQUALS", "value": "Ulm"}]}
            ]
        },
        'the attribute "city" of Entra ID',
    ),
}


@pytest.mark.parametrize("other", OTHERWISE)
def test_what_was_not_read_then_is_told(other: str) -> None:
    world, plan = leaving()
    changed, why = OTHERWISE[other]
    said = world.settings().decisive
    sections = {
        key: said[key] | value if isinstance(value, dict) else value
        for key, value in changed.items()
    }
    replayed = replay(input_of(world), Settings.model_validate(said | sections))
    assert (replayed.trouble, replayed.now.digest) == (why, plan.digest)


def test_settings_that_make_no_plan_say_why() -> None:
    """Two users would get one user name (R23)."""
    world = World()
    for name in ("ana", "eva"):
        world.person(name, "Sales Team", surname="Same")
    plan_input = input_of(world)
    other = {
        "userName": "surname",
        "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
        "externalId": "objectId",
    }
    replayed = replay(plan_input, replace(world, mapping=other).settings())
    assert replayed.trouble.startswith("R23: ")
