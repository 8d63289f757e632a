"""Which operations may start while several workers apply a plan: in its order where that matters.

An operation waits for those that it needs, for earlier ones of the same user, whether these succeed
or not, and for earlier ones that free the seat that it takes; and it leaves a seat for every
earlier operation that needs one. Groups, links, removals and names come in waves. Only one worker
at a time changes a group, but by one request it may make several changes of the same kind.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from reconciler.applying.free_seats import FreeSeats
from reconciler.model.plan import Kind, Operation, Plan

LOOK_AHEAD = 400
"""Operations that are considered at once: among more of them, more are of the same change."""

LARGEST_BATCH = 50
"""The most members that one request adds or removes."""

WORTH_A_REQUEST = 25
"""So many members are sent at once; fewer wait for others that may soon be ready."""

_MEMBERSHIPS = {Kind.GRANT, Kind.REVOKE, Kind.MOVE}

# Groups before members; links before removals; names are given up before others take them.
_WAVES = {
    Kind.CREATE_SET_GROUP: 0,
    Kind.LINK: 1,
    Kind.REVOKE: 2,
    Kind.DEACTIVATE_ACCOUNT: 2,
    Kind.UPDATE_ACCOUNT: 3,
}
_LAST_WAVE = 4

Change: TypeAlias = tuple[Kind, tuple[str, ...], tuple[str, ...]]
"""Operations of one change can share a request: the same kind, the same sets lost and gained."""


@dataclass(frozen=True)
class Batch:
    """Operations of one change that may start now; or one that cannot be done, and why."""

    operations: tuple[Operation, ...]
    obstacle: str = ""


class Dispatcher:
    """Gives out the operations of a plan in batches.

    `objection` says, when its turn comes, why an operation must not be done; "" if it may.
    """

    def __init__(self, plan: Plan, objection: Callable[[Operation], str]) -> None:
        self._objection = objection
        self._seats = FreeSeats(plan)
        self._waiting = {operation.index: operation for operation in plan.operations}
        self._running: dict[int, Operation] = {}
        self._done: dict[int, bool] = {}
        self._waves = dict(_waves(plan))
        self._unfinished: dict[str, list[int]] = {}
        for operation in plan.operations:
            self._unfinished.setdefault(operation.subject.id, []).append(operation.index)

    def next(self) -> Batch | None:
        """The next batch; None if nothing can start before an operation under way ends."""
        batch: list[Operation] = []
        claimed: Counter[str] = Counter()
        busy = {name for running in self._running.values() for name in _touched(running)}
        filling = self._filling()
        for operation in self._candidates():
            if (
                self._must_wait(operation, claimed, busy)
                or _change(operation) in filling
                or (batch and _change(operation) != _change(batch[0]))
            ):
                claimed.update(_claims(operation))
            elif obstacle := self._hopeless(operation) or self._objection(operation):
                if not batch:
                    del self._waiting[operation.index]
                    self._note(operation, done=False)
                    return Batch((operation,), obstacle)
                claimed.update(_claims(operation))
            else:
                self._seats.begin(operation)
                batch.append(operation)
                if len(batch) >= self._enough(operation):
                    break
        for operation in batch:
            self._running[operation.index] = self._waiting.pop(operation.index)
        return Batch(tuple(batch)) if batch else None

    def end(self, operation: Operation, *, done: bool) -> None:
        """An operation of an earlier batch has ended."""
        if self._running.pop(operation.index, None):  # it had no obstacle
            self._note(operation, done=done)
            self._seats.end(operation, done=done)

    def undo(self, operation: Operation) -> None:
        """What an ended operation did has been taken back."""
        self._seats.undo(operation)

    def _note(self, operation: Operation, *, done: bool) -> None:
        self._done[operation.index] = done
        self._unfinished[operation.subject.id].remove(operation.index)

    def _candidates(self) -> Iterator[Operation]:
        """Those of the present wave; memberships last, so that more of them become ready."""
        unfinished = [*islice(self._waiting, 1), *self._running]
        wave = self._waves[min(unfinished)] if unfinished else _LAST_WAVE
        near = list(islice(self._waiting.values(), LOOK_AHEAD))
        present = [operation for operation in near if self._waves[operation.index] == wave]
        return iter(sorted(present, key=lambda operation: operation.kind in _MEMBERSHIPS))

    def _filling(self) -> set[Change]:
        """Changes of groups that few operations are ready for, and more will be soon."""
        ready: Counter[Change] = Counter()
        coming: set[Change] = set()
        for operation in islice(self._waiting.values(), LOOK_AHEAD):
            if operation.kind in _MEMBERSHIPS:
                unfinished = [need for need in operation.needs if need not in self._done]
                ready[_change(operation)] += not unfinished
                if any(need in self._running for need in unfinished):
                    coming.add(_change(operation))
        return {change for change in coming if ready[change] < WORTH_A_REQUEST}

    def _enough(self, operation: Operation) -> int:
        """How many operations make a batch: what one request can do. A second request must not
        follow the same begin in the journal, for another run may have taken over since.
        """
        return LARGEST_BATCH if operation.kind in _MEMBERSHIPS else 1

    def _must_wait(self, operation: Operation, claimed: Counter[str], busy: set[str]) -> bool:
        return (
            any(need not in self._done for need in operation.needs)
            or self._unfinished[operation.subject.id][0] != operation.index
            or any(claimed[name] for name in _name(operation))
            or any(0 < claimed[it] >= self._seats.free(it) for it in operation.takes)
            or not busy.isdisjoint(_touched(operation))
            or self._seat_may_come(operation)
        )

    def _seat_may_come(self, operation: Operation) -> bool:
        missing = set(self._seats.missing(operation))
        if not missing:
            return False
        return any(
            not missing.isdisjoint(other.frees)
            for other in (*self._running.values(), *self._waiting.values())
            if other.index < operation.index
        )

    def _hopeless(self, operation: Operation) -> str:
        if failed := [str(need) for need in operation.needs if not self._done[need]]:
            return f"operation {', '.join(failed)}, which it needs, is not done"
        if missing := self._seats.missing(operation):
            return f"no seat of {', '.join(missing)} is free, because an earlier step is not done"
        return ""


def _waves(plan: Plan) -> Iterator[tuple[int, int]]:
    """Per operation's index its wave. Waves never go back: the first half of a split move is a
    revoke within the last wave.
    """
    wave = 0
    for operation in plan.operations:
        wave = max(wave, _WAVES.get(operation.kind, _LAST_WAVE))
        yield operation.index, wave


def _change(operation: Operation) -> Change:
    return operation.kind, operation.lost, operation.gained


def _claims(operation: Operation) -> set[str]:
    """What is given out in the plan's order: seats, and names that one account gives to another."""
    return {*operation.takes, *_name(operation)}


def _touched(operation: Operation) -> set[str]:
    """What only one worker may change at a time: a group, the list of groups, user names."""
    listed = {"groups"} if operation.kind is Kind.CREATE_SET_GROUP else set()
    return {*operation.touched, *_name(operation), *listed}


def _name(operation: Operation) -> set[str]:
    renames = operation.kind is Kind.UPDATE_ACCOUNT
    return {"userName"} & set(operation.after.attributes or ()) if renames else set()
