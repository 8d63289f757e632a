"""The operations of an undo, in executable order: what gives back, then what takes.

Seats go through the same ledger and the same allocation as in any plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from config.settings import Settings
from reconciler.model.plan import Operation, SeatLine, State
from reconciler.seats.allocation import Allocation, Request, allocate, bits
from reconciler.seats.ledger import Ledger
from reconciler.situations.plans import RUN_TAKEN_BACK
from reconciler.situations.users import MOVE
from reconciler.undo.previous_state import PreviousState


@dataclass(frozen=True)
class Inverse:
    """`without_seat` has, per object id, the products that somebody's former set lacks."""

    operations: tuple[Operation, ...]
    seats: tuple[SeatLine, ...]
    without_seat: dict[str, tuple[str, ...]]


def inverse_of(
    former: Sequence[PreviousState], settings: Settings, ledger: Ledger, run: int
) -> Inverse:
    """Everybody's former state; whoever gets no seat is left as they are altogether."""
    writer = _Writer(settings)
    allocation = _allocate(former, writer, ledger, run)
    waiting = {former[request.person].subject.id: mask for request, mask in allocation.waiting}
    served = [one for one in former if one.subject.id not in waiting]
    for one in served:
        if one.sets_then == ():
            writer.change_sets(one, one.sets_now or (), (), RUN_TAKEN_BACK.code)
    for one in served:
        if one.active_then is False:
            writer.change(one, State(active=True), State(active=False))
    for one in reversed(served):  # a name that was handed on is handed back
        if one.then:
            writer.update(one)
    for one in served:
        if one.active_then and not one.sets_then:
            writer.change(one, State(active=False), State(active=True))
    for step in allocation.steps:
        writer.carry_out(former[step.request.person], step.part)
    operations = tuple(writer.operations)
    return Inverse(
        operations,
        ledger.lines(operations),
        {user: writer.products(mask) for user, mask in waiting.items()},
    )


def _allocate(
    former: Sequence[PreviousState], writer: "_Writer", ledger: Ledger, run: int
) -> Allocation:
    released = np.zeros(len(ledger.products), dtype=np.int64)
    for one in former:
        if one.sets_then == ():
            released[list(bits(writer.bundle(one.sets_now or ())))] += 1
    free = ledger.free(released)
    requests = []
    for at, one in enumerate(former):
        if one.sets_then:
            held, wanted = writer.bundle(one.sets_now or ()), writer.bundle(one.sets_then)
            key = (0 if writer.admin(one.sets_then) else 1, int(not held), run, one.subject.id)
            needs = wanted & (~held | ledger.overdrawn(free))
            gives = held & (~wanted | ledger.overdrawn(free))
            requests.append(Request(key, at, needs, gives))
    return allocate(requests, free, run, run + 1)


class _Writer:
    """Appends operations; each of a user needs those before it."""

    def __init__(self, settings: Settings) -> None:
        self._products = settings.products
        self._sets = {item.name: item for item in settings.subscription_sets}
        self._earlier: dict[str, list[int]] = {}
        self.operations: list[Operation] = []

    def bundle(self, names: Iterable[str]) -> int:
        bought = {product for name in names for product in self._sets[name].products}
        return sum(1 << at for at, product in enumerate(self._products) if product in bought)

    def products(self, mask: int) -> tuple[str, ...]:
        return tuple(self._products[at] for at in bits(mask))

    def admin(self, names: Iterable[str]) -> bool:
        return any(self._sets[name].admin for name in names)

    def carry_out(self, one: PreviousState, part: str) -> None:
        """Of a move that is split, the first half has the reason that every split move has."""
        held = one.sets_now or ()
        if part == "give back":
            self.change_sets(one, held, (), MOVE.code)
            return
        if one.active_then:
            self.change(one, State(active=False), State(active=True))
        self.change_sets(
            one, () if part == "take" else held, one.sets_then or (), RUN_TAKEN_BACK.code
        )

    def update(self, one: PreviousState) -> None:
        present = {path: value for path, value in one.now.items() if value is not None}
        former = {path: value for path, value in one.then.items() if value is not None}
        self.change(one, State(attributes=present), State(attributes=former))

    def change_sets(
        self, one: PreviousState, before: tuple[str, ...], after: tuple[str, ...], reason: str
    ) -> None:
        held, holding = self.bundle(before), self.bundle(after)
        self.change(
            one,
            State(sets=before),
            State(sets=after),
            reason,
            takes=self.products(holding & ~held),
            frees=self.products(held & ~holding),
        )

    def change(
        self,
        one: PreviousState,
        before: State,
        after: State,
        reason: str = RUN_TAKEN_BACK.code,
        takes: tuple[str, ...] = (),
        frees: tuple[str, ...] = (),
    ) -> None:
        earlier = self._earlier.setdefault(one.subject.id, [])
        self.operations.append(
            Operation(
                index=len(self.operations),
                subject=one.subject,
                account=one.account,
                before=before,
                after=after,
                takes=takes,
                frees=frees,
                needs=tuple(earlier),
                reason=reason,
            )
        )
        earlier.append(self.operations[-1].index)
