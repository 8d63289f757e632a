"""Who holds or waits for which seat once a plan is done, and in what two plans differ there."""

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from reconciler.columns.frames import TEXT, Positions, column
from reconciler.columns.table_joins import locate
from reconciler.model.plan import Subject
from reconciler.planning.evaluation import Evaluation


class Standing(StrEnum):
    """Of a user and a product, once the plan is done."""

    NOTHING = "nothing"
    WAITS = "waits"
    HOLDS = "holds"


Standings = NDArray[np.int8]
"""Row by row with the users: which of `_CODES` it is."""

_CODES = tuple(Standing)
_NOTHING, _WAITS, _HOLDS = range(len(_CODES))


@dataclass(frozen=True)
class SeatDifference:
    """A user whom two plans leave with another `Standing` for a product."""

    user: Subject
    product: str
    today: Standing
    then: Standing


def seat_differences(today: Evaluation, then: Evaluation) -> tuple[SeatDifference, ...]:
    """By user, in the order of their object ids, and product. Both are of one reading."""
    people = today.facts.people
    one, other = _standings(today), _standings(then)
    nothing = np.full(len(people.wanted), _NOTHING, dtype=np.int8)
    found = []
    for product in sorted({*one, *other}):
        before, after = one.get(product, nothing), other.get(product, nothing)
        rows = np.flatnonzero(before != after)
        standings = zip(before[rows].tolist(), after[rows].tolist(), strict=True)
        found += [
            SeatDifference(user, product, _CODES[was], _CODES[becomes])
            for user, (was, becomes) in zip(people.users(rows), standings, strict=True)
        ]
    return tuple(sorted(found, key=lambda one: (one.user.id, one.product)))


def _standings(evaluation: Evaluation) -> dict[str, Standings]:
    """Per product. Whoever holds a seat does not wait for one."""
    held = _products_after(evaluation)
    waiting = np.zeros(len(held), dtype=np.int64)
    for request, blocked in evaluation.seat_decisions.allocation.waiting:
        waiting[request.person] = blocked
    return {
        product: np.where(
            held >> at & 1, _HOLDS, np.where(waiting >> at & 1, _WAITS, _NOTHING)
        ).astype(np.int8)
        for at, product in enumerate(evaluation.facts.products)
    }


def _products_after(evaluation: Evaluation) -> Positions:
    """Per user the mask of the products that they hold once every operation is done."""
    facts, holdings = evaluation.facts, evaluation.managed
    held = np.zeros(len(facts.people.wanted), dtype=np.int64)
    np.bitwise_or.at(held, holdings.person, facts.bundles[holdings.set])
    bundles = {
        item.name: bundle
        for item, bundle in zip(evaluation.judged.sets, facts.bundles.tolist(), strict=True)
    }
    sets_after = {
        operation.subject.id: operation.after.sets
        for operation in evaluation.operations
        if operation.after.sets is not None
    }
    after = (reduce(or_, (bundles[name] for name in sets), 0) for sets in sets_after.values())
    rows = locate(column(sets_after, TEXT), facts.people.entra["id"])
    held[rows] = np.fromiter(after, dtype=np.int64, count=len(rows))
    return held
