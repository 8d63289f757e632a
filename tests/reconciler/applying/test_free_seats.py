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
    seats = FreeSeats(plan)
    assert seats.free("Sales") == 1

    seats.begin(revoke)
    seats.begin(grants[0])
    assert seats.free("Sales") == 0
    assert seats.missing(grants[1]) == ("Sales",)

    seats.end(revoke, done=True)
    assert seats.missing(grants[1]) == ()
    seats.end(grants[0], done=False)
    assert seats.free("Sales") == 2

    seats.undo(revoke)
    assert seats.free("Sales") == 1
    seats.begin(grants[1])
    seats.end(grants[1], done=True)
    seats.undo(grants[1])
    assert seats.free("Sales") == 1


def test_what_failed_frees_nothing() -> None:
    world = World(seats={"Sales": 1})
    world.account("leaver", "Sales Team")
    world.person("leaver")
    plan = world.plan()
    seats = FreeSeats(plan)
    seats.begin(plan.operations[0])
    seats.end(plan.operations[0], done=False)
    assert seats.free("Sales") == 0


def test_of_a_count_that_is_not_known_nothing_is_free() -> None:
    world = World(seats={"Sales": None})
    world.settled("ana", "Sales Team")
    assert FreeSeats(world.plan()).free("Sales") == -1
