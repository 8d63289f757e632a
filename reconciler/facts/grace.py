"""Users who left every group keep their seat for `leave_grace`, from when that was first seen."""

from datetime import UTC, datetime
from typing import cast

import numpy as np
import pandas as pd

from config.policy import Policy
from reconciler.columns.frames import Flags, Positions, Times
from reconciler.columns.table_joins import locate, take
from reconciler.facts.set_bindings import JudgedSets


def left_since(users: pd.DataFrame, leavers: pd.DataFrame, now: datetime) -> Times:
    """Per user since when they are known to be in no group; means nothing for users who are in one.

    It is `now` for users whom the store does not know of: a lost store makes a grace longer, never
    shorter.
    """
    since = leavers["since"].to_numpy(dtype="datetime64[us]")
    known = take(since, locate(users["id"], leavers["id"]), _utc(now))
    return cast("Times", np.minimum(known, _utc(now)))


def grace_ends(
    left: Times,
    held: Positions,
    in_no_group: Flags,
    judged: JudgedSets,
    policy: Policy,
    now: datetime,
) -> Times:
    """Per user until when the seat is kept (UTC), NaT where there is no grace, or it is over."""
    graces = [
        policy.leave_grace if item.leave_grace is None else item.leave_grace for item in judged.sets
    ]
    lengths = np.array(graces, dtype="timedelta64[us]")
    ends = left + take(lengths, held, np.timedelta64(0, "us"))  # who holds nothing has none
    ends[(ends <= _utc(now)) | ~in_no_group] = np.datetime64("NaT")
    return cast("Times", ends)


def _utc(time: datetime) -> np.datetime64:
    return np.datetime64(time.astimezone(UTC).replace(tzinfo=None), "us")
