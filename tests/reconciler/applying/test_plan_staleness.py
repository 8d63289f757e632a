"""What was read again, held against the plan: all of it refused, some dropped, or none."""

from dataclasses import replace
from datetime import timedelta

from reconciler.applying.plan_staleness import Drift, drift
from reconciler.model.plan import Plan
from reconciler.model.snapshot import PlanContext
from support.worlds.world import NOW, World, guid


def a_world() -> World:
    """bob leaves Sales, eva joins it, ana is renamed, zoe has what they should have."""
    world = World()
    world.settled("zoe", "Sales Team")
    world.account("bob", "Sales Team")
    world.person("bob")
    world.person("eva", "Sales Team")
    world.account("ana", "Sales Team", **{"name.familyName": "Maiden"})
    world.person("ana", "Sales Team")
    return world


PLAN = a_world().plan()


def found(world: World, plan: Plan = PLAN) -> Drift:
    plan_context = PlanContext(plan.id, NOW, "0.1.0")
    return drift(world.settings(), plan, world.snapshot(), plan_context)


def of(user: str) -> set[int]:
    return {o.index for o in PLAN.operations if o.subject.id == guid(user)}


def test_nothing_is_held_against_a_plan_that_is_still_right() -> None:
    assert found(a_world()) == Drift()


def test_r11_with_a_wrong_clock_nothing_is_sent() -> None:
    (objection,) = found(replace(a_world(), clock_skew=timedelta(minutes=-37))).objections
    assert objection.code == "R11"
    assert "37 min" in objection.message


def test_t7_nothing_is_sent_to_another_organisation() -> None:
    world = a_world()
    world.links = {guid(name): f"acc-{name}" for name in ("zoe", "bob", "ana")}
    assert found(world) == Drift()
    world.accounts = {}
    world.holdings = []
    (objection,) = found(world).objections
    assert objection.code == "T7"


def test_p3_where_a_revoke_drifted_nothing_is_sent() -> None:
    world = a_world()
    world.holdings = [row for row in world.holdings if row[1] != "acc-bob"]
    (objection,) = found(world).objections
    assert (objection.code, objection.subject.id) == ("P3", guid("bob"))


def test_what_else_drifted_at_the_vendor_is_dropped_alone() -> None:
    world = a_world()
    world.accounts["acc-ana"]["name.familyName"] = "Mistyped"
    drifted = found(world)
    assert not drifted.objections
    assert drifted.findings == ()
    assert drifted.dropped == dict.fromkeys(
        of("ana"), "the vendor changed since the plan: name.familyName has changed"
    )


def test_p4_everything_of_a_user_whose_case_changed_is_dropped_and_told_once() -> None:
    world = a_world()
    world.people[guid("eva")]["accountEnabled"] = False
    drifted = found(world)
    assert not drifted.objections
    assert len(of("eva")) > 1
    assert drifted.dropped == dict.fromkeys(
        of("eva"), "read again, the user is disabled in Entra ID (P4)"
    )
    (told,) = drifted.findings
    assert (told.code, told.subject.name) == ("P4", "eva@example.org")
    assert told.message == (
        "What this plan had for eva@example.org was not done: read again, the user is disabled in "
        "Entra ID."
    )
