"""When the next run is due: cron's times in a zone, missed ones once, later where runs fail."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.timetable import Timetable
from jobs.run_history.quarantine_backoff import Quarantine
from jobs.scheduling.due import next_due

BERLIN = ZoneInfo("Europe/Berlin")
FORWARD, BACK = "2026-03-29", "2026-10-25"
"""Of Berlin's daylight saving: there is no 02:30, and there are two."""


def due(timetable: dict[str, Any], last: str, resting: Quarantine | None = None) -> str:
    """All in Berlin, and with its offset where that says which of two it is."""
    began = datetime.fromisoformat(last).replace(tzinfo=BERLIN)
    found = next_due(Timetable(**timetable), BERLIN, began, resting).astimezone(BERLIN)
    return f"{found:%Y-%m-%d %H:%M %Z}"


@pytest.mark.parametrize(
    ("timetable", "last", "expected"),
    [
        ({"at": ["03:00"]}, "2026-11-24 12:00", "2026-11-25 03:00 CET"),
        ({"at": ["03:00", "23:30"]}, "2026-11-24 12:00", "2026-11-24 23:30 CET"),
        ({"at": ["03:00"]}, "2026-11-24 03:00:01", "2026-11-25 03:00 CET"),
        ({"cron": "30 3 * * MON-FRI"}, "2026-11-27 03:30", "2026-11-30 03:30 CET"),
        ({"cron": "0 4 1 * *"}, "2026-11-24 12:00", "2026-12-01 04:00 CET"),
        ({"every": "40m"}, "2026-11-24 12:00", "2026-11-24 12:40 CET"),
    ],
)
def test_the_next_run_is_due(timetable: dict[str, Any], last: str, expected: str) -> None:
    assert due(timetable, last) == expected


@pytest.mark.parametrize(
    ("timetable", "last", "expected"),
    [
        # The hour after the change is the timetable's own on both days.
        ({"at": ["04:00"]}, f"{FORWARD} 00:00", f"{FORWARD} 04:00 CEST"),
        ({"at": ["04:00"]}, f"{BACK} 00:00", f"{BACK} 04:00 CET"),
        # A time of day that there is not comes when the clock is put forward.
        ({"at": ["02:30"]}, f"{FORWARD} 00:00", f"{FORWARD} 03:00 CEST"),
        ({"at": ["02:30"]}, f"{FORWARD} 03:00:05", "2026-03-30 02:30 CEST"),
        # One that there is twice comes once.
        ({"at": ["02:30"]}, f"{BACK} 00:00", f"{BACK} 02:30 CEST"),
        ({"at": ["02:30"]}, f"{BACK} 02:30:05", "2026-10-26 02:30 CET"),
        # Every hour is every hour, and an interval is one.
        ({"cron": "30 * * * *"}, f"{BACK} 02:30", f"{BACK} 02:30 CET"),
        ({"every": "24h"}, "2026-10-24 12:00", f"{BACK} 11:00 CET"),
    ],
)
def test_daylight_saving_moves_no_run(timetable: dict[str, Any], last: str, expected: str) -> None:
    assert due(timetable, last) == expected


def test_what_began_in_the_second_of_two_equal_hours_is_not_followed_by_the_first() -> None:
    began = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN)
    found = next_due(Timetable(at=("02:30",)), BERLIN, began)
    assert found.astimezone(BERLIN).date() == date(2026, 10, 26)


def test_missed_runs_are_caught_up_once() -> None:
    nightly, monday = Timetable(at=("03:00",)), datetime(2026, 11, 23, 3, 0, 1, tzinfo=UTC)
    missed = next_due(nightly, UTC, monday)
    assert missed == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    caught_up = datetime(2026, 11, 27, 9, 12, tzinfo=UTC)
    assert next_due(nightly, UTC, caught_up) == datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timetable", "failures", "expected"),
    [
        ({"every": "40m"}, 3, "2026-11-24 13:00 CET"),
        ({"every": "40m"}, 5, "2026-11-24 16:00 CET"),
        ({"cron": "*/10 * * * *"}, 4, "2026-11-24 14:10 CET"),
        ({"every": "40m"}, 99, "2026-11-25 08:00 CET"),
        ({"every": "2d"}, 99, "2026-11-26 12:00 CET"),
        ({"at": ["12:00"]}, 99, "2026-11-25 12:00 CET"),  # a nightly run keeps its hour
    ],
)
def test_where_runs_keep_failing_they_come_ever_more_rarely(
    timetable: dict[str, Any], failures: int, expected: str
) -> None:
    resting = Quarantine(datetime(2026, 11, 24, tzinfo=UTC), failures)
    assert due(timetable, "2026-11-24 12:00", resting) == expected


def test_jitter_is_each_places_own_and_each_days_and_stays() -> None:
    timetable = Timetable.model_validate({"at": ["03:00"], "jitter": "30m"})
    dues = {
        (place, day): next_due(timetable, UTC, datetime(2026, 11, day, 12, tzinfo=UTC), None, place)
        for place in ("a", "b")
        for day in (1, 2)
    }
    late = {at: found - found.replace(hour=3, minute=0, second=0, microsecond=0)
            for at, found in dues.items()}  # fmt: skip
    assert len(set(late.values())) == 4
    assert all(timedelta(0) <= one < timedelta(minutes=30) for one in late.values())
    assert (
        next_due(timetable, UTC, datetime(2026, 11, 1, 17, tzinfo=UTC), None, "a") == dues["a", 1]
    )


ZONES = ("Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kolkata", "Asia/Beirut",
         "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Chatham", "UTC")  # fmt: skip


@given(
    st.sampled_from(ZONES),
    st.times().map(lambda at: f"{at:%H:%M}"),
    st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1)),
)
def test_in_every_zone_there_is_one_run_a_day_at_its_time(
    name: str, at: str, began: datetime
) -> None:
    zone, timetable = ZoneInfo(name), Timetable(at=(at,))
    last, days = began.replace(tzinfo=UTC), []
    for _ in range(5):
        found = next_due(timetable, zone, last)
        assert found > last
        local = found.astimezone(zone)
        there_is = datetime.fromisoformat(f"{local:%F} {at}").replace(tzinfo=zone)
        if there_is.astimezone(UTC).astimezone(zone) == there_is:
            assert f"{local:%H:%M}" == at
        days.append(local.date())
        last = found + timedelta(seconds=1)
    assert days == [days[0] + timedelta(days=count) for count in range(5)]
