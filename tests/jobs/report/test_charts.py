"""The page's pictures have the right sizes, and stay within their frames."""

from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.store.plans import SeatLines
from jobs.report.charts import TokenDays, use_over_time
from reconciler.model.plan import SeatLine
from support.worlds.world import World

DAY = datetime(2026, 11, 24, tzinfo=UTC)


def found(used: int, purchased: int | None, waiting: int = 0, idle: int | None = None) -> SeatLine:
    return SeatLine(
        product="Sales", purchased=purchased, used_before=used, unmanaged=0,
        frees=0, takes=0, used_after=used, waiting=waiting, idle=idle,
    )  # fmt: skip


def history(*points: tuple[int, int, int | None]) -> list[tuple[datetime, SeatLines]]:
    """A day, seats in use, and seats purchased, each."""
    return [
        (DAY + timedelta(days=day), (found(used, purchased),)) for day, used, purchased in points
    ]


def test_use_is_drawn_by_time_and_against_what_was_purchased() -> None:
    (use,) = use_over_time(history((0, 0, 10), (1, 5, 10), (4, 20, 20)))
    assert use.used_line == "0.00,38.00 25.00,29.00 100.00,2.00"
    assert use.purchased_path == "M0.00 20.00 H25.00 V20.00 H100.00 V2.00"


def test_of_plans_of_one_moment_the_last_is_drawn() -> None:
    points = history((0, 0, 10), (5, 5, 10), (10, 5, 10), (10, 10, 10))
    (use,) = use_over_time(points)
    assert use.used_line == "0.00,38.00 50.00,20.00 100.00,2.00"


def test_who_waits_is_drawn_to_the_same_height_and_only_if_anybody_does() -> None:
    days = [DAY, DAY + timedelta(days=1), DAY + timedelta(days=4)]
    waiting = zip(days, (0, 5, 10), strict=True)
    (use,) = use_over_time([(day, (found(10, 10, count),)) for day, count in waiting])
    assert use.waiting_line == "0.00,38.00 25.00,20.00 100.00,2.00"
    (nobody,) = use_over_time(history((0, 5, 10), (1, 5, 10)))
    assert nobody.waiting_line == ""


def test_what_nobody_uses_is_drawn_from_the_day_on_which_it_is_known() -> None:
    days = [DAY + timedelta(days=at) for at in range(5)]
    idle = zip(days, (None, 5, 10, None, 0), strict=True)
    (use,) = use_over_time([(day, (found(10, 10, idle=count),)) for day, count in idle])
    assert use.idle_path == "M25.00 20.00 L50.00 2.00 M100.00 38.00"
    (unwatched,) = use_over_time(history((0, 5, 10), (1, 5, 10)))
    assert unwatched.idle_path == ""


def test_nothing_is_drawn_of_what_nobody_knew() -> None:
    (use,) = use_over_time(history((0, 5, 10), (1, 5, None), (2, 5, 10)))
    assert use.purchased_path == "M0.00 2.00 M100.00 2.00"


@pytest.mark.parametrize("points", [(), ((0, 5, 10),)], ids=["no plan", "the first plan"])
def test_one_point_is_no_history(points: tuple[tuple[int, int, int | None], ...]) -> None:
    assert use_over_time(history(*points)) == []


def test_a_product_of_which_nothing_is_in_use_lies_on_the_ground() -> None:
    (use,) = use_over_time(history((0, 0, 0), (0, 0, 0)))
    assert use.used_line == "0.00,38.00 0.00,38.00"


@pytest.mark.parametrize(
    ("today", "left", "share"),
    [
        (date(2026, 9, 1), 180, "100.00"),
        (date(2026, 11, 30), 90, "50.00"),
        (date(2027, 3, 1), 0, "0.00"),
    ],
)
def test_the_tokens_days_are_shown_as_a_share_of_its_life(
    today: date, left: int, share: str
) -> None:
    token = TokenDays.of_vendor(World().settings().vendor, today)
    assert token
    assert (token.left, token.whole, token.share) == (left, 180, share)


def test_nothing_is_known_of_the_token_before_the_one_of_the_configuration() -> None:
    assert TokenDays.of_vendor(World().settings().vendor, date(2026, 8, 31)) is None
