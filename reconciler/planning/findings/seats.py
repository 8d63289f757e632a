"""Findings about seats, and the waiting list."""

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np

from reconciler.columns.frames import cells
from reconciler.columns.table_joins import NOWHERE, find, take
from reconciler.model.phrasing import named
from reconciler.model.plan import Finding, SeatLine, Waiting
from reconciler.planning.evaluation import Evaluation
from reconciler.seats.allocation import bits
from reconciler.seats.ledger import product_subject
from reconciler.situations import finding
from reconciler.situations.seats import (
    BUNDLE_PARTLY_FREE,
    COUNT_UNUSABLE,
    FEWER_PURCHASED,
    OVER_ALLOCATED,
    SEATS_EXHAUSTED,
    WAITS_NO_LONGER,
)


def waiting_list(evaluation: Evaluation) -> tuple[Waiting, ...]:
    """All users who should have a seat and have none, in the order in which they will get one."""
    facts, queue = evaluation.facts, evaluation.seat_decisions.allocation.waiting
    coming = _coming_free(evaluation)
    persons = np.array([request.person for request, _ in queue], dtype=np.int64)
    wanted = facts.people.wanted[persons].tolist()
    rows = zip(facts.people.users(persons), wanted, queue, strict=True)
    return tuple(
        Waiting(
            position=position,
            code=_why_waiting(evaluation, request.needs, blocked),
            user=user,
            set=evaluation.judged.sets[target].name,
            blocked_by=tuple(facts.products[product] for product in bits(blocked)),
            since_run=request.key[2],
            free_on=_last_of(next(coming[product], None) for product in bits(blocked)),
        )
        for position, (user, target, (request, blocked)) in enumerate(rows, start=1)
    )


def _coming_free(evaluation: Evaluation) -> list[Iterator[date]]:
    """Per product the days on which seats come free that users keep in their grace now.

    Where more are in use than were bought, the first of these serve nobody, and are left out.
    """
    facts = evaluation.facts
    masks = facts.masks[facts.people.match.account[evaluation.in_grace]].tolist()
    coming = []
    for at, line in enumerate(evaluation.seats):
        kept = zip(evaluation.graces, masks, strict=True)
        days = [grace.until.date() for grace, mask in kept if mask >> at & 1]
        spent = len(days) if line.purchased is None else max(0, line.used_after - line.purchased)
        coming.append(iter(days[spent:]))
    return coming


def _last_of(days: Iterable[date | None]) -> date | None:
    """The last of the days, None if one is not known."""
    known = list(days)
    return None if None in known else max(day for day in known if day)


def seat_findings(evaluation: Evaluation, waiting: tuple[Waiting, ...]) -> Iterator[Finding]:
    """S2, S4 and S5 per product, S3 per user whose bundle is only partly available, S9."""
    for line in evaluation.seats:
        if line.purchased is not None:
            yield from _line_findings(evaluation, line, line.purchased, waiting)
    queue = evaluation.seat_decisions.allocation.waiting
    for entry, (request, blocked) in zip(waiting, queue, strict=True):
        if entry.code == BUNDLE_PARTLY_FREE.code:
            free = [evaluation.ledger.products[at] for at in bits(request.needs & ~blocked)]
            facts = {"blocked": ", ".join(entry.blocked_by), "free": ", ".join(free)}
            yield finding(BUNDLE_PARTLY_FREE, entry.user, set=entry.set, **facts)
    yield from _waiting_no_longer(evaluation)


def _line_findings(
    evaluation: Evaluation, line: SeatLine, purchased: int, waiting: tuple[Waiting, ...]
) -> Iterator[Finding]:
    facts: dict[str, object] = {"purchased": purchased, "used": line.used_after}
    subject = product_subject(line.product)
    known = evaluation.snapshot.memory.seats.get(line.product)
    if line.used_after > purchased:
        over, whom = line.used_after - purchased, _candidates(evaluation, line.product)
        yield finding(OVER_ALLOCATED, subject, **facts, count=over, candidates=whom)
    elif known and purchased < known.purchased:
        yield finding(FEWER_PURCHASED, subject, **facts, before=known.purchased)
    if line.waiting and line.used_after <= purchased:
        those = [entry for entry in waiting if line.product in entry.blocked_by]
        names, days = [entry.user.name for entry in those], [entry.free_on for entry in those]
        first = min((day for day in days if day), default=None)
        coming = f" A seat that is kept by `leave_grace` comes free on {first}." if first else ""
        yield finding(
            SEATS_EXHAUSTED, subject, **facts, count=line.waiting, users=named(names), coming=coming
        )


def _why_waiting(evaluation: Evaluation, needs: int, blocked: int) -> str:
    for product in bits(blocked):
        bought = evaluation.ledger.bought[product]
        if bought is None:
            return COUNT_UNUSABLE.code
        if evaluation.ledger.used[product] > bought:
            return OVER_ALLOCATED.code
    return SEATS_EXHAUSTED.code if blocked == needs else BUNDLE_PARTLY_FREE.code


def _candidates(evaluation: Evaluation, product: str) -> str:
    """Who holds seats outside Entra: these are the first to be asked for them."""
    facts = evaluation.facts
    bit = 1 << facts.products.index(product)
    outside = (facts.masks & bit) != 0
    outside[evaluation.managed.account] = False
    if not outside.any():
        return ""
    names = cells(facts.accounts["userName"], np.flatnonzero(outside))
    return f" Held outside Entra: {named(names)}."


def _waiting_no_longer(evaluation: Evaluation) -> Iterator[Finding]:
    """S9: users who waited for a set and are not in its group any more."""
    people, waits = evaluation.facts.people, evaluation.snapshot.memory.waits
    who = find(waits["id"], people.entra["id"])
    waits, who = waits[who != NOWHERE], who[who != NOWHERE]
    names = np.array([item.name for item in evaluation.judged.sets], dtype=object)
    wanted, held = (take(names, column[who], "") for column in (people.wanted, people.held))
    waited_for = waits["set"].to_numpy(dtype=object)
    given_up = (wanted != waited_for) & (held != waited_for)
    for user, name in zip(people.users(who[given_up]), waits["set"][given_up], strict=True):
        yield finding(WAITS_NO_LONGER, user, set=name)
