"""Seats while a plan is being applied."""

from reconciler.applying.free_seats import FreeSeats
from support.worlds.world import World


def test_seats_are_taken_at_the_beginning_and_freed_at_the_end() -> None:
    world = World(seats={"Sales": 2})
    world.account("leaver", "Sales Team")
    world.person("leaver")
    for name in ("ana", "bob"):
        world.person(name, "Sales Team")
    plan = world.plan()
    revoke, *grants = [operation for operation in plan.operations if operation.touched]
    tally = FreeSeats(plan)
    assert tally.free("Sales") == 1

    tally.begin(revoke)
    tally.begin(grants[0])
    assert tally.free("Sales") == 0
    assert tally.lacking(grants[1]) == ("Sales",)

    tally.end(revoke, done=True)
    assert tally.lacking(grants[1]) == ()
    tally.end(grants[0], done=False)
    assert tally.free("Sales") == 2

    tally.undo(revoke)
    assert tally.free("Sales") == 1
    tally.begin(grants[1])
    tally.end(grants[1], done=True)
    tally.undo(grants[1])
    assert tally.free("Sales") == 1


def test_what_failed_frees_nothing() -> None:
    world = World(seats={"Sales": 1})
    world.account("leaver", "Sales Team")
    world.person("leaver")
    plan = world.plan()
    tally = FreeSeats(plan)
    tally.begin(plan.operations[0])
    tally.end(plan.operations[0], done=False)
    assert tally.free("Sales") == 0


def test_of_a_count_that_is_not_known_nothing_is_free() -> None:
    world = World(seats={"Sales": None})
    world.settled("ana", "Sales Team")
    assert FreeSeats(world.plan()).free("Sales") == -1
