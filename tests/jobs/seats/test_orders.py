"""What is to be ordered at least cost, as `seatsync forecast` says it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from config.seats import Bundle, SeatContract
from config.settings import Settings
from jobs.output.rows.seat_orders import ForecastRow
from jobs.seats.orders import order_rows, total
from support.worlds.world import World

WAITING, RENEWAL = "nobody waits", "it lasts to the renewal"
GROWTH = Bundle(products=("Sales", "Marketing"), price=Decimal(1600), currency="EUR")


def settings(bundles: dict[str, Bundle] | None = None, **prices: str | None) -> Settings:
    """Per product its price with the currency, or None."""
    seats: dict[str, Any] = {}
    for product, told in prices.items():
        price, currency = told.split() if told else (None, None)
        seats[product] = SeatContract(
            purchased=10, price=None if price is None else Decimal(price), currency=currency
        )
    return World().settings().model_copy(update={"seats": seats, "bundles": bundles or {}})


def row(product: str, lacking: int | None, renewal_high: int | None = None) -> ForecastRow:
    return ForecastRow(
        product=product, purchased=10, wanted=10, weeks=20, runs_out="", earliest=None,
        latest=None, renews=date(2027, 3, 31), renewal_low=None, renewal_high=renewal_high,
        to_order=lacking,
    )  # fmt: skip


def said(given: Settings, *rows: ForecastRow) -> list[tuple[str, str, int, str]]:
    orders = order_rows(given, rows)
    return [(one.so_that, one.offer, one.count, str(one.in_table("cost"))) for one in orders]


def test_bundles_are_taken_where_that_is_cheaper() -> None:
    given = settings({"Growth": GROWTH}, Sales="1200 EUR", Marketing="900 EUR")
    orders = order_rows(given, [row("Sales", 3), row("Marketing", 2)])
    assert [(one.offer, one.count, one.cost, one.currency) for one in orders] == [
        ("Sales", 1, 1200, "EUR"),
        ("Growth", 2, 3200, "EUR"),
    ]
    assert orders[1].products == ("Sales", "Marketing")
    assert [*total(orders)] == ["So that nobody waits: 4,400.00 EUR a year."]


def test_what_will_be_wanted_until_the_renewal_is_an_order_of_its_own() -> None:
    given = settings(Sales="1200 EUR", Marketing="900 EUR")
    assert said(given, row("Sales", 1, 15), row("Marketing", 0, 8)) == [
        (WAITING, "Sales", 1, "1,200.00"),
        (RENEWAL, "Sales", 5, "6,000.00"),
    ]
    assert said(given, row("Sales", 1, 11)) == [(WAITING, "Sales", 1, "1,200.00")]


@pytest.mark.parametrize("lacking", [0, None])
def test_nothing_is_ordered_where_nothing_is_known_to_lack(lacking: int | None) -> None:
    assert said(settings(Sales="1200 EUR"), row("Sales", lacking)) == []


def test_of_unknown_price_is_told_how_many_seats_are_lacking() -> None:
    given = settings(Sales="1200 EUR", Talent=None)
    orders = order_rows(given, [row("Sales", 1), row("Talent", 4)])
    assert [(one.offer, one.count, one.cost) for one in orders] == [
        ("Sales", 1, 1200),
        ("Talent", 4, None),
    ]
    assert [*total(orders)] == ["So that nobody waits: 1,200.00 EUR a year."]


def test_two_currencies_are_not_added_up() -> None:
    orders = order_rows(
        settings(Sales="1200 EUR", Talent="10 USD"), [row("Sales", 1), row("Talent", 4)]
    )
    assert [*total(orders)] == ["So that nobody waits: 1,200.00 EUR and 40.00 USD a year."]
