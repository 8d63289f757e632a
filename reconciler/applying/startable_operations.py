"""Which operations may start while several workers apply a plan: in its order where that matters.

An operation waits for those that it needs, for earlier ones of the same user, whether these succeed
or not, and for earlier ones that free the seat that it takes; and it leaves a seat for every
earlier operation that needs one. Groups, links, removals and names come in waves. Only one worker
at a time changes a group, but by one request it may make several changes of the same kind.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Set
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


@dataclass(frozen=True, slots=True)
class _Step:
    """An operation with what follows from it, which would be derived anew at every turn.

    `change` is None for what always has a request of its own. `touched` is what only one worker may
    change at a time: a group, the list of groups, user names. `names` are given from one account to
    another, and `claims`, with the seats, given out in the plan's order.
    """

    operation: Operation
    wave: int
    change: Change | None
    touched: Set[str]
    names: Set[str]
    claims: Set[str]


class Dispatcher:
    """Gives out the operations of a plan in batches.

    `objection` says, when its turn comes, why an operation must not be done; "" if it may.
    """

    def __init__(self, plan: Plan, objection: Callable[[Operation], str]) -> None:
        self._objection = objection
        self._seats = FreeSeats(plan)
        self._waiting = {step.operation.index: step for step in _steps(plan)}
        self._running: dict[int, _Step] = {}
        self._done: dict[int, bool] = {}
        self._unfinished: dict[str, list[int]] = {}
        for operation in plan.operations:
            self._unfinished.setdefault(operation.subject.id, []).append(operation.index)

    def next(self) -> Batch | None:
        """The next batch; None if nothing can start before an operation under way ends."""
        batch: list[_Step] = []
        claimed: Counter[str] = Counter()
        busy = {name for running in self._running.values() for name in running.touched}
        for step, fills in self._candidates():
            operation = step.operation
            if (
                fills
                or self._must_wait(step, claimed, busy)
                or (batch and step.change != batch[0].change)
            ):
                claimed.update(step.claims)
            elif obstacle := self._hopeless(operation) or self._objection(operation):
                if not batch:
                    del self._waiting[operation.index]
                    self._note(operation, done=False)
                    return Batch((operation,), obstacle)
                claimed.update(step.claims)
            else:
                self._seats.begin(operation)
                batch.append(step)
                if len(batch) >= _enough(step):
                    break
        for step in batch:
            self._running[step.operation.index] = self._waiting.pop(step.operation.index)
        return Batch(tuple(step.operation for step in batch)) if batch else None

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

    def _candidates(self) -> Iterator[tuple[_Step, bool]]:
        """Those of the present wave, and whether their change `_filling` has. Memberships come
        last, so that more of them become ready.
        """
        unfinished = [*islice(self._waiting.values(), 1), *self._running.values()]
        wave = min((step.wave for step in unfinished), default=_LAST_WAVE)
        near = list(islice(self._waiting.values(), LOOK_AHEAD))
        present = [step for step in near if step.wave == wave]
        yield from ((step, False) for step in present if not step.change)
        filling = self._filling(near)
        yield from ((step, step.change in filling) for step in present if step.change)

    def _filling(self, near: list[_Step]) -> set[Change]:
        """Changes of groups that few operations are ready for, and more will be soon."""
        ready: Counter[Change] = Counter()
        coming: set[Change] = set()
        for step in near:
            if step.change:
                unfinished = [need for need in step.operation.needs if need not in self._done]
                ready[step.change] += not unfinished
                if any(need in self._running for need in unfinished):
                    coming.add(step.change)
        return {change for change in coming if ready[change] < WORTH_A_REQUEST}

    def _must_wait(self, step: _Step, claimed: Counter[str], busy: set[str]) -> bool:
        operation = step.operation
        return (
            any(need not in self._done for need in operation.needs)
            or self._unfinished[operation.subject.id][0] != operation.index
            or any(claimed[name] for name in step.names)
            or any(0 < claimed[it] >= self._seats.free(it) for it in operation.takes)
            or not busy.isdisjoint(step.touched)
            or self._seat_may_come(operation)
        )

    def _seat_may_come(self, operation: Operation) -> bool:
        missing = set(self._seats.missing(operation))
        if not missing:
            return False
        others = (step.operation for step in (*self._running.values(), *self._waiting.values()))
        return any(
            not missing.isdisjoint(other.frees) for other in others if other.index < operation.index
        )

    def _hopeless(self, operation: Operation) -> str:
        if failed := [str(need) for need in operation.needs if not self._done[need]]:
            return f"operation {', '.join(failed)}, which it needs, is not done"
        if missing := self._seats.missing(operation):
            return f"no seat of {', '.join(missing)} is free, because an earlier step is not done"
        return ""


def _steps(plan: Plan) -> Iterator[_Step]:
    """Waves never go back: the first half of a split move is a revoke within the last wave."""
    wave = 0
    for operation in plan.operations:
        kind, lost, gained = operation.kind, operation.lost, operation.gained
        wave = max(wave, _WAVES.get(kind, _LAST_WAVE))
        changed = operation.after.attributes or () if kind is Kind.UPDATE_ACCOUNT else ()
        names = {"userName"} & set(changed)
        listed = {"groups"} if kind is Kind.CREATE_SET_GROUP else set()
        yield _Step(
            operation,
            wave,
            change=(kind, lost, gained) if kind in _MEMBERSHIPS else None,
            touched={*lost, *gained, *names, *listed},
            names=names,
            claims={*operation.takes, *names},
        )


def _enough(step: _Step) -> int:
    """How many operations make a batch: what one request can do. A second request must not follow
    the same begin in the journal, for another run may have taken over since.
    """
    return LARGEST_BATCH if step.change else 1
