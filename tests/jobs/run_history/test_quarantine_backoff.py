"""Quarantine: three failures in a row begin it; a success, or a person, ends it."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.store.runs import RunRecord
from jobs.run_history.quarantine_backoff import Quarantine, quarantine

FIRST = datetime(2026, 11, 1, 3, tzinfo=UTC)

KINDS = {"r": "run", "x": "run", "p": "resume"}
SUMMARIES = {"r": "3 people gain a seat", "x": "interrupted"}


def runs(*exit_codes: int | None, kinds: str = "") -> list[RunRecord]:
    """One a day, oldest first as they are given; newest first as the store has them."""
    kinds = kinds or "r" * len(exit_codes)
    return [
        RunRecord(str(day), KINDS[kind], FIRST + timedelta(day), None, code, SUMMARIES.get(kind))
        for day, (code, kind) in enumerate(zip(exit_codes, kinds, strict=True))
    ][::-1]


@pytest.mark.parametrize(
    ("history", "failures"),
    [
        (runs(), 0),
        (runs(1, 1), 0),
        (runs(1, 1, 1), 3),
        (runs(1, 5, 1, 1), 4),  # nothing could be read: that is a failure, too
        (runs(1, 1, None, 1), 3),  # one that was killed says nothing
        (runs(1, 1, 1, 1, kinds="rrxr"), 3),  # nor does one that a person ended
        (runs(1, 1, 1, kinds="rrx"), 0),
        (runs(1, 1, 0, 1), 0),
        *((runs(1, 1, 1, well), 0) for well in (0, 2, 3, 4)),
        (runs(1, 1, 1, 0, kinds="rrrp"), 0),
        (runs(1, 1, 1, 0, 1, 1, 1, kinds="rrrprrr"), 3),
    ],
)
def test_it_follows_from_the_history_of_runs(history: list[RunRecord], failures: int) -> None:
    found = quarantine(history)
    assert (found.failures if found else 0) == failures


def test_it_lasts_since_the_failure_that_was_one_too_many() -> None:
    assert quarantine(runs(0, 1, 1, 1, 1, 1)) == Quarantine(FIRST + timedelta(3), 5)


def test_pauses_double_to_about_a_day() -> None:
    pauses = [Quarantine(FIRST, failures).pause for failures in (3, 4, 5, 6, 7, 8, 9, 1_000)]
    assert [pause.total_seconds() / 3600 for pause in pauses] == [1, 2, 4, 8, 16, 20, 20, 20]
