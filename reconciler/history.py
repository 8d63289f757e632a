"""What the next plan learns from the journal: recent gains and losses, and half-finished moves.

Rows are in the order in which the operations ended; only those with `result` "done" took effect.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from reconciler.columns import frames
from reconciler.columns.frames import TEXT, column
from reconciler.columns.table_joins import is_in, locate, take
from reconciler.model.gains_and_losses import WEEK, changes
from reconciler.model.group_read import ExportSize
from reconciler.model.history import DoneOperation, History, RecordedExport
from reconciler.model.plan import Kind
from reconciler.model.snapshot import Memory
from reconciler.situations.users import MOVE, SEAT_RECLAIMED

RECENT = timedelta(days=1)
"""For so long a vendor may not yet show what it has accepted."""

FLAPPING_PLANS = 3
"""A seat that was granted and lost again within so many plans is not granted once more."""

_ACTIVATION = {
    Kind.CREATE_ACCOUNT: "created",
    Kind.REACTIVATE_ACCOUNT: "reactivated",
    Kind.DEACTIVATE_ACCOUNT: "deactivated",
}

_TAKEN = {Kind.REVOKE: "product", Kind.DEACTIVATE_ACCOUNT: "account"}

_CHANGES_SETS = frozenset({Kind.GRANT, Kind.REVOKE, Kind.MOVE, Kind.CREATE_ACCOUNT})


def with_history(stored: Memory, history: History, now: datetime) -> Memory:
    """`stored`, which earlier plans left, and what follows from the operations since."""
    journal, links = history.journal, stored.links
    done = journal[frames.is_text(journal["result"], "done")]
    asked = accounts_asked_for(journal, now)
    asked_for = column(asked, TEXT)
    not_seen = column((user for user, seen in asked.items() if not seen), TEXT)
    groups = (
        known.vendor_groups
        for known in stored.sets.values()
        if known.unseen_since and known.unseen_since > now - RECENT
    )
    return replace(
        stored,
        recent=frozenset(links.loc[is_in(links["id"], asked_for), "account"]),
        not_found=frozenset(links.loc[is_in(links["id"], not_seen), "account"]).union(*groups),
        flapping=flapping(done[done["plan"] >= stored.run - FLAPPING_PLANS]),
        midway=half_done_moves(done),
        reclaimed=reclaimed(done, history.last_sign_ins),
        activations=last_activation_change(done),
        week=week(history.latest, now),
        export=trusted_export(history.exports),
    )


def accounts_asked_for(journal: pd.DataFrame, now: datetime) -> dict[str, bool]:
    """Users (object ids) for whom an account was requested within a day, and whether the vendor
    showed it then.
    """
    asked = journal[
        frames.is_text(journal["kind"], Kind.CREATE_ACCOUNT) & (journal["begun"] > now - RECENT)
    ]
    seen = set(asked.loc[frames.is_text(asked["result"], "done"), "id"])
    return {user: user in seen for user in asked["id"]}


def flapping(done: pd.DataFrame) -> frozenset[str]:
    """Users (object ids) who were granted a set, lost it again, and were not granted one since.

    The first half of a split move is not a loss.
    """
    half = frames.is_text(done["kind"], Kind.REVOKE) & frames.is_text(done["reason"], MOVE.code)
    seats = done[is_in(done["kind"], [Kind.GRANT, Kind.MOVE, Kind.REVOKE]) & ~half]
    granted = seats.loc[seats["kind"] != Kind.REVOKE, "id"]
    last = seats.drop_duplicates("id", keep="last")
    return frozenset(last.loc[last["kind"] == Kind.REVOKE, "id"]).intersection(granted)


def half_done_moves(done: pd.DataFrame) -> frozenset[str]:
    """Users (object ids) of whose split move only the first half, the revoke, was done."""
    halves = done[is_in(done["kind"], [Kind.GRANT, Kind.REVOKE])]
    last = halves.drop_duplicates("id", keep="last")
    gave_back = frames.is_text(last["kind"], Kind.REVOKE) & frames.is_text(
        last["reason"], MOVE.code
    )
    return frozenset(last.loc[gave_back, "id"])


def reclaimed(done: pd.DataFrame, last_sign_ins: pd.DataFrame) -> frozenset[str]:
    """Users (object ids) whose seat was taken back because they did not use it: nothing that was
    done since says otherwise, and they did not sign in since (`frames.LAST_SIGN_INS`).
    """
    ends = [Kind.GRANT, Kind.MOVE, Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT]
    last = done[is_in(done["kind"], ends)].drop_duplicates("id", keep="last")
    taken = last[frames.is_text(last["reason"], SEAT_RECLAIMED.code)]
    last_seen = last_sign_ins["last"].to_numpy(dtype="datetime64[us]")
    seen = take(last_seen, locate(taken["id"], last_sign_ins["id"]), np.datetime64("NaT", "us"))
    return frozenset(taken["id"][~(seen > taken["begun"].to_numpy(dtype="datetime64[us]"))])


def last_activation_change(done: pd.DataFrame) -> pd.DataFrame:
    """The last creation, reactivation or deactivation of each account (`frames.ACTIVATIONS`)."""
    last = done[is_in(done["kind"], _ACTIVATION)].drop_duplicates("id", keep="last")
    rows = zip(last["id"], last["kind"], strict=True)
    return frames.frame(
        frames.ACTIVATIONS,
        ({"id": user, "last": _ACTIVATION[Kind(kind)]} for user, kind in rows),
    )


def week(done: Iterable[DoneOperation], now: datetime) -> pd.DataFrame:
    """What users gained and lost within the last week (`frames.CHANGES`).

    Of a purged operation only its kind is known: each counts as one more user who lost a seat or
    an account.
    """
    latest = [one for one in done if one.ended > now - WEEK]
    known = changes(one.operation for one in latest if one.operation)
    purged = (
        {"id": one.id, "what": _TAKEN[one.kind], "name": "", "gained": False}
        for one in latest
        if one.operation is None and one.kind in _TAKEN
    )
    return pd.concat([known, frames.frame(frames.CHANGES, purged)], ignore_index=True)


def granted(done: Iterable[DoneOperation]) -> pd.DataFrame:
    """Which users were put into which set and not taken out again (`frames.GRANTED`)."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    for one in done:
        if one.kind not in _CHANGES_SETS:
            continue
        if one.kind is Kind.CREATE_ACCOUNT or one.operation is None:
            held.pop(one.user, None)  # a new account is in no group
            continue
        held[one.user].difference_update(one.operation.lost)
        held[one.user].update(one.operation.gained)
    rows = ({"id": user, "set": name} for user, sets in held.items() for name in sorted(sets))
    return frames.frame(frames.GRANTED, rows)


def trusted_export(newest_first: Iterable[RecordedExport]) -> ExportSize | None:
    """The size of the newest export whose plan R20 did not hold, or which a person approved."""
    trusted = (one.size for one in newest_first if one.approved or not one.held)
    return next(trusted, None)
