"""Which seats are idle: a function of what is known of each, in columns."""

from datetime import UTC, datetime, timedelta

import numpy as np

from reconciler.columns.frames import Flags, Times
from reconciler.model.sign_ins import Watch

FRESH = timedelta(days=1)
"""Nobody is idle by what was seen longer ago: they may have come back since."""


def unused_since(last_sign_in: Times, held_since: Times, watch: Watch) -> Times:
    """Since when each seat is known not to be used (UTC): since its holder was last seen, got it,
    or since anybody watches, whichever is latest.

    Row by row: the last sign-in of the holder (NaT: never seen), and since when they hold the seat
    (NaT: not known, so only since now).
    """
    through = _utc(watch.through)
    held = np.where(np.isnat(held_since), through, held_since)
    latest: Times = np.fmax(np.fmax(last_sign_in, held), _utc(watch.since))
    return latest


def idle(
    last_sign_in: Times,
    held_since: Times,
    exempt: Flags,
    watch: Watch,
    days: timedelta,
    now: datetime,
) -> Flags:
    """Which seats were not used for so long; never those of `exempt` holders.

    Only the time that was watched counts, so nobody is idle before it is that long, nor by what was
    read more than `FRESH` ago.
    """
    if now - watch.through > FRESH:
        return np.zeros(len(exempt), dtype=bool)
    unused = unused_since(last_sign_in, held_since, watch)
    result: Flags = ~exempt & (_utc(watch.through) - unused >= np.timedelta64(days))
    return result


def _utc(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
