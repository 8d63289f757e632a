"""Everything that was decided, before findings and verdicts are written about it."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property

import numpy as np

from config.settings import Settings
from reconciler.columns import frames
from reconciler.columns.frames import Positions, cells
from reconciler.decisions.classify import Decisions
from reconciler.facts.build import Facts
from reconciler.facts.set_bindings import JudgedSets
from reconciler.facts.undecided_sets import undecided_sets
from reconciler.facts.vendor_memberships import Holdings
from reconciler.model.plan import Grace, Operation, SeatLine
from reconciler.model.snapshot import PlanContext, Snapshot
from reconciler.planning.consequences import Consequences, consequences
from reconciler.planning.current_holdings import Before, held_before
from reconciler.seats.ledger import Ledger
from reconciler.seats.requests import SeatDecisions
from reconciler.situations.situation import Effect
from reconciler.situations.users import DELETED, DISABLED, LEAVE_GRACE


@dataclass(frozen=True)
class Evaluation:
    """Everything that findings look at; guards see only its `consequences`."""

    settings: Settings
    snapshot: Snapshot
    plan_context: PlanContext
    judged: JudgedSets
    facts: Facts
    decisions: Decisions
    ledger: Ledger
    seat_decisions: SeatDecisions
    operations: tuple[Operation, ...]

    @cached_property
    def undecided(self) -> tuple[int, ...]:
        """Positions of the configured sets about which nothing could be decided."""
        return undecided_sets(self.judged, self.facts)

    @cached_property
    def managed(self) -> Holdings:
        """The holdings of accounts whose user is known."""
        return self.facts.holdings.only(self.facts.holdings.managed)

    @cached_property
    def before(self) -> Before:
        """What the operations start from."""
        return held_before(self.facts, self.judged)

    @cached_property
    def consequences(self) -> Consequences:
        """What the operations do to users, beside those of the last 7 days."""
        return consequences(self.before, self.snapshot.memory.week, self.operations)

    @cached_property
    def by_absence(self) -> Consequences:
        """What the operations alone do to users who are missing from a group or from the directory,
        without those of whom the directory itself says that they are disabled or deleted.
        """
        stated = {DISABLED.code, DELETED.code}
        by_absence = [one for one in self.operations if one.reason not in stated]
        return consequences(self.before, frames.frame(frames.CHANGES), by_absence)

    @cached_property
    def kept(self) -> dict[str, str]:
        """Per object id of a user whose own situation keeps them from any change its code."""
        kept: dict[str, str] = {}
        for scope in (self.decisions.account, self.decisions.user):
            concerned = np.flatnonzero(scope.effect == Effect.KEEP)
            ids = cells(self.facts.people.entra["id"], concerned)
            kept |= dict(zip(ids, scope.code[concerned], strict=True))
        return kept

    @cached_property
    def seats(self) -> tuple[SeatLine, ...]:
        """What the operations make of each product."""
        idle = self.plan_context.idle
        return self.ledger.lines(
            self.operations,
            self.seat_decisions.allocation.waiting,
            None
            if idle is None
            else Counter(product for seat in idle for product in seat.products),
        )

    @cached_property
    def in_grace(self) -> Positions:
        """Users who left every group and keep the seat for now, in the order in which that ends."""
        user, account = self.decisions.user, self.decisions.account
        persons = np.flatnonzero((user.code == LEAVE_GRACE.code) & (account.effect != Effect.KEEP))
        ends = self.facts.people.grace_ends[persons]
        in_order: Positions = persons[np.argsort(ends, kind="stable")]
        return in_order

    @cached_property
    def graces(self) -> tuple[Grace, ...]:
        """`in_grace`, as the plan has it."""
        people, persons = self.facts.people, self.in_grace
        rows = zip(
            people.users(persons),
            people.held[persons].tolist(),
            people.past.left[persons].tolist(),
            people.grace_ends[persons].tolist(),
            strict=True,
        )
        return tuple(
            Grace(
                user=user,
                set=self.judged.sets[held].name,
                since=since.replace(tzinfo=UTC),
                until=until.replace(tzinfo=UTC),
            )
            for user, held, since, until in rows
        )
