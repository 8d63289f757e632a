"""Two plans of one reading, by whom they leave with which seat."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from reconciler.planning.seat_differences import SeatDifference, Standing, seat_differences
from support.worlds.random_worlds import RETIRED, SETS, worlds
from support.worlds.world import World, guid

Pair = tuple[str, str]
"""An object id and a product."""


def pairs(found: tuple[SeatDifference, ...], was: Standing, becomes: Standing) -> set[Pair]:
    return {(o.user.id, o.product) for o in found if (o.today, o.then) == (was, becomes)}


def told(one: World, other: World) -> list[tuple[str, str, str, str]]:
    return [
        (o.user.name.split("@")[0], o.product, str(o.today), str(o.then))
        for o in seat_differences(one.evaluation(), other.evaluation())
    ]


def holders_after_plan(world: World) -> set[Pair]:
    """By the vendor's own rows, once every operation is done."""
    world = deepcopy(world)
    world.apply(world.plan())
    owner = {at: str(row["externalId"]) for at, row in world.accounts.items()}
    bundles = {**world.sets, RETIRED: ["Sales"]}
    return {
        (owner[account], product)
        for name, account in world.holdings
        if world.known(name) and owner[account] in world.people
        for product in bundles[name]
    }


SEATS = st.fixed_dictionaries({"Sales": st.integers(0, 6), "Marketing": st.integers(0, 6)})
BUNDLES = st.dictionaries(
    st.sampled_from(sorted(SETS)),
    st.sampled_from([["Sales"], ["Marketing"], ["Marketing", "Sales"]]),
    max_size=1,
)


def otherwise(world: World, seats: dict[str, int], bundles: dict[str, list[str]]) -> World:
    other = deepcopy(world)
    other.seats, other.sets = seats, {**world.sets, **bundles}
    return other


@given(worlds(), SEATS, BUNDLES)
def test_it_is_what_the_vendor_has_once_either_plan_is_done(
    world: World, seats: dict[str, int], bundles: dict[str, list[str]]
) -> None:
    other = otherwise(world, seats, bundles)
    found = seat_differences(world.evaluation(), other.evaluation())
    today, then = holders_after_plan(world), holders_after_plan(other)
    holds = Standing.HOLDS
    assert {(o.user.id, o.product) for o in found if o.then is holds} == then - today
    assert {(o.user.id, o.product) for o in found if o.today is holds} == today - then


@given(worlds(), SEATS, BUNDLES)
def test_gains_are_losses_the_other_way_round_and_nothing_differs_from_itself(
    world: World, seats: dict[str, int], bundles: dict[str, list[str]]
) -> None:
    one, other = world.evaluation(), otherwise(world, seats, bundles).evaluation()
    there, back = seat_differences(one, other), seat_differences(other, one)
    for was in Standing:
        for becomes in Standing:
            assert pairs(there, was, becomes) == pairs(back, becomes, was)
    assert seat_differences(one, one) == ()


def test_who_waits_for_what_and_no_longer() -> None:
    world = World(sets={"Both": ["Sales", "Marketing"]}, seats={"Sales": 1, "Marketing": 0})
    world.person("ana", "Both")
    more, fewer, another = deepcopy(world), deepcopy(world), deepcopy(world)
    more.seats = {"Sales": 1, "Marketing": 1}
    assert told(world, more) == [
        ("ana", "Marketing", "waits", "holds"),
        ("ana", "Sales", "nothing", "holds"),
    ]
    fewer.seats = {"Sales": 0, "Marketing": 1}
    assert told(world, fewer) == [
        ("ana", "Marketing", "waits", "nothing"),
        ("ana", "Sales", "nothing", "waits"),
    ]
    another.sets = {"Both": ["Sales"]}
    assert told(world, another) == [
        ("ana", "Marketing", "waits", "nothing"),
        ("ana", "Sales", "nothing", "holds"),
    ]


def test_a_set_that_gets_another_product_gives_it_to_whoever_holds_the_set() -> None:
    """No operation is needed for that: the vendor's set has its products."""
    world = World(sets={"Sales Team": ["Sales"]}, seats={"Sales": 9, "Talent": 9})
    world.settled("ana", "Sales Team")
    other = deepcopy(world)
    other.sets = {"Sales Team": ["Sales", "Talent"]}
    assert other.plan().operations == ()
    assert told(world, other) == [("ana", "Talent", "nothing", "holds")]


def test_a_seat_of_one_product_is_none_of_another() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Marketing Team": ["Marketing"]},
        seats={"Sales": 1, "Marketing": 1},
    )
    world.person("ana", "Sales Team")
    other = deepcopy(world)
    other.seats = {"Sales": 0, "Marketing": 1}
    assert told(world, other) == [("ana", "Sales", "holds", "waits")]


def test_they_are_told_by_user_and_product() -> None:
    world = World(sets={"Both": ["Sales", "Marketing"]}, seats={"Sales": 0, "Marketing": 0})
    for name in ("ana", "bob", "eva"):
        world.person(name, "Both")
    other = deepcopy(world)
    other.seats = {"Sales": 3, "Marketing": 3}
    found = seat_differences(world.evaluation(), other.evaluation())
    assert [(o.user.id, o.product) for o in found] == [
        (one, product)
        for one in sorted(map(guid, ("ana", "bob", "eva")))
        for product in ("Marketing", "Sales")
    ]
