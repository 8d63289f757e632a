"""Seats: one ledger, and who gets what is free.

Seats are counted per user and product; a set is a bundle, granted whole or not at all. A bundle is
a bit mask over the products, and `free` counts the seats of each; it is below zero where more are
in use than were bought, so such a product serves nobody until it is level again.

The order of decisions: whoever holds the wanted set keeps it without competing; pure revokes free
seats; then moves and grants compete in the order of their keys. A small request may pass a
blocked bundle, but what a request has waited for several runs is reserved for it. Moves that only
block one another are solved together: the one with the lowest key gives its seat back first.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

Key = tuple[int, int, int, str]
"""Class, 0 for a move, the run in which the wait began, object id. No name, no clock."""


@dataclass(frozen=True, order=True)
class Request:
    """A person who wants another set than she holds: the products it takes and gives back."""

    key: Key
    person: int = field(compare=False)
    needs: int = field(compare=False)
    gives: int = field(compare=False)


@dataclass(frozen=True)
class Step:
    """A request carried out: `whole`, or in two halves, `give back` and later `take`."""

    request: Request
    part: Literal["whole", "give back", "take"]


@dataclass(frozen=True)
class Allocation:
    """`steps` in executable order, and who waits, with the mask of the products that block."""

    steps: tuple[Step, ...]
    waiting: tuple[tuple[Request, int], ...]


def bits(mask: int) -> Iterator[int]:
    """The positions of the products in a bundle."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def allocate(
    requests: Iterable[Request], free: Sequence[int], run: int, reserve_after_runs: int
) -> Allocation:
    """Serves requests until nothing more fits; `free` is read after all pure revokes.

    More seats never leave a request with a higher key worse off; no step ever takes a seat that
    is not free at that moment.
    """
    queue = _Queue(requests, free, run - reserve_after_runs)
    steps: list[Step] = []
    while queue.waiting():
        if request := queue.first_that_fits():
            queue.serve(request)
            steps.append(Step(request, "whole"))
        elif together := queue.fit_together():
            steps.extend(queue.serve_together(together))
        else:
            break
    return Allocation(tuple(steps), tuple(queue.left_over()))


class _Queue:
    """Requests by what they need and give: those of one kind are served strictly in key order."""

    def __init__(self, requests: Iterable[Request], free: Sequence[int], starving: int) -> None:
        self.free = list(free)
        self.starving_since = starving
        self.lanes: dict[tuple[int, int], deque[Request]] = {}
        for request in sorted(requests):
            self.lanes.setdefault((request.needs, request.gives), deque()).append(request)

    def waiting(self) -> bool:
        return any(self.lanes.values())

    def first_that_fits(self) -> Request | None:
        reserved = 0
        for head in sorted(lane[0] for lane in self.lanes.values() if lane):
            if not self._lacking(head.needs, reserved):
                return head
            reserved |= self._reservation(head)
        return None

    def serve(self, request: Request) -> None:
        self.lanes[request.needs, request.gives].remove(request)
        self._book(request.needs, -1)
        self._book(request.gives, +1)

    def fit_together(self) -> list[Request]:
        """The moves that could all be made at once; the last keys are left out until they can."""
        waiting = sorted(chain.from_iterable(self.lanes.values()))
        moves = [request for request in waiting if request.gives]
        balance = list(self.free)
        for product in bits(self._reserved_for_grants(waiting)):
            balance[product] -= 1
        needing: list[list[Request]] = [[] for _ in balance]
        for move in moves:
            _add(balance, move.gives, +1)
            _add(balance, move.needs, -1)
            for product in bits(move.needs):
                needing[product].append(move)
        left_out: set[Key] = set()
        while (over := _overdrawn(balance, needing)) is not None:
            move = needing[over].pop()
            if move.key not in left_out:
                left_out.add(move.key)
                _add(balance, move.gives, -1)
                _add(balance, move.needs, +1)
        return [move for move in moves if move.key not in left_out]

    def serve_together(self, moves: list[Request]) -> Iterator[Step]:
        """Makes all the moves; whoever gave back first takes before anybody outside them can."""
        for move in moves:
            self.lanes[move.needs, move.gives].remove(move)
        given_back: list[Request] = []
        while moves or given_back:
            pending = sorted([*moves, *given_back])
            fits = next((move for move in pending if not self._lacking(move.needs, 0)), None)
            if fits is None:
                last = moves.pop()
                given_back.append(last)
                self._book(last.gives, +1)
                yield Step(last, "give back")
                continue
            self._book(fits.needs, -1)
            if fits in given_back:
                given_back.remove(fits)
                yield Step(fits, "take")
            else:
                moves.remove(fits)
                self._book(fits.gives, +1)
                yield Step(fits, "whole")

    def left_over(self) -> Iterator[tuple[Request, int]]:
        reserved = 0
        for request in sorted(chain.from_iterable(self.lanes.values())):
            yield request, self._lacking(request.needs, reserved)
            reserved |= self._reservation(request)

    def _lacking(self, needs: int, reserved: int) -> int:
        return sum(
            1 << product
            for product in bits(needs)
            if self.free[product] - (reserved >> product & 1) < 1
        )

    def _reservation(self, request: Request) -> int:
        return request.needs if request.key[2] <= self.starving_since else 0

    def _reserved_for_grants(self, waiting: list[Request]) -> int:
        reserved = 0
        for request in waiting:
            reserved |= 0 if request.gives else self._reservation(request)
        return reserved

    def _book(self, mask: int, seats: int) -> None:
        _add(self.free, mask, seats)


def _add(counts: list[int], mask: int, seats: int) -> None:
    for product in bits(mask):
        counts[product] += seats


def _overdrawn(balance: list[int], needing: list[list[Request]]) -> int | None:
    """A product of which more is needed than there would be, while somebody still needs it."""
    return next((at for at, left in enumerate(balance) if left < 0 and needing[at]), None)
