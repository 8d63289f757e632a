"""Who competes for seats, and who gets them."""

from dataclasses import dataclass

import numpy as np

from config.subscription_set import SubscriptionSet
from reconciler.columns.frames import Flags, Positions, cells
from reconciler.columns.table_joins import NOWHERE, take
from reconciler.facts.build import Facts
from reconciler.facts.set_bindings import JudgedSets
from reconciler.facts.vendor_memberships import products_held
from reconciler.model.snapshot import Memory
from reconciler.seats.allocation import Allocation, Request, allocate
from reconciler.seats.ledger import Ledger, count_seats
from reconciler.situations.situation import Effect

MIDWAY, ADMIN_SET, SERVED_FIRST, PRIORITY_SET, DEFAULT = range(-1, 4)
"""Classes of the allocation key. First come users who gave a seat back in a split move and did not
get the other one, which was reserved for them.
"""


@dataclass(frozen=True)
class SeatDecisions:
    """The holdings that are taken back, and the allocation of what is free then.

    `revoked` and `stuck` are flags per row of `Facts.holdings`: all holdings of deprovisioned
    users, and what users hold beside their one set. The vendor refuses to end the `stuck` ones.
    """

    revoked: Flags
    stuck: Flags
    allocation: Allocation


def allocate_seats(
    facts: Facts,
    effects: Positions,
    ledger: Ledger,
    judged: JudgedSets,
    memory: Memory,
    reserve_after_runs: int,
) -> SeatDecisions:
    """Frozen users and holders keep, pure revokes free seats, then moves and grants compete."""
    ending = _ending(facts, effects)
    revoked = ending & ~facts.stuck
    released = count_seats(_freed(facts, revoked), len(ledger.products))
    free = ledger.free(released)
    requests = _requests(facts, effects, judged, memory, ledger.overdrawn(free))
    allocation = allocate(requests, free, memory.run, reserve_after_runs)
    return SeatDecisions(revoked, ending & facts.stuck, allocation)


def _ending(facts: Facts, effects: Positions) -> Flags:
    holdings = facts.holdings
    effect = take(effects, holdings.person, Effect.KEEP)  # an unmanaged account keeps everything
    extra = holdings.set != take(facts.people.held, holdings.person, NOWHERE)
    ending: Flags = (effect == Effect.DEPROVISION) | ((effect == Effect.GRANT) & extra)
    return ending


def _freed(facts: Facts, revoked: Flags) -> Positions:
    """Per account the mask of products that it holds now, and not without the `revoked` rows."""
    kept = facts.holdings.only(~revoked)
    return facts.masks & ~products_held(kept, facts.bundles, len(facts.accounts))


def _requests(
    facts: Facts,
    effects: Positions,
    judged: JudgedSets,
    memory: Memory,
    overdrawn: int,
) -> list[Request]:
    people = facts.people
    competing = np.flatnonzero((effects == Effect.GRANT) & (people.held != people.wanted))
    to, came_from = people.wanted[competing], people.held[competing]
    wanted, held = facts.bundles[to], take(facts.bundles, came_from, 0)
    names = [item.name for item in judged.sets]
    since = memory.waiting_since()
    return [
        Request(
            (
                MIDWAY if object_id in memory.midway else _class(judged.sets[target], first),
                0 if origin != NOWHERE or object_id in memory.midway else 1,
                since.get((object_id, names[target]), memory.run),
                object_id,
            ),
            person,
            needs,
            gives,
        )
        for person, object_id, first, target, origin, needs, gives in zip(
            competing.tolist(),
            cells(people.entra["id"], competing),
            people.named.served_first[competing].tolist(),
            to.tolist(),
            came_from.tolist(),
            (wanted & (~held | overdrawn)).tolist(),
            (held & (~wanted | overdrawn)).tolist(),
            strict=True,
        )
    ]


def _class(wanted: SubscriptionSet, served_first: bool) -> int:
    if wanted.admin:
        return ADMIN_SET
    if served_first:
        return SERVED_FIRST
    return PRIORITY_SET if wanted.priority else DEFAULT
