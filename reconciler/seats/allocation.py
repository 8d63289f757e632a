"""Who gets the free seats (docs/seats.md).

Seats are counted per user and product; a set is a bundle, granted whole or not at all. A bundle is
a bit mask over the products, and `free` counts the seats of each. It is below zero where more are
in use than were bought; such a product serves nobody until enough are given back.

The order of decisions: users who hold the wanted set keep it without competing; pure revokes free
seats; then moves and grants compete in the order of their keys. A small request may overtake a
blocked bundle, but seats that a request has waited for through several runs are reserved for it.
Moves that only block one another are made together: the last of them gives its seat back first.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from heapq import heapify, heappop, heappush
from typing import Literal

Key = tuple[int, int, int, str]
"""Class, 0 for a move and 1 for a grant, the run in which the wait began, object id. The smallest
key comes first. It has no name and no time, so that neither can change the order.
"""

Heads = Sequence[Key | None]
"""Per product, for whom a seat is reserved: the first of those who have waited too long.

The next one gets no reservation in the same run. Otherwise one more seat, which serves the head at
once, would reserve another seat for their successor, and deny it to somebody who got it before.
"""


@dataclass(frozen=True, order=True)
class Request:
    """A user who wants another set than they hold: the products that it needs and gives back.

    `person` is the user's position; `needs` and `gives` are masks of products.
    """

    key: Key
    person: int = field(compare=False)
    needs: int = field(compare=False)
    gives: int = field(compare=False)


@dataclass(frozen=True)
class Step:
    """A request that is served: as a `whole`, or in two steps, `give back` and later `take`."""

    request: Request
    part: Literal["whole", "give back", "take"]


@dataclass(frozen=True)
class Allocation:
    """`steps` in executable order; `waiting` with the mask of the products that block each."""

    steps: tuple[Step, ...]
    waiting: tuple[tuple[Request, int], ...]


@cache
def bits(mask: int) -> tuple[int, ...]:
    """The positions of the products in a mask."""
    return tuple(at for at in range(mask.bit_length()) if mask >> at & 1)


def allocate(
    requests: Iterable[Request], free: Sequence[int], run: int, reserve_after_runs: int
) -> Allocation:
    """Serves requests until nothing more fits; `free` is what is free after all pure revokes.

    With more seats, the first request for which anything changes is better off (docs/invariants.md
    has an exception). No step takes a seat that is not free at that moment.
    """
    waiting = sorted(requests, key=_key)
    left = list(free)
    heads = _heads(waiting, len(left), run - reserve_after_runs)
    steps: list[Step] = []
    while waiting:
        steps.extend(_serve_one_by_one(waiting, left, heads))
        waiting = _without(waiting, steps)
        together = _fit_together(waiting, left, heads)
        if not together:
            break
        steps.extend(_serve_together(together, left))
        waiting = _without(waiting, steps)
    return Allocation(tuple(steps), tuple(_left_over(waiting, left, heads)))


def _heads(waiting: list[Request], products: int, long_ago: int) -> Heads:
    heads: list[Key | None] = [None] * products
    for request in reversed(waiting):
        if request.key[2] <= long_ago:
            for product in bits(request.needs):
                heads[product] = request.key
    return heads


def _serve_one_by_one(waiting: list[Request], free: list[int], heads: Heads) -> Iterator[Step]:
    queue = _Queue(waiting, free, heads)
    while request := queue.pop_first_that_fits():
        queue.book(request.needs, -1)
        queue.book(request.gives, +1)
        yield Step(request, "whole")


def _fit_together(waiting: list[Request], free: list[int], heads: Heads) -> list[Request]:
    """The moves that can all be made at once; the last ones are left out until the rest can."""
    moves = [request for request in waiting if request.gives]
    balance = list(free)
    for request in waiting:
        if not request.gives:
            _add(balance, _reserved_for(request, heads), -1)
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
            _add(balance, _reserved_for(move, heads), -1)
    return [move for move in moves if move.key not in left_out]


def _serve_together(moves: list[Request], free: list[int]) -> Iterator[Step]:
    """Makes all the moves: where none fits, the last one gives back first and takes later.

    Nobody else is served in between, so its seat cannot be lost to another request.
    """
    queue = _Queue(moves, free, [None] * len(free))
    whole = {move.key: move for move in moves}
    while queue.waiting:
        if move := queue.pop_first_that_fits():
            queue.book(move.needs, -1)
            if whole.pop(move.key, None):
                queue.book(move.gives, +1)
                yield Step(move, "whole")
            else:
                yield Step(move, "take")
        else:
            _, last = whole.popitem()
            queue.book(last.gives, +1)
            yield Step(last, "give back")


def _left_over(
    waiting: list[Request], free: list[int], heads: Heads
) -> Iterator[tuple[Request, int]]:
    reserved = 0
    for request in waiting:
        yield request, _missing(request.needs, free, reserved)
        reserved |= _reserved_for(request, heads)


def _reserved_for(request: Request, heads: Heads) -> int:
    """The products of which one seat is kept for this request."""
    return sum(1 << product for product in bits(request.needs) if heads[product] == request.key)


class _Queue:
    """Finds the next request that fits, in the order of keys, while bookings change `free`.

    Requests of the same needs form a lane: none of them fits before its head does. A lane whose
    head lacks a product stands aside until a seat of that product is given back, or no longer
    reserved; so few heads are looked at, however many requests wait.
    """

    def __init__(self, requests: list[Request], free: list[int], heads: Heads) -> None:
        self.free = free
        self.waiting = len(requests)
        self.lanes: dict[int, deque[Request]] = {}
        self.reserved: dict[int, Key] = {}
        self.aside: list[list[int]] = [[] for _ in free]
        for request in requests:
            self.lanes.setdefault(request.needs, deque()).append(request)
            self.reserved |= dict.fromkeys(bits(_reserved_for(request, heads)), request.key)
        self.heads = [(lane[0].key, needs) for needs, lane in self.lanes.items()]
        heapify(self.heads)

    def pop_first_that_fits(self) -> Request | None:
        while self.heads:
            key, needs = heappop(self.heads)
            if missing := _missing(needs, self.free, self._reserved_before(key, needs)):
                self.aside[bits(missing)[0]].append(needs)
            else:
                self.waiting -= 1
                request = self.lanes[needs].popleft()
                self._enter(needs)
                self._end_reservation(request)
                return request
        return None

    def book(self, mask: int, seats: int) -> None:
        """Gives back (`seats` above 0) or takes seats, of each product in the mask."""
        _add(self.free, mask, seats)
        if seats > 0:
            for product in bits(mask):
                self._look_again(product)

    def _reserved_before(self, key: Key, needs: int) -> int:
        """The products of which a seat is reserved for a request that comes before this key."""
        return sum(1 << product for product in bits(needs) if self.reserved.get(product, key) < key)

    def _end_reservation(self, request: Request) -> None:
        for product in bits(request.needs):
            if self.reserved.get(product) == request.key:
                del self.reserved[product]
                self._look_again(product)

    def _look_again(self, product: int) -> None:
        for needs in self.aside[product]:
            self._enter(needs)
        self.aside[product].clear()

    def _enter(self, needs: int) -> None:
        if lane := self.lanes[needs]:
            heappush(self.heads, (lane[0].key, needs))


def _key(request: Request) -> Key:
    return request.key


def _without(waiting: list[Request], steps: list[Step]) -> list[Request]:
    served = {step.request.key for step in steps}
    return [request for request in waiting if request.key not in served]


def _missing(needs: int, free: Sequence[int], reserved: int) -> int:
    """The products of which no seat is left; one of each reserved product does not count."""
    return sum(
        1 << product for product in bits(needs) if free[product] - (reserved >> product & 1) < 1
    )


def _add(counts: list[int], mask: int, seats: int) -> None:
    for product in bits(mask):
        counts[product] += seats


def _overdrawn(balance: list[int], needing: list[list[Request]]) -> int | None:
    """The first product of which more seats are needed than there are, and that a move needs."""
    return next((at for at, left in enumerate(balance) if left < 0 and needing[at]), None)
