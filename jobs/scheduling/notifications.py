"""What is worth telling of the timetable itself. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from connectors.store.runs import RunRecord
from jobs.run_history.quarantine_backoff import quarantine
from jobs.watching.notifications import Notice

LATE = timedelta(hours=1)
"""What begins later was missed; until then a restart, or another run, was in its way."""


def timetable_news(
    newest_first: Sequence[RunRecord], due: datetime, began: datetime
) -> Iterator[Notice]:
    """Of the newest run, which was `due` and `began`; the runs are of both kinds."""
    if began - due > LATE:
        at = f"{due:%Y-%m-%d %H:%M} UTC"
        text = (
            f"The run of {at} did not come: `seatsync schedule` was not at work. It is caught up."
        )
        yield Notice("missed", f"missed {at}", text, None)
    resting, before = quarantine(newest_first), quarantine(newest_first[1:])
    if resting:
        text = (
            f"The last {resting.failures} runs have failed: the next ones come ever more rarely, "
            "until one succeeds. When the cause is gone: seatsync resume"
        )
        yield Notice("quarantine", f"quarantine {resting.since:%Y-%m-%d %H:%M}", text, None)
    elif before:
        text = f"After {before.failures} failures runs come on time again."
        yield Notice("quarantine", f"quarantine left {before.since:%Y-%m-%d %H:%M}", text, None)
