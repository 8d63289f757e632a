"""Who waits reads what would have to happen."""

import pytest

from jobs.report.waiting import with_needs
from support.worlds.world import World


def needs(world: World) -> list[str]:
    return [needed for _, needed in with_needs(world.plan())]


@pytest.mark.parametrize(
    ("held", "purchased", "expected"),
    [
        (2, 2, ["1 more Sales seat, bought or released", "2 more Sales seats, bought or released"]),
        (
            3,
            1,
            ["3 more Sales seats, bought or released", "4 more Sales seats, bought or released"],
        ),
        (0, None, ["a usable count of the Sales seats"] * 2),
    ],
    ids=["none is free", "more are in use than were bought", "nobody knows"],
)
def test_as_many_as_come_first_and_are_missing(
    held: int, purchased: int | None, expected: list[str]
) -> None:
    world = World(seats={"Sales": purchased})
    for number in range(held):
        world.settled(f"holder{number}", "Sales Team")
    for name in ("tom", "uma"):
        world.person(name, "Sales Team")
    assert needs(world) == expected


def test_a_bundle_needs_a_seat_of_each_product() -> None:
    world = World(sets={"Both": ["Marketing", "Sales"]}, seats={"Sales": 0, "Marketing": 0})
    world.person("tom", "Both")
    (needed,) = needs(world)
    assert needed == "1 more Marketing seat and 1 more Sales seat, bought or released"
