"""When the next run is due, by the timetable, the last run and the quarantine. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from hashlib import sha256

from cronsim import CronSim

from config.timetable import Timetable
from jobs.run_history.quarantine_backoff import Quarantine


def next_due(
    timetable: Timetable,
    zone: tzinfo,
    last: datetime,
    resting: Quarantine | None = None,
    place: str = "",
) -> datetime:
    """The time (UTC) of the first run after the one that began at `last`.

    Where that is past, it was missed, and is caught up: once, for the one that is started then is
    the `last`. The same `place` has the same jitter whoever asks.
    """
    last = last.astimezone(UTC)  # in other zones Python adds to what the clock shows
    earliest = last + resting.pause if resting else last
    if timetable.every:
        return max(last + timetable.every, earliest)
    due = min(
        next(_occurrences(expression, zone, earliest)) for expression in timetable.expressions
    )
    return due + timetable.jitter * _share(f"{place} {due:%Y-%m-%d %H:%M}")


def _occurrences(expression: str, zone: tzinfo, after: datetime) -> Iterator[datetime]:
    """On the days of daylight saving as Debian's cron has it: a time of day that there is twice
    comes once, and one that there is not comes when the clock is put forward.

    cronsim names the first of two equal times of day, even where the second has begun: what is not
    later is left out.
    """
    for found in CronSim(expression, after.astimezone(zone)):
        if (due := found.astimezone(UTC)) > after:
            yield due


def _share(text: str) -> float:
    """Between 0 and 1, and evenly so over all texts."""
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") / 2**32
