"""The operations of an undo, in executable order: first what frees seats, then what takes some.

They use the same ledger, allocation and builder as any plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from config.subscription_set import SubscriptionSet
from reconciler.model.plan import Operation, SeatLine, State
from reconciler.planning.operation_builder import ACTIVE, INACTIVE, Names, OperationBuilder
from reconciler.seats.allocation import Allocation, Request, Step, allocate, bits
from reconciler.seats.ledger import Ledger
from reconciler.situations.plans import RUN_TAKEN_BACK
from reconciler.situations.users import MOVE
from reconciler.undo.previous_state import PreviousState
from reconciler.undo.run_effects import Attributes

REASON = RUN_TAKEN_BACK.code


@dataclass(frozen=True)
class Inverse:
    """The operations, the ledger after them, and `without_seat`: per object id of a user who cannot
    get their previous set back the products that have no free seat.
    """

    operations: tuple[Operation, ...]
    seats: tuple[SeatLine, ...]
    without_seat: dict[str, tuple[str, ...]]


def inverse_of(
    states: Sequence[PreviousState], sets: Sequence[SubscriptionSet], ledger: Ledger, run: int
) -> Inverse:
    """Restores these states; users for whom there is no seat are not changed at all."""
    build = OperationBuilder(ledger.products, sets)
    admin_sets = {item.name for item in sets if item.admin}
    allocation = _allocate(states, build, admin_sets, ledger, run)
    waiting = {states[request.person].subject.id: mask for request, mask in allocation.waiting}
    served = [one for one in states if one.subject.id not in waiting]
    for one in served:
        if one.sets_then == ():
            _change_sets(build, one, one.sets_now or (), (), REASON)
    for one in served:
        if one.active_then is False:
            build.change_account(one.subject, one.account, ACTIVE, INACTIVE, REASON)
    for one in reversed(served):  # a name that was handed on is handed back
        if one.then:
            _change_attributes(build, one)
    for one in served:
        if one.active_then and not one.sets_then:
            build.change_account(one.subject, one.account, INACTIVE, ACTIVE, REASON)
    for step in allocation.steps:
        _carry_out(build, states[step.request.person], step)
    operations = tuple(build.operations)
    return Inverse(
        operations,
        ledger.lines(operations),
        {user: build.products_in(mask) for user, mask in waiting.items()},
    )


def _allocate(
    states: Sequence[PreviousState],
    build: OperationBuilder,
    admin_sets: set[str],
    ledger: Ledger,
    run: int,
) -> Allocation:
    released = np.zeros(len(ledger.products), dtype=np.int64)
    for one in states:
        if one.sets_then == ():
            released[list(bits(build.bundle(one.sets_now or ())))] += 1
    free = ledger.free(released)
    requests = []
    for at, one in enumerate(states):
        if one.sets_then:
            held, wanted = build.bundle(one.sets_now or ()), build.bundle(one.sets_then)
            first = 1 if admin_sets.isdisjoint(one.sets_then) else 0
            key = (first, int(not held), run, one.subject.id)
            needs = wanted & (~held | ledger.overdrawn(free))
            gives = held & (~wanted | ledger.overdrawn(free))
            requests.append(Request(key, at, needs, gives))
    return allocate(requests, free, run, run + 1)


def _carry_out(build: OperationBuilder, one: PreviousState, step: Step) -> None:
    """The first half of a split move has the reason MOVE, as in every plan (`history`)."""
    held = one.sets_now or ()
    if step.part == "give back":
        _change_sets(build, one, held, (), MOVE.code)
        return
    if one.active_then:
        build.change_account(one.subject, one.account, INACTIVE, ACTIVE, REASON)
    _change_sets(build, one, () if step.part == "take" else held, one.sets_then or (), REASON)


def _change_attributes(build: OperationBuilder, one: PreviousState) -> None:
    present: Attributes = {path: value for path, value in one.now.items() if value is not None}
    previous: Attributes = {path: value for path, value in one.then.items() if value is not None}
    before, after = State(attributes=present), State(attributes=previous)
    build.change_account(one.subject, one.account, before, after, REASON)


def _change_sets(
    build: OperationBuilder, one: PreviousState, before: Names, after: Names, reason: str
) -> None:
    build.change_sets(one.subject, one.account, before, after, reason)
