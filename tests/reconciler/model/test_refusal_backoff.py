"""When what the vendor refused is asked for again: ever more rarely, and at last every week."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.refusal_backoff import (
    ASKED_EVERY_TIME,
    LONGEST_PAUSE,
    Refusal,
    refusals_after,
    resting,
)

FIRST = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
KEY = "ana joins Sales Team"


def nights(count: int) -> list[int]:
    """The nights on which it is asked for, where it is refused each time."""
    refusals: dict[str, Refusal] = {}
    asked = []
    for night in range(count):
        now = FIRST + timedelta(days=night)
        if KEY not in resting(refusals, now):
            asked.append(night)
            refusals |= known(refusals_after(refusals, {KEY: "no"}, (), now))
    return asked


def known(after: dict[str, Refusal | None]) -> dict[str, Refusal]:
    return {key: one for key, one in after.items() if one}


def test_v18_it_is_asked_for_twice_and_then_ever_more_rarely() -> None:
    assert nights(30) == [0, 1, 3, 7, 14, 21, 28]


def test_a_run_that_begins_some_minutes_earlier_is_that_days_run() -> None:
    refused = Refusal(2, FIRST, FIRST + timedelta(days=1), "no")
    assert KEY in resting({KEY: refused}, FIRST + timedelta(days=2, hours=20))
    assert KEY not in resting({KEY: refused}, FIRST + timedelta(days=3, minutes=-30))


@given(times=st.integers(0, 10_000), hours=st.integers(0, 24 * 30))
def test_nobody_waits_who_was_refused_less_often_and_nobody_for_ever(
    times: int, hours: int
) -> None:
    now = FIRST + timedelta(hours=hours)
    waits = bool(resting({KEY: Refusal(times, FIRST, FIRST, "no")}, now))
    assert not (waits and times < ASKED_EVERY_TIME)
    assert not (waits and hours >= 24 * LONGEST_PAUSE)


def test_what_is_done_is_refused_no_more() -> None:
    before = {KEY: Refusal(5, FIRST, FIRST, "no")}
    assert refusals_after(before, {}, [KEY, "bob joins Sales Team"], FIRST) == {KEY: None}


@pytest.mark.parametrize("times", [0, 4])
def test_a_refusal_keeps_its_first_day_and_has_the_last_words(times: int) -> None:
    before = {KEY: Refusal(times, FIRST, FIRST, "no")} if times else {}
    now = FIRST + timedelta(days=7)
    since = FIRST if times else now
    after = refusals_after(before, {KEY: "never"}, (), now)
    assert after == {KEY: Refusal(times + 1, since, now, "never")}
