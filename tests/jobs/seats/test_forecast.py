"""When seats run out, by the plans that a store keeps."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from config.seats import SeatContract
from connectors.store.database import open_database
from jobs.context import Context
from jobs.output.rows.seat_orders import ForecastRow
from jobs.seats.forecast import forecast_rows
from reconciler.model.plan import Plan, SeatLine
from support.worlds.world import World

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PLAN = World().plan()
BOUGHT = SeatContract(purchased=50, price=Decimal(1200), currency="EUR", renews=date(2027, 2, 1))


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    store = open_database(f"sqlite:///{tmp_path / 'seatsync.db'}")
    settings = World().settings().model_copy(update={"seats": {"Sales": BOUGHT}})
    yield Context(settings, store, lambda: NOW)
    store.close()


def plan(number: int, at: datetime, wanted: int | None, purchased: int | None = 50) -> Plan:
    line = SeatLine(
        product="Sales", purchased=purchased, used_before=0, unmanaged=0,
        frees=0, takes=0, used_after=0, waiting=0, wanted=wanted,
    )  # fmt: skip
    basis = structs.replace(PLAN.basis, planned_at=at)
    return structs.replace(PLAN, id=f"{number:08x}", run=number, basis=basis, seats=(line,))


def said(context: Context, *plans: Plan) -> ForecastRow:
    with context.store.transaction() as tx:
        for one in plans:
            tx.plans.add(one)
    (row,) = forecast_rows(context)
    return row


def weekly(*wanted: int | None, purchased: int | None = 50) -> list[Plan]:
    """The last one is of today."""
    first = NOW - timedelta(weeks=len(wanted) - 1)
    return [
        plan(at + 1, first + timedelta(weeks=at), count, purchased)
        for at, count in enumerate(wanted)
    ]


def test_what_grows_runs_out_and_what_is_lacking_then_is_told(context: Context) -> None:
    row = said(context, *weekly(*range(20, 48)))
    assert row.runs_out == "in 2 to 4 weeks"
    assert (row.earliest, row.latest) == (date(2026, 12, 14), date(2026, 12, 28))
    assert (row.purchased, row.wanted, row.weeks) == (50, 47, 27)
    assert row.renews == date(2027, 2, 1)
    assert row.renewal_low
    assert row.renewal_high
    assert 50 < row.renewal_low < row.renewal_high < 80
    assert row.in_table("at_renewal") == f"{row.renewal_low} to {row.renewal_high}"
    assert row.to_order == 0


def test_what_is_lacking_now_is_to_be_ordered(context: Context) -> None:
    row = said(context, *weekly(*range(40, 54)))
    assert row.runs_out == "now: 3 seats are lacking"
    assert row.to_order == 3


def test_of_a_day_the_last_plan_counts(context: Context) -> None:
    """Whatever an earlier one of that day, or one for a single user, said."""
    plans = weekly(*[30] * 20)
    noise = [
        plan(100 + at, one.basis.planned_at - timedelta(hours=1), 9_999)
        for at, one in enumerate(plans)
    ]
    late = [structs.replace(one, id=f"{at:08d}", run=200 + at) for at, one in enumerate(plans)]
    aside = plan(-1, NOW, 9_999)
    row = said(context, *noise, *late, aside)
    assert (row.wanted, row.runs_out) == (30, "not within 19 weeks")


def test_an_undo_does_not_hide_what_the_plan_before_it_told(context: Context) -> None:
    row = said(context, *weekly(*[30] * 20), plan(100, NOW + timedelta(days=1), None))
    assert (row.wanted, row.runs_out) == (30, "not within 19 weeks")


@pytest.mark.parametrize(
    ("plans", "told"),
    [
        (weekly(*range(13)), "unknown: 12 of the 13 weeks that are needed are known"),
        (weekly(*range(14), purchased=None), "unknown: nobody knows how many are purchased"),
        (weekly(*[None] * 20, 10), "unknown: 0 of the 13 weeks that are needed are known"),
    ],
)
def test_nothing_is_said_where_not_enough_is_known(
    context: Context, plans: list[Plan], told: str
) -> None:
    row = said(context, *plans)
    assert row.runs_out == told
    assert (row.earliest, row.latest) == (None, None)
