"""Who competes for seats, and what the ledger makes of it."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from config.settings import SubscriptionSet
from reconciler.ledger import Ledger, account_bundles, count_seats
from reconciler.model.plan import SeatLine
from reconciler.model.snapshot import Memory
from reconciler.order import NOWHERE, Positions
from reconciler.seats import Allocation, Request, allocate, bits
from reconciler.sets import JudgedSets
from reconciler.situations.situation import Effect
from reconciler.subjects import Subjects

MIDWAY, ADMIN_SET, SERVED_FIRST, PRIORITY_SET, DEFAULT = range(-1, 4)
"""Classes of the allocation key. Before all others comes whoever gave a seat back in a split move
and was not given the other one: it was reserved for her.
"""


@dataclass(frozen=True)
class Contest:
    """The holdings that are taken back, the allocation of what is free, and the ledger's lines.

    `revoked` are rows of `Subjects.holdings`: everything of released people, and whatever else
    somebody holds beside her one set.
    """

    revoked: pd.DataFrame
    allocation: Allocation
    lines: tuple[SeatLine, ...]


def hold_contest(
    subjects: Subjects,
    effects: "pd.Series[int]",
    ledger: Ledger,
    judged: JudgedSets,
    memory: Memory,
    reserve_after_runs: int,
) -> Contest:
    """Frozen users keep, pure revokes free, holders keep, then moves and grants compete."""
    revoked = _revoked(subjects, effects)
    released = count_seats(_freed(subjects, revoked), len(ledger.products))
    free = ledger.free(released)
    requests = _requests(subjects, effects, judged, memory, ledger.overdrawn(free))
    allocation = allocate(requests, free, memory.run, reserve_after_runs)
    return Contest(revoked, allocation, tuple(_lines(ledger, released, allocation)))


def _revoked(subjects: Subjects, effects: "pd.Series[int]") -> pd.DataFrame:
    managed = subjects.holdings[subjects.holdings["person"] != NOWHERE]
    person = managed["person"].to_numpy()
    effect = effects.to_numpy()[person]
    extra = managed["set"].to_numpy() != subjects.people["held"].to_numpy()[person]
    revoked: pd.DataFrame = managed[(effect == Effect.RELEASE) | ((effect == Effect.GRANT) & extra)]
    return revoked


def _freed(subjects: Subjects, revoked: pd.DataFrame) -> Positions:
    """Per account the products that it holds now and no longer once `revoked` is gone."""
    kept = subjects.holdings.drop(revoked.index)
    remaining = np.zeros(len(subjects.accounts), dtype=np.int64)
    np.bitwise_or.at(remaining, kept["account"].to_numpy(), subjects.bundles[kept["set"]])
    return account_bundles(subjects) & ~remaining


def _requests(
    subjects: Subjects,
    effects: "pd.Series[int]",
    judged: JudgedSets,
    memory: Memory,
    overdrawn: int,
) -> list[Request]:
    people = subjects.people
    competing = people[(effects == Effect.GRANT) & (people["held"] != people["wanted"])]
    bundles = np.append(subjects.bundles, 0)  # the last one is held by whoever holds nothing
    wanted = bundles[competing["wanted"]]
    held = bundles[competing["held"]]
    names = [item.name for item in judged.sets]
    since: dict[tuple[str, str], int] = {
        (row.id, row.set): row.since_run for row in cast("Any", memory.waits).itertuples()
    }
    return [
        Request(
            (
                MIDWAY if object_id in memory.midway else _class(judged.sets[to], first),
                0 if came_from != NOWHERE or object_id in memory.midway else 1,
                since.get((object_id, names[to]), memory.run),
                object_id,
            ),
            person,
            needs,
            gives,
        )
        for person, object_id, first, to, came_from, needs, gives in zip(
            competing.index.tolist(),
            competing["id"].tolist(),
            competing["served_first"].tolist(),
            competing["wanted"].tolist(),
            competing["held"].tolist(),
            (wanted & (~held | overdrawn)).tolist(),
            (held & ~wanted).tolist(),
            strict=True,
        )
    ]


def _class(wanted: SubscriptionSet, served_first: bool) -> int:
    if wanted.admin:
        return ADMIN_SET
    if served_first:
        return SERVED_FIRST
    return PRIORITY_SET if wanted.priority else DEFAULT


def _lines(ledger: Ledger, released: Positions, allocation: Allocation) -> list[SeatLine]:
    frees = released.tolist()
    takes = [0] * len(frees)
    waiting = [0] * len(frees)
    for step in allocation.steps:
        for product in bits(step.request.gives if step.part != "take" else 0):
            frees[product] += 1
        for product in bits(step.request.needs if step.part != "give back" else 0):
            takes[product] += 1
    for _, blocked in allocation.waiting:
        for product in bits(blocked):
            waiting[product] += 1
    return [
        ledger.line(at, frees[at], takes[at], waiting[at]) for at in range(len(ledger.products))
    ]
