"""R25: as many users as the configuration asks for stay in a set."""

import pytest

from reconciler.model.plan import Outcome, Plan
from reconciler.model.snapshot import PlanContext
from reconciler.undo import Done, undo
from support.worlds.world import NOW, World, guid


def company(size: int, *, least: int = 4, leavers: int = 0, joiners: int = 0) -> World:
    world = World(sets={"Sales Team": ["Sales"], "Others": ["Sales"]}, least={"Sales Team": least})
    for at in range(size):
        world.settled(f"ana{at}", "Sales Team")
    for at in range(leavers):
        world.members.remove(("Sales Team", guid(f"ana{at}"), "user"))
    for at in range(joiners):
        world.person(f"new{at}", "Sales Team")
    return world


def r25(plan: Plan) -> list[str]:
    return [verdict.message for verdict in plan.objections if verdict.code == "R25"]


@pytest.mark.parametrize(
    ("size", "leavers", "joiners", "passes"),
    [
        (6, 2, 0, True),
        (6, 3, 0, False),
        (6, 3, 1, True),
        (3, 1, 0, False),
        (3, 0, 0, True),
        (2, 1, 2, False),
        (1, 0, 2, True),
    ],
)
def test_r25_blocks_what_would_leave_too_few_or_fewer_still(
    size: int, leavers: int, joiners: int, *, passes: bool
) -> None:
    assert (r25(company(size, leavers=leavers, joiners=joiners).plan()) == []) is passes


def test_r25_counts_moves_to_other_sets() -> None:
    world = company(5, leavers=2)
    for at in range(2):
        world.members.append(("Others", guid(f"ana{at}"), "user"))
    plan = world.plan()
    (verdict,) = plan.objections
    assert (verdict.code, verdict.outcome) == ("R25", Outcome.BLOCKED)
    assert verdict.message == (
        'Set "Sales Team" would have 3 users instead of 5, and at least 4 are to be left in it '
        "(`min_members`)."
    )


def test_r25_an_undo_is_held_to_it_too() -> None:
    world = company(3, least=0, joiners=2)
    done = world.plan()
    world.apply(done)
    world.least = {"Sales Team": 4}
    plan_context = PlanContext("0d0", NOW, "0.1.0")
    plan = undo(world.settings(), world.snapshot(), plan_context, Done("run1", done.operations))
    assert len(r25(plan)) == 1


def test_r25_says_how_many_are_left_where_it_lets_a_plan_pass() -> None:
    (verdict,) = (one for one in company(6, leavers=1).plan().verdicts if one.code == "R25")
    assert verdict.message == '"Sales Team" has 5 users; 4 are to be left.'
