"""Whose seats are idle in a whole world, and what these seats are worth."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from config.seats import SeatContract
from reconciler.columns import frames
from reconciler.idle.idle_seats import IdleProduct, IdleSeat, idle_products, idle_seats
from reconciler.model.sign_ins import SeatUse, Watch
from support.worlds.world import NOW, World, guid

DAYS = timedelta(days=90)
LONG_AGO = NOW - timedelta(days=200)


def used(world: World, *, held: datetime = LONG_AGO, **last: datetime) -> SeatUse:
    """Everybody holds their seat since then; some were seen."""
    watch = Watch("app", LONG_AGO, NOW)
    return SeatUse(
        watch,
        frames.frame(
            frames.LAST_SIGN_INS, ({"id": guid(name), "last": at} for name, at in last.items())
        ),
        frames.frame(
            frames.HELD_SINCE,
            ({"set": name, "account": at, "since": held} for name, at in world.holdings),
        ),
    )


def found(world: World, use: SeatUse, *on_leave: str) -> tuple[IdleSeat, ...]:
    assert use.watch is not None
    return idle_seats(world.evaluation(), use, use.watch, {guid(who) for who in on_leave}, DAYS)


def names(seats: tuple[IdleSeat, ...]) -> list[str]:
    return [seat.user.name.split("@")[0] for seat in seats]


def test_whoever_was_not_seen_for_long_is_named_the_longest_first() -> None:
    world = World()
    for name in ("ana", "ben", "cleo", "dan"):
        world.settled(name, "Sales Team")
    use = used(
        world,
        ana=NOW - timedelta(days=89),
        ben=NOW - timedelta(days=91),
        cleo=NOW - timedelta(days=120),
    )
    seats = found(world, use)
    assert names(seats) == ["dan", "cleo", "ben"]
    never, cleo, _ = seats
    assert (never.last_sign_in, never.unused_since) == (None, LONG_AGO)
    assert (never.set, never.products, never.account) == ("Sales Team", ("Sales",), "acc-dan")
    assert cleo.last_sign_in == cleo.unused_since == NOW - timedelta(days=120)


def test_a_new_seat_is_not_idle() -> None:
    world = World()
    world.settled("ana", "Sales Team")
    assert found(world, used(world, held=NOW - timedelta(days=89))) == ()
    assert names(found(world, used(world, held=NOW - timedelta(days=90)))) == ["ana"]


def test_protected_users_admins_the_operator_and_those_on_leave_are_never_named() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Portal Admins": ["Sales"]},
        admins=("Portal Admins",),
        policy={"protected": ["ana@example.org"]},
        vendor={"operator": "ben@example.org"},
    )
    for name in ("ana", "ben", "cleo", "dan"):
        world.settled(name, "Sales Team")
    world.settled("eva", "Portal Admins")
    assert names(found(world, used(world))) == ["cleo", "dan"]
    assert names(found(world, used(world), "cleo")) == ["dan"]


def test_nobody_is_named_whose_case_is_not_plain() -> None:
    """They lose the seat anyway, move, are in two sets, were not read, or are not known."""
    world = World(sets={"Sales Team": ["Sales"], "Night Desk": ["Sales"]})
    world.settled("plain", "Sales Team")
    world.person("gone")
    world.account("gone", "Sales Team")
    world.person("moving", "Night Desk")
    world.account("moving", "Sales Team")
    world.person("both", "Night Desk", "Sales Team")
    world.account("both", "Sales Team")
    world.person("unclear", "Sales Team", presence="uncertain")
    world.account("unclear", "Sales Team")
    world.account("nobodys", "Sales Team")
    world.person("asleep", "Sales Team")
    world.account("asleep", "Sales Team", active=False)
    assert names(found(world, used(world))) == ["plain"]


def test_a_group_that_was_not_read_names_nobody() -> None:
    world = World()
    world.settled("ana", "Sales Team")
    world.reads["Sales Team"] = {"complete": False, "because": "a page was lost"}
    assert found(world, used(world)) == ()


@pytest.mark.parametrize(
    ("contract", "cost", "currency"),
    [
        (SeatContract(purchased=1), None, None),
        (SeatContract(purchased=1, price=Decimal("1200.50"), currency="EUR"), "2401.00", "EUR"),
    ],
)
def test_what_idle_seats_are_worth(
    contract: SeatContract, cost: str | None, currency: str | None
) -> None:
    world = World(seats={"Sales": 2})
    for name in ("ana", "ben"):
        world.settled(name, "Sales Team")
    world.person("cleo", "Sales Team")
    seats, lines = found(world, used(world)), world.evaluation().seats
    assert idle_products(seats, lines, {"Sales": contract}) == (
        IdleProduct("Sales", 2, 1, cost and Decimal(cost), currency, None),
    )
    assert idle_products((), lines, {"Sales": contract}) == ()
    renewed = contract.model_copy(update={"renews": date(2027, 3, 31)})
    assert idle_products(seats, lines, {"Sales": renewed})[0].renews == date(2027, 3, 31)
    assert idle_products(seats, lines, {})[0].cost is None
