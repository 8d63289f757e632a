"""A plan before anything is said about it: what it rests on, and what it would do."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from config.settings import Settings
from reconciler.contest import Contest
from reconciler.holdings import Holdings
from reconciler.ledger import Ledger
from reconciler.model.frames import cells
from reconciler.model.plan import Kind, Operation, SeatLine
from reconciler.model.snapshot import Occasion, Snapshot
from reconciler.order import NOWHERE
from reconciler.rules import Decisions
from reconciler.sets import JudgedSets
from reconciler.situations.situation import Effect
from reconciler.subjects import Subjects


@dataclass(frozen=True)
class Draft:
    """Everything that findings and guards look at; they only read."""

    settings: Settings
    snapshot: Snapshot
    occasion: Occasion
    judged: JudgedSets
    subjects: Subjects
    decisions: Decisions
    ledger: Ledger
    contest: Contest
    operations: tuple[Operation, ...]

    @cached_property
    def managed(self) -> Holdings:
        """The holdings of accounts whose person is known."""
        return self.subjects.holdings.only(self.subjects.holdings.managed)

    @cached_property
    def holders(self) -> int:
        """How many people hold a set."""
        return int((self.subjects.people.held != NOWHERE).sum())

    @cached_property
    def held(self) -> list[int]:
        """How many people hold each set, by its position."""
        sizes: list[int] = np.bincount(self.managed.set, minlength=len(self.judged.sets)).tolist()
        return sizes

    @cached_property
    def kept(self) -> dict[str, str]:
        """Object ids of those whom their own case keeps from any change, and its code."""
        kept: dict[str, str] = {}
        for scope in (self.decisions.account, self.decisions.user):
            concerned = np.flatnonzero(scope.effect == Effect.KEEP)
            ids = cells(self.subjects.people.told["id"], concerned)
            kept |= dict(zip(ids, scope.code[concerned], strict=True))
        return kept

    @cached_property
    def seats(self) -> tuple[SeatLine, ...]:
        """What the operations make of each product."""
        waiting = self.contest.allocation.waiting
        return self.ledger.lines(self.operations, (blocked for _, blocked in waiting))

    @cached_property
    def losers(self) -> dict[str, set[str]]:
        """Who ends with less than now: object id -> the sets lost. A split move loses nothing."""
        losers: dict[str, set[str]] = {}
        for operation in self.operations:
            match operation.kind:
                case Kind.REVOKE:
                    losers.setdefault(operation.subject.id, set()).update(operation.lost)
                case Kind.DEACTIVATE_ACCOUNT:
                    losers.setdefault(operation.subject.id, set())
                case Kind.GRANT:
                    losers.pop(operation.subject.id, None)
        return losers

    @cached_property
    def lost(self) -> Counter[str]:
        """How many people lose each set, by its name."""
        return Counter(name for sets in self.losers.values() for name in sets)
