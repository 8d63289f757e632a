"""What ends an apply early, for one product or for everything; split moves are finished first."""

from collections.abc import Iterator

from connectors.store.errors import LeaseLost, StoreError
from connectors.store.fence import Fence
from jobs.operation_results import OperationResult, Result
from reconciler.applying.error_budget import ErrorBudget
from reconciler.applying.ignored_changes import Switch
from reconciler.applying.operation_seats import seats_sought
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Finding, Kind, Operation, Plan
from reconciler.situations import RUN, finding
from reconciler.situations.plans import THROTTLED, TIME_OVER, TOO_MANY_ERRORS
from reconciler.situations.seats import SEAT_REFUSED
from reconciler.situations.token import SWITCH_OFF, TOKEN_REFUSED
from reconciler.situations.users import MOVE
from reconciler.situations.vendor import (
    ATTRIBUTE_FIXED,
    ATTRIBUTE_REQUIRED,
    ATTRIBUTES_REFUSED,
    CHANGE_IGNORED,
)

_NO_MORE = {SEAT_REFUSED.code, CHANGE_IGNORED.code}
"""After one of these no further seat of the product is asked for."""

_NO_ERROR = {SEAT_REFUSED.code, ATTRIBUTE_FIXED.code, ATTRIBUTE_REQUIRED.code}
"""Do not count as errors: the vendor cannot do it, and the same is not asked for again."""


class CircuitBreaker:
    """Learns from every outcome, and says which operations must not begin any more.

    None may begin once the run's `fence` objects, not even operations that were journalled with one
    that was sent. Before it stops, split moves are finished where possible: the moves of users who
    have given up a set, and the moves that make room for them. `members_leave` is False at a vendor
    that ignores removals.
    """

    def __init__(self, plan: Plan, fence: Fence, *, members_leave: bool) -> None:
        self._fence = fence
        self._planned = len(plan.operations)
        updates = sum(operation.kind is Kind.UPDATE_ACCOUNT for operation in plan.operations)
        self._budget = ErrorBudget(self._planned - updates)
        self._of_attributes = ErrorBudget(updates)
        self._switch = Switch(members_leave)
        self._given_up: dict[str, Operation] = {}
        self._sought = seats_sought(plan)
        self._full: dict[tuple[bool, str], str] = {}
        self._without: set[str] = set()
        self._incomplete = False
        self._done = 0
        self._at_once = False
        self._code = ""
        self._of_fleet: Finding | None = None
        self.stopped = False
        self.reason = ""

    def by_person(self, signal_name: str) -> None:
        """A person ends the program; called from a signal handler."""
        self.stopped = True
        self.reason = self.reason or f"stopped by {signal_name}"

    def time_is_over(self) -> None:
        """What begins now might not be read back in the time that a run has."""
        self._stop(TIME_OVER.code, "the time for this run is over")

    def fleet_stopped(self, found: Finding) -> None:
        """Nothing more may be applied for any tenant (P22)."""
        self._of_fleet = found
        self._stop(found.code, f"applies of the fleet are stopped ({found.code})")

    def store_failed(self, error: StoreError) -> None:
        """Stops at once: what cannot be journalled must not begin."""
        self._fence.lost = self._fence.lost or isinstance(error, LeaseLost)
        self._stop("", str(error), at_once=True)

    def objection(self, operation: Operation) -> str:
        """Why the operation must not begin, or ""."""
        if why := self._fence.objection():
            return why
        if self.reason and (self._at_once or not self._ends_a_swap(operation)):
            return self.reason
        if full := [desired for desired in self._seats(operation) if desired in self._full]:
            products = ", ".join(product for _, product in full)
            code = SWITCH_OFF.code if self._switch.looks_off else self._full[full[0]]
            return f"the vendor gives no more seats of {products} ({code})"
        if operation.takes and operation.subject.id in self._without:
            return "the vendor gives the account no seat (S8)"
        if operation.kind is Kind.CREATE_ACCOUNT and self._incomplete:
            return "the vendor makes no account without an attribute that is not mapped (V20)"
        if operation.kind is Kind.UPDATE_ACCOUNT and self._of_attributes.exceeded:
            return f"too many attributes were refused: {self._of_attributes.exceeded}"
        return ""

    def fall_back(self, operation: Operation) -> tuple[str, ...]:
        """The sets that the account goes back to if the operation fails half-way."""
        first_half = self._given_up.get(operation.subject.id)
        if operation.kind is Kind.GRANT and first_half:
            return first_half.lost
        return operation.lost if operation.kind is Kind.MOVE else ()

    def must_give_back(self, operation: Operation) -> bool:
        """Whether it is the second half of a split move: if it fails, the first is taken back."""
        second_half = operation.kind is Kind.GRANT and operation.subject.id in self._given_up
        return second_half and not self._at_once

    def learn(self, outcome: OperationResult) -> Operation | None:
        """Takes an outcome into account; returns the first half of a move that was taken back."""
        operation, code = outcome.operation, outcome.finding.code if outcome.finding else ""
        self._done += outcome.result is Result.DONE
        if code in _NO_MORE and not outcome.stays:
            self._full |= dict.fromkeys(self._seats(operation), code)
        self._incomplete |= code == ATTRIBUTE_REQUIRED.code
        if code == SEAT_REFUSED.code:
            self._without.add(operation.subject.id)
        if code not in _NO_ERROR and outcome.result is not Result.SKIPPED:
            self._budget_of(operation).count(failed=outcome.result is not Result.DONE)
        self._look_at_the_switch(outcome)
        if outcome.ends:
            self._stop(outcome.ends, outcome.detail, at_once=True)
        elif self._switch.is_plainly_off:
            self._stop(
                SWITCH_OFF.code, "the vendor ignores every change of groups (T5)", at_once=True
            )
        elif self._budget.exceeded:
            self._stop(
                TOO_MANY_ERRORS.code, f"stopped after too many errors: {self._budget.exceeded}"
            )
        if outcome.result is Result.DONE and _gives_up(operation):
            self._given_up[operation.subject.id] = operation
            return None
        if operation.kind is not Kind.GRANT:
            return None
        first_half = self._given_up.pop(operation.subject.id, None)
        return first_half if outcome.undone else None

    def findings(self) -> Iterator[Finding]:
        """What stopped everything, as a situation."""
        counts = {"done": self._done, "planned": self._planned}
        if self._of_attributes.exceeded:
            errors, limit = self._of_attributes.errors, self._of_attributes.exceeded
            yield finding(ATTRIBUTES_REFUSED, RUN, errors=errors, limit=limit)
        if self.switch_looks_off:
            count = Plural(self._switch.ignored)
            why = f": it accepted {count:change of a group|changes of groups}, and made none"
            yield finding(SWITCH_OFF, RUN, state="looks off", why=why)
        elif self._code == TOO_MANY_ERRORS.code:
            limit = self._budget.exceeded
            yield finding(TOO_MANY_ERRORS, RUN, errors=self._budget.errors, limit=limit, **counts)
        elif self._code == TIME_OVER.code:
            yield finding(TIME_OVER, RUN, **counts)
        if self._of_fleet:
            yield self._of_fleet
        if self._code == TOKEN_REFUSED.code:
            why = f"The vendor no longer accepts the API token ({self.reason})."
            yield finding(TOKEN_REFUSED, RUN, why=why)
        if self._code == THROTTLED.code:
            so_far = f"{self._done} of {Plural(self._planned):operation is|operations are} done"
            yield finding(THROTTLED, RUN, why=self.reason, so_far=so_far)

    @property
    def switch_looks_off(self) -> bool:
        """T5: no change of a set took effect, so nothing is known about seats."""
        return self._switch.looks_off

    def _look_at_the_switch(self, outcome: OperationResult) -> None:
        """The creation of a group does not count: it says nothing of members, and may show late."""
        if outcome.operation.touched and outcome.result is Result.DONE:
            self._switch.made()
        elif outcome.ignored:
            moved = outcome.operation
            self._switch.ignore(moved.touched, removal=bool(moved.lost) and not moved.gained)

    def _seats(self, operation: Operation) -> list[tuple[bool, str]]:
        """The products whose seats it needs, and whether it joins a group: a vendor without seats
        for accounts may still have some for memberships.
        """
        joins = bool(operation.takes)
        return [(joins, product) for product in self._sought.get(operation.index, ())]

    def _budget_of(self, operation: Operation) -> ErrorBudget:
        """Errors of names and addresses have a budget of their own and do not stop the rest."""
        return self._of_attributes if operation.kind is Kind.UPDATE_ACCOUNT else self._budget

    def _stop(self, code: str, reason: str, *, at_once: bool = False) -> None:
        if not self.reason or (at_once and not self._at_once):
            self._code, self.reason = code, reason
        self._at_once = self._at_once or at_once

    def _ends_a_swap(self, operation: Operation) -> bool:
        return bool(self._given_up) and (
            operation.kind is Kind.MOVE or operation.subject.id in self._given_up
        )


def _gives_up(operation: Operation) -> bool:
    """The first half of a move that was split (U2)."""
    return operation.kind is Kind.REVOKE and operation.reason == MOVE.code
