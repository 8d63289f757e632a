"""Quarantine: where runs keep failing, they are started ever more rarely. Pure.

After Entra ID's own ("Application provisioning in quarantine status"): attempts fall to about one
a day, and the first run that succeeds ends it. It follows from the history of runs alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from connectors.store.runs import RunRecord
from jobs.output.exit_codes import NOTHING_DONE
from jobs.run_history.kinds_and_ends import RUN, came_to_its_end

RESUME = "resume"
"""The kind of run by which a person ends a quarantine."""

KINDS = (RUN, RESUME)

LOOKED_THROUGH = 1_000
"""Runs of both kinds among which its beginning is looked for."""

FAILURES = 3
"""So many in a row begin it: what passes by itself has passed by then."""

_LONGEST_PAUSE = timedelta(hours=20)
"""About once a day. Somewhat less, so that a nightly run keeps its hour."""


@dataclass(frozen=True)
class Quarantine:
    """`since` is when the run began whose failure was one too many; `failures` are in a row."""

    since: datetime
    failures: int

    @property
    def pause(self) -> timedelta:
        """From the start of one attempt to the next: 1, 2, 4, 8, 16, then 20 hours."""
        doubled = min(self.failures - FAILURES, 10)
        return min(timedelta(hours=1 << doubled), _LONGEST_PAUSE)


def quarantine(newest_first: Iterable[RunRecord]) -> Quarantine | None:
    """By the runs of both kinds; None while they do not keep failing."""
    failures = failed_in_a_row(newest_first)
    if len(failures) < FAILURES:
        return None
    return Quarantine(failures[-FAILURES].started, len(failures))


def failed_in_a_row(newest_first: Iterable[RunRecord]) -> Sequence[RunRecord]:
    """The latest failures, newest first."""
    ended = filter(came_to_its_end, newest_first)
    return list(takewhile(lambda run: run.exit_code in NOTHING_DONE, ended))
