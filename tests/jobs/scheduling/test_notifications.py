"""What is told of the timetable: a run that was missed, a quarantine that begins and ends."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.store.runs import RunRecord
from jobs.scheduling.notifications import timetable_news

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def nights(*exit_codes: int) -> list[RunRecord]:
    return [
        RunRecord(str(back), "run", NOW - timedelta(back), None, code, "")
        for back, code in enumerate(reversed(exit_codes))
    ]


@pytest.mark.parametrize(
    ("exit_codes", "late", "keys"),
    [
        ((0, 0), timedelta(0), []),
        ((0, 0), timedelta(hours=1), []),
        ((0, 0), timedelta(hours=5), ["missed 2026-11-23 22:00 UTC"]),
        ((0, 1, 1), timedelta(0), []),
        ((0, 1, 1, 1), timedelta(0), ["quarantine 2026-11-24 03:00"]),
        ((0, 1, 1, 1, 1), timedelta(0), ["quarantine 2026-11-23 03:00"]),  # of the same: told once
        ((0, 1, 1, 1, 0), timedelta(0), ["quarantine left 2026-11-23 03:00"]),
        ((0, 1, 1, 1, 0, 0), timedelta(0), []),
        ((0, 1, 1, 0), timedelta(0), []),
    ],
)
def test_what_is_told(exit_codes: tuple[int, ...], late: timedelta, keys: list[str]) -> None:
    found = list(timetable_news(nights(*exit_codes), NOW - late, NOW))
    assert [notice.key for notice in found] == keys
    assert not any(notice.again for notice in found)
