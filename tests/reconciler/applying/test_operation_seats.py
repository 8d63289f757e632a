"""Whose want of a seat would explain that an operation fails."""

from msgspec import structs

from reconciler.applying.operation_seats import seats_sought
from reconciler.model.plan import Kind, Plan
from support.worlds.world import World, guid


def of_kind(plan: Plan, kind: Kind) -> int:
    (index,) = [operation.index for operation in plan.operations if operation.kind is kind]
    return index


def test_an_account_is_created_for_the_seats_that_are_granted_next() -> None:
    world = World(sets={"Big Team": ["Talent", "Sales"]}, seats={"Sales": 9, "Talent": 9})
    world.person("ana", "Big Team")
    plan = world.plan()
    created, granted = of_kind(plan, Kind.CREATE_ACCOUNT), of_kind(plan, Kind.GRANT)
    assert dict(seats_sought(plan)) == {
        created: ("Sales", "Talent"),
        granted: plan.operations[granted].takes,
    }


def test_an_account_is_reactivated_for_the_seats_of_what_waits_for_it() -> None:
    """As in the plan of an undo; else a grant does not wait for it."""
    world = World()
    world.person("ana", "Sales Team")
    world.account("ana", active=False)
    plan = world.plan()
    reactivated, granted = plan.operations
    assert (reactivated.kind, granted.kind) == (Kind.REACTIVATE_ACCOUNT, Kind.GRANT)
    assert dict(seats_sought(plan)) == {granted.index: ("Sales",)}
    waiting = structs.replace(granted, needs=(reactivated.index,))
    undo = structs.replace(plan, operations=(reactivated, waiting))
    assert dict(seats_sought(undo)) == {reactivated.index: ("Sales",), granted.index: ("Sales",)}


def test_a_correction_and_a_loss_are_about_no_seat() -> None:
    world = World()
    world.settled("ana", "Sales Team")
    world.people[guid("ana")] |= {"givenName": "New"}
    world.settled("bob", "Sales Team")
    world.members.remove(("Sales Team", guid("bob"), "user"))
    plan = world.plan()
    assert {Kind.UPDATE_ACCOUNT, Kind.REVOKE} <= {one.kind for one in plan.operations}
    assert not seats_sought(plan)
