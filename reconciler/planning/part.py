"""A part of a plan: what it does to one user, and to others who have to make room for that.

The operations are those of the plan for everybody, so the rules, the queue and the counts are the
same. Seats that others get before the user stay theirs. Others lose no seat for this part; but if
others give up a seat for another one, they are in the part with all their operations.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from reconciler.model.plan import Kind, Operation, Subject
from reconciler.situations.users import MOVE

_WITH_A_SEAT = {Kind.CREATE_ACCOUNT, Kind.REACTIVATE_ACCOUNT, Kind.GRANT, Kind.MOVE}
"""Operations that a user who has to wait for a seat does not get."""


@dataclass(frozen=True)
class Obstruction:
    """Why this part does not give the user the seat that the plan for everybody gives them.

    What is left of `product` is for those `ahead` in the queue; in that plan `givers` make room.
    """

    product: str
    ahead: tuple[Subject, ...]
    givers: tuple[Subject, ...]


@dataclass(frozen=True)
class Part:
    """Operations that can be carried out without the rest. `tied` are the other users in them,
    `left` is how many more operations the plan for everybody has.
    """

    operations: tuple[Operation, ...]
    tied: tuple[Subject, ...]
    left: int
    obstruction: Obstruction | None = None


def part_of(operations: Sequence[Operation], user: str, free: Mapping[str, int]) -> Part:
    """The part for the user of this object id; `free` has the seats per product before a plan."""
    of_user: defaultdict[str, set[int]] = defaultdict(set)
    for operation in operations:
        of_user[operation.subject.id].add(operation.index)
    movers = {operation.subject.id for operation in operations if operation.gained}
    while True:
        chosen, lack = set(of_user[user]), None
        while lack := _first_lack(operations, chosen, free):
            giver = next((one.id for one in lack.givers if one.id in movers), None)
            if giver is None:
                break
            chosen |= of_user[giver]
        if lack is None or lack.subject.id == user:
            break
        movers.discard(lack.subject.id)  # this one cannot move, either, and so gives up nothing
    if lack:
        chosen = {at for at in of_user[user] if not _comes_with_a_seat(operations[at])}
    rows = sorted(chosen.union(*(operations[at].needs for at in chosen)))
    others = dict.fromkeys(operations[at].subject for at in rows)
    return Part(
        operations=tuple(_numbered_anew(operations[at] for at in rows)),
        tied=tuple(one for one in others if one.kind == "user" and one.id != user),
        left=len(operations) - len(rows),
        obstruction=Obstruction(lack.product, lack.ahead, lack.givers) if lack else None,
    )


@dataclass(frozen=True)
class _Lack:
    """The `subject` needs a seat of `product`, and none is left. Before that, of the users who are
    not in the part, `ahead` take a seat and `givers` free one.
    """

    subject: Subject
    product: str
    ahead: tuple[Subject, ...]
    givers: tuple[Subject, ...]


def _first_lack(
    operations: Sequence[Operation], chosen: set[int], free: Mapping[str, int]
) -> _Lack | None:
    """The first of the chosen operations, in their order, for which no seat is left."""
    left = dict(free)
    ahead: defaultdict[str, list[Subject]] = defaultdict(list)
    givers: defaultdict[str, list[Subject]] = defaultdict(list)
    for operation in operations:
        ours = operation.index in chosen
        for product in operation.takes:
            if ours and left[product] < 1:
                others = tuple(ahead[product]), tuple(givers[product])
                return _Lack(operation.subject, product, *others)
            left[product] -= 1
            if not ours:
                ahead[product].append(operation.subject)
        for product in operation.frees:
            if ours:
                left[product] += 1
            else:
                givers[product].append(operation.subject)
    return None


def _comes_with_a_seat(operation: Operation) -> bool:
    half_a_move = operation.kind is Kind.REVOKE and operation.reason == MOVE.code
    return operation.kind in _WITH_A_SEAT or half_a_move


def _numbered_anew(operations: Iterable[Operation]) -> Iterator[Operation]:
    place: dict[int, int] = {}
    for at, operation in enumerate(operations):
        place[operation.index] = at
        needs = tuple(place[need] for need in operation.needs if need in place)
        yield structs.replace(operation, index=at, needs=needs)
