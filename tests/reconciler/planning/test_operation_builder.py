"""How operations are built, for a plan and for an undo alike."""

import pytest

from config.subscription_set import SubscriptionSet
from reconciler.model.plan import State, Subject
from reconciler.planning.operation_builder import ACTIVE, INACTIVE, OperationBuilder

ANA, BOB = (Subject(kind="user", id=name, name=name) for name in ("ana", "bob"))
SETS = (
    SubscriptionSet(name="Both", products=("Sales", "Marketing")),
    SubscriptionSet(name="Sales Team", products=("Sales",)),
    SubscriptionSet(name="Admins", products=(), admin=True),
)


@pytest.fixture
def build() -> OperationBuilder:
    return OperationBuilder(("Marketing", "Sales"), SETS)


@pytest.mark.parametrize(
    ("before", "after", "takes", "frees"),
    [
        ((), ("Both",), ("Marketing", "Sales"), ()),
        (("Both",), ("Sales Team",), (), ("Marketing",)),
        (("Both", "Sales Team"), ("Both",), (), ()),
        (("Sales Team",), ("Admins",), (), ("Sales",)),
    ],
)
def test_seats_are_taken_and_freed_as_the_products_of_all_sets_say(
    build: OperationBuilder,
    before: tuple[str, ...],
    after: tuple[str, ...],
    takes: tuple[str, ...],
    frees: tuple[str, ...],
) -> None:
    build.change_sets(ANA, "acc", before, after, "U2")
    (operation,) = build.operations
    assert (operation.takes, operation.frees) == (takes, frees)
    assert (operation.before, operation.after) == (State(sets=before), State(sets=after))


def test_each_change_needs_the_earlier_ones_of_its_user(build: OperationBuilder) -> None:
    group = build.create_group("Sales Team", "G18")
    build.change_account(ANA, None, INACTIVE, ACTIVE, "U12")
    build.change_account(BOB, None, INACTIVE, ACTIVE, "U12")
    build.change_sets(ANA, None, (), ("Sales Team",), "S1", also=[group])
    assert [operation.needs for operation in build.operations] == [(), (), (), (0, 1)]
    assert [operation.index for operation in build.operations] == [0, 1, 2, 3]


def test_a_lockout_waits_for_nothing_and_nothing_waits_for_a_name(build: OperationBuilder) -> None:
    build.change_account(
        ANA, "acc", State(attributes={}), State(attributes={}), "A3", awaited=False
    )
    build.change_sets(ANA, "acc", ("Sales Team",), (), "U9")
    build.change_account(ANA, "acc", ACTIVE, INACTIVE, "U9", waits=False)
    assert [operation.needs for operation in build.operations] == [(), (), ()]
