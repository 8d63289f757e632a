"""A seat is idle only by time that was watched: the rule of `seatsync idle`, as properties."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reconciler.columns.frames import Times
from reconciler.idle.rule import FRESH, idle, unused_since
from reconciler.model.sign_ins import Watch

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAYS = timedelta(days=90)

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 24, 3))
maybe = st.one_of(st.none(), moments)
lags = st.timedeltas(timedelta(0), timedelta(days=3))


@st.composite
def watches(draw: st.DrawFn) -> Watch:
    through = NOW - draw(lags)
    since = min(draw(moments).replace(tzinfo=UTC), through)
    return Watch("app", since, through)


def times(*given: datetime | None) -> Times:
    return np.array([np.datetime64(one or "NaT", "us") for one in given])


def is_idle(
    last: datetime | None,
    held: datetime | None,
    watch: Watch,
    *,
    exempt: bool = False,
    days: timedelta = DAYS,
) -> bool:
    found = idle(times(last), times(held), np.array([exempt]), watch, days, NOW)
    return bool(found[0])


def since(watch: Watch, last: datetime | None, held: datetime | None) -> datetime:
    moment: datetime = unused_since(times(last), times(held), watch)[0].item()
    return moment.replace(tzinfo=UTC)


@given(maybe, maybe, watches())
def test_whoever_is_exempt_is_never_named(
    last: datetime | None, held: datetime | None, watch: Watch
) -> None:
    assert not is_idle(last, held, watch, exempt=True, days=timedelta(0))


@given(moments, maybe, watches())
def test_whoever_was_seen_within_the_time_is_never_named(
    last: datetime, held: datetime | None, watch: Watch
) -> None:
    if is_idle(last, held, watch):
        assert last.replace(tzinfo=UTC) <= watch.through - DAYS


@given(maybe, maybe, watches())
def test_whoever_has_the_seat_for_a_shorter_time_is_never_named(
    last: datetime | None, held: datetime | None, watch: Watch
) -> None:
    if is_idle(last, held, watch):
        assert held is not None
        assert held.replace(tzinfo=UTC) <= watch.through - DAYS


@given(maybe, maybe, watches())
def test_nobody_is_named_before_the_watch_is_that_long_or_after_it_has_ended(
    last: datetime | None, held: datetime | None, watch: Watch
) -> None:
    if is_idle(last, held, watch):
        assert watch.through - watch.since >= DAYS
        assert NOW - watch.through <= FRESH


@given(maybe, maybe, watches(), moments)
def test_to_be_seen_once_takes_somebody_off_the_list_and_puts_nobody_on_it(
    last: datetime | None, held: datetime | None, watch: Watch, again: datetime
) -> None:
    seen = max(again, last or again)
    if is_idle(seen, held, watch):
        assert is_idle(last, held, watch)
    assert not is_idle(watch.through.replace(tzinfo=None), held, watch)


@given(maybe, moments, watches())
def test_all_others_are_named(last: datetime | None, held: datetime, watch: Watch) -> None:
    latest = since(watch, last, held)
    candidates = [held.replace(tzinfo=UTC), watch.since]
    assert latest == max([*candidates, *([last.replace(tzinfo=UTC)] if last else [])])
    fresh = NOW - watch.through <= FRESH
    assert is_idle(last, held, watch) == (fresh and watch.through - latest >= DAYS)


def test_a_seat_of_which_nobody_knows_since_when_it_is_held_is_not_idle() -> None:
    watch = Watch("app", NOW - timedelta(days=300), NOW)
    assert not is_idle(None, None, watch)
    assert is_idle(None, datetime(2026, 2, 1), watch)
