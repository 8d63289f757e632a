"""Seats that are in use now follow from the last count and from what was done since."""

from reconciler.seats.in_use import SeatsInUse, seats_in_use
from support.worlds.world import World


def world() -> World:
    """One user holds a seat and leaves, two are new."""
    world = World(seats={"Sales": 5})
    world.settled("ana", "Sales Team")
    world.members.clear()
    world.person("bob", "Sales Team")
    world.person("cyd", "Sales Team")
    return world


def test_nothing_done_is_the_count_and_everything_done_what_the_plan_foretold() -> None:
    plan = world().plan()
    (line,) = plan.seats
    assert seats_in_use(plan.seats, []) == [SeatsInUse("Sales", 5, line.used_before)]
    assert seats_in_use(plan.seats, plan.operations) == [SeatsInUse("Sales", 5, line.used_after)]
    assert (line.used_before, line.used_after) == (1, 2)


def test_a_part_done_counts_as_far_as_it_went() -> None:
    plan = world().plan()
    taking = [operation for operation in plan.operations if operation.takes]
    (now,) = seats_in_use(plan.seats, taking)
    assert (now.used, now.free) == (3, 2)


def test_where_nobody_knows_what_was_bought_nobody_knows_what_is_free() -> None:
    assert SeatsInUse("Sales", None, 3).free is None
    assert SeatsInUse("Sales", 2, 3).free == 0
