"""R20 and R21: an export takes nothing by what it does not say, and is not used for ever."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.group_read import ExportRead, ExportSize
from reconciler.model.plan import Plan, Verdict
from reconciler.no_plan import NoPlan
from support.worlds.world import NOW, World, kinds

UNPROVEN = "it has no closing row"
TEAMS = {"Sales Team": ["Sales"], "Both": ["Sales", "Marketing"]}


def size(**other: int) -> ExportSize:
    return ExportSize(**{"users": 100, "groups": 10, "members": 200, **other})


def world(unproven: str = UNPROVEN, **given: Any) -> World:
    export = ExportRead(NOW - timedelta(days=1), size(), unproven)
    return World(export=export, sets=TEAMS, seats={"Sales": 9, "Marketing": 9}, **given)


def verdict(plan: Plan) -> Verdict:
    (found,) = [one for one in plan.verdicts if one.code == "R20"]
    return found


LOSSES: dict[str, dict[str, Any]] = {
    "in no group": {},
    "gone": {"presence": "gone"},
    "in another group, with fewer products": {"sets": ("Sales Team",)},
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_r20_who_loses_by_what_an_unproven_export_does_not_say_is_held(
    loss: dict[str, Any],
) -> None:
    for unproven, outcome in ((UNPROVEN, "held"), ("", "passed")):
        here = world(unproven)
        here.account("ana", "Both")
        here.person("ana", *loss.get("sets", ()), presence=loss.get("presence", "present"))
        here.settled("zoe", "Sales Team")
        plan = here.plan()
        assert plan.operations
        assert verdict(plan).outcome == outcome
        assert (UNPROVEN in verdict(plan).message) == bool(unproven)


TOLD: dict[str, dict[str, Any]] = {
    "disabled": {"accountEnabled": False},
    "deleted": {"presence": "deleted"},
}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_r20_what_the_export_says_itself_is_believed(told: dict[str, Any]) -> None:
    here = world()
    here.account("ana", "Both")
    here.person("ana", **told)
    here.settled("zoe", "Sales Team")
    plan = here.plan()
    assert ("revoke", "ana") in kinds(plan)
    assert verdict(plan).outcome == "passed"


def test_r20_grants_and_moves_to_more_wait_for_nobody() -> None:
    here = world()
    here.person("ana", "Sales Team")
    here.account("bob", "Sales Team")
    here.person("bob", "Both")
    plan = here.plan()
    assert {kind for kind, _ in kinds(plan)} >= {"grant", "move"}
    assert verdict(plan).outcome == "passed"
    told = "The export has 100 users, 10 groups and 200 memberships; "
    assert verdict(plan).message == f"{told}{UNPROVEN}."
    assert verdict(world("").plan()).message == f"{told}it proves that it is whole."


def test_r20_an_export_that_is_much_smaller_than_the_last_one_is_held() -> None:
    for before, outcome in (
        (size(), "passed"),
        (size(users=111), "passed"),
        (size(users=112), "held"),
        (size(groups=15), "passed"),
        (size(groups=16), "held"),
        (size(members=223), "held"),
        (size(users=50, groups=1, members=1), "passed"),
    ):
        here = world("", policy={"max_revoke_percent": 10}, memory={"export": before})
        here.settled("zoe", "Sales Team")
        plan = here.plan()
        assert plan.operations == ()
        assert verdict(plan).outcome == outcome, before


def test_a_plan_of_the_tenant_itself_has_no_such_guard() -> None:
    here = World()
    here.settled("zoe", "Sales Team")
    assert "R20" not in {one.code for one in here.plan().verdicts}


def test_r21_an_export_is_used_for_a_week_and_none_of_the_future() -> None:
    for age, used in (
        (timedelta(days=7), True),
        (timedelta(days=7, seconds=1), False),
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-6), False),
    ):
        here = World(export=ExportRead(NOW - age, size()))
        here.settled("zoe", "Sales Team")
        if used:
            here.plan()
            continue
        with pytest.raises(NoPlan) as refused:
            here.plan()
        assert refused.value.finding.code == "R21"
        assert "7 days old at most" in refused.value.finding.message


PLACES = st.sampled_from([(), ("Sales Team",), ("Both",)])
PRESENCES = st.sampled_from(["present", "present", "gone", "deleted"])


@given(st.lists(st.tuples(PLACES, PLACES, PRESENCES, st.booleans()), max_size=8))
def test_r20_a_plan_is_held_exactly_if_silence_leaves_somebody_worse_off(
    people: list[tuple[tuple[str, ...], tuple[str, ...], str, bool]],
) -> None:
    here = world()
    here.settled("zoe", "Sales Team")
    silent = False
    for at, (held, wanted, presence, enabled) in enumerate(people):
        name = f"user{at}"
        wanted = wanted if presence == "present" else ()
        here.account(name, *held)
        here.person(name, *wanted, presence=presence, accountEnabled=enabled)
        told = presence == "deleted" or (presence == "present" and not enabled)
        less = not wanted or (held, wanted) == (("Both",), ("Sales Team",))
        silent |= less and not told
    assert verdict(here.plan()).outcome == ("held" if silent else "passed")
