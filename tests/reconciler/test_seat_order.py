"""The cheapest order of seats: always enough, and never dearer than the best of all orders."""

from collections.abc import Iterator
from ctypes import CDLL
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.seat_order import Offer, Ordered, cheapest_order

PRODUCTS = ("Sales", "Marketing", "Talent")
BOTH = ("Sales", "Marketing")

lacks = st.dictionaries(st.sampled_from(PRODUCTS), st.integers(-1, 6))
offers = st.builds(
    Offer,
    name=st.just("an offer"),
    products=st.lists(st.sampled_from(PRODUCTS), min_size=1, unique=True).map(tuple),
    price=st.integers(0, 30_000).map(lambda cents: Decimal(cents) / 100),
    pack=st.integers(1, 4),
    minimum=st.integers(0, 9),
)
several = st.lists(offers, max_size=4)


def cost(order: tuple[Ordered, ...]) -> Decimal:
    return sum((one.cost for one in order), Decimal(0))


def seats(order: tuple[Ordered, ...], product: str) -> int:
    return sum(one.count for one in order if product in one.offer.products)


def sold(lacking: dict[str, int], offered: list[Offer]) -> dict[str, int]:
    return {p: n for p, n in lacking.items() if any(p in one.products for one in offered)}


def all_orders(offered: list[Offer], most: int) -> Iterator[tuple[Ordered, ...]]:
    """With no more of each than would do for every product, or than its minimum."""
    choices = [
        [
            Ordered(one, count)
            for count in range(0, max(most, one.minimum) + one.pack, one.pack)
            if count == 0 or count >= one.minimum
        ]
        for one in offered
    ]
    yield from product(*choices)


@given(lacks, several)
def test_whoever_waits_gets_a_seat_and_every_offer_is_kept_to(
    lacking: dict[str, int], offered: list[Offer]
) -> None:
    order = cheapest_order(lacking, offered)
    for name, count in sold(lacking, offered).items():
        assert seats(order, name) >= count
    for one in order:
        assert one.count % one.offer.pack == 0
        assert one.count >= max(one.offer.minimum, 1)


@given(lacks, several)
def test_no_order_is_cheaper(lacking: dict[str, int], offered: list[Offer]) -> None:
    needs = sold(lacking, offered)
    enough = (
        order
        for order in all_orders(offered, max(needs.values(), default=0))
        if all(seats(order, name) >= count for name, count in needs.items())
    )
    assert cost(cheapest_order(lacking, offered)) == min(map(cost, enough))


def told(lacking: dict[str, int], *offered: Offer) -> dict[str, int]:
    return {one.offer.name: one.count for one in cheapest_order(lacking, offered)}


SINGLE = (Offer("Sales", ("Sales",), Decimal(1200)), Offer("Marketing", BOTH[1:], Decimal(900)))


@pytest.mark.parametrize(
    ("lacking", "bundle", "order"),
    [
        ({"Sales": 3, "Marketing": 2}, {}, {"Growth": 2, "Sales": 1}),
        ({"Sales": 3}, {}, {"Sales": 3}),
        ({"Sales": 3, "Marketing": 2}, {"minimum": 5}, {"Sales": 3, "Marketing": 2}),
        ({"Sales": 5, "Marketing": 4}, {"minimum": 5}, {"Growth": 5}),
        ({"Sales": 10, "Marketing": 9}, {"pack": 5}, {"Growth": 10}),
        ({"Sales": 6, "Marketing": 6}, {"pack": 5}, {"Growth": 5, "Sales": 1, "Marketing": 1}),
        ({"Sales": 0, "Marketing": -2}, {}, {}),
        ({"Talent": 3}, {}, {}),
    ],
)
def test_what_is_bought_together(
    lacking: dict[str, int], bundle: dict[str, int], order: dict[str, int]
) -> None:
    assert told(lacking, *SINGLE, Offer("Growth", BOTH, Decimal(1600), **bundle)) == order


def test_costs_are_compared_to_the_cent_also_of_a_million_seats() -> None:
    dear, cheap = Offer("a", ("Sales",), Decimal("1200.01")), Offer("b", ("Sales",), Decimal(1200))
    assert told({"Sales": 1_000_000}, dear, cheap) == {"b": 1_000_000}
    almost = Offer("pack", ("Sales",), Decimal("1199.99"), pack=999_999)
    assert told({"Sales": 999_999}, dear, cheap, almost) == {"pack": 999_999}


def test_the_solver_says_nothing_where_results_are_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Its output is C's: it comes when that is flushed, and past Python's own stdout."""
    cheapest_order({"Sales": 3}, [Offer("s", ("Sales",), Decimal(100))])
    CDLL(None).fflush(None)
    assert capfd.readouterr() == ("", "")
