"""When seats run out, by how many were wanted until now."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.forecast import LEAST_WEEKS, MOST_WEEKS, Forecast, Wanted, by_week, forecast

DAY = date(2026, 1, 5)

TINY = 1e-3

WEEKLY = st.lists(st.integers(0, 300), min_size=LEAST_WEEKS + 1, max_size=80)


def weeks(*wanted: int) -> list[Wanted]:
    return [(DAY + timedelta(weeks=at), count) for at, count in enumerate(wanted)]


def told(*wanted: int) -> Forecast:
    found = forecast(weeks(*wanted))
    assert found
    return found


def test_a_week_ends_with_what_was_known_then_and_the_last_one_with_the_last_day() -> None:
    days = [(0, 5), (3, 6), (10, 9), (16, 7), (17, 8)]
    assert by_week([(DAY + timedelta(days=day), count) for day, count in days]) == [6, 9, 8]
    assert by_week([(DAY, 5)]) == [5]
    assert by_week([]) == []


def test_of_too_short_a_time_nothing_is_said() -> None:
    assert forecast(weeks(*range(LEAST_WEEKS))) is None
    assert forecast(weeks(*range(LEAST_WEEKS + 1)))
    assert forecast([]) is None


def test_steady_growth_goes_on_in_percent_and_runs_out_in_a_certain_week() -> None:
    found = told(*(2**at - 1 for at in range(LEAST_WEEKS + 1)))
    assert found.drift == pytest.approx(math.log(2))
    assert found.after(2) == (2 ** (LEAST_WEEKS + 2) - 1,) * 2
    assert found.runs_out(2 ** (LEAST_WEEKS + 2) - 2) == (2, 2)
    assert found.runs_out(2 ** (LEAST_WEEKS + 2) - 1) == (3, 3)


def test_where_nothing_ever_changed_nothing_will() -> None:
    assert told(*[7] * 30).runs_out(7) == (None, None)


def test_nothing_is_said_of_more_weeks_than_are_known_and_of_a_year_at_most() -> None:
    assert told(*[7] * 20).weeks == 19
    assert told(*[7] * 90).weeks == MOST_WEEKS
    assert told(*[90] * 40, *[7] * 53).deviation == 0


def test_a_drift_that_chance_alone_makes_is_none() -> None:
    assert told(*[10 + at % 2 for at in range(40)]).drift == 0
    assert told(*[100 + at + at % 2 for at in range(40)]).drift > 0


@pytest.mark.parametrize("purchased", [12, 20, 40])
def test_more_seats_last_longer(purchased: int) -> None:
    found = told(*[at // 2 + at % 3 for at in range(40)])
    fewer, more = found.runs_out(purchased), found.runs_out(purchased + 5)
    for sooner, later in zip(fewer, more, strict=True):
        assert (sooner or MOST_WEEKS + 1) <= (later or MOST_WEEKS + 1)


@given(WEEKLY)
def test_the_range_has_what_the_drift_alone_leads_to(wanted: list[int]) -> None:
    found = told(*wanted)
    for week in range(1, found.weeks + 1):
        low, high = found.after(week)
        assert low - TINY <= found.expected(week) <= high + TINY


@given(WEEKLY, st.integers(0, 400))
def test_it_runs_out_in_the_first_week_whose_range_says_so(
    wanted: list[int], purchased: int
) -> None:
    found = told(*wanted)
    earliest, latest = found.runs_out(purchased)
    for week in range(1, found.weeks + 1):
        low, high = found.after(week)
        assert high <= purchased or (earliest is not None and earliest <= week)
        assert low <= purchased or (latest is not None and latest <= week)
    assert latest is None or (earliest is not None and earliest <= latest)
