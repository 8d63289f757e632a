"""What became of a plan until now, so that pages and headlines stay true."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jobs.context import Context
from jobs.operation_results import Result
from jobs.report.words import in_words
from reconciler.model.approval import Approval, Use
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Operation, Plan, Subject


class Stage(StrEnum):
    """How far a plan has got; the first that holds, in this order."""

    APPLIED = "applied"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    APPROVED = "approved"
    WAITING = "waiting"


@dataclass(frozen=True)
class State:
    """`approvals` it got, the `use` that was made of it, and what its operations came to.

    `results` maps an operation's index to its result and the detail. `newer` is the id of the
    newest plan, if this is another one for everybody, and `now` the time of all this (UTC).
    """

    approvals: tuple[Approval, ...] = ()
    use: Use | None = None
    results: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    newer: str = ""
    now: datetime | None = None

    def stage(self, plan: Plan) -> Stage:
        """How far the plan has got, guards aside."""
        if self.use:
            return Stage.APPLIED
        if self.now and self.now >= plan.basis.expires_at:
            return Stage.EXPIRED
        if self.newer:
            return Stage.SUPERSEDED
        return Stage.APPROVED if self.approvals else Stage.WAITING

    def of(self, plan: Plan) -> str:
        """In words that follow what the plan changes."""
        if self.use:
            return f"applied {minute(self.use.at)} by run {self.use.run_id}: {self._done(plan)}"
        until = minute(plan.basis.expires_at)
        match self.stage(plan):
            case Stage.EXPIRED:
                return f"expired {until}"
            case Stage.SUPERSEDED:
                return f"superseded by plan {self.newer}"
            case Stage.APPROVED:
                return f"approved by {', '.join(self.approvers)}; can be applied until {until}"
            case _:
                return f"waits for review until {until}"

    @property
    def approvers(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(str(approval.by) for approval in self.approvals))

    @property
    def done(self) -> frozenset[int]:
        """The indices of operations that are done."""
        return frozenset(at for at, (result, _) in self.results.items() if result == DONE)

    def outcomes(self, plan: Plan) -> Mapping[int, tuple[str, str]]:
        """The results; of a plan that was applied, also of operations that were not begun."""
        begun = dict(self.results)
        return begun | {one.index: (NOT_BEGUN, "") for one in self.not_begun(plan)}

    def not_begun(self, plan: Plan) -> list[Operation]:
        """What an apply did not get to, or left out."""
        return [one for one in plan.operations if self.use and one.index not in self.results]

    def undone(self, plan: Plan) -> list[tuple[Subject, str]]:
        """Whose operations were begun and are not done, and what is known of these: "gets an
        account: failed: 409 taken; joins Sales Team: skipped".
        """
        told: dict[Subject, list[str]] = {}
        for one in plan.operations:
            result, detail = self.results.get(one.index, (DONE, ""))
            if result != DONE:
                step = ": ".join(filter(None, (in_words(one), result, detail)))
                told.setdefault(one.subject, []).append(step)
        return [(subject, "; ".join(steps)) for subject, steps in told.items()]

    def _done(self, plan: Plan) -> str:
        counts = Counter(result for result, _ in self.outcomes(plan).values())
        done = f"{counts.pop(DONE, 0):,} of {format(Plural(len(plan.operations)), _DONE)}"
        others = [f"{count:,} {result}" for result, count in sorted(counts.items())]
        return ", ".join([done, *others])


def minute(at: datetime) -> str:
    """A time (UTC) as the reports have it, to the minute."""
    return f"{at.day} {at:%b, %H:%M} UTC"


def told_apart(times: Iterable[datetime]) -> dict[datetime, str]:
    """Times (UTC) to the minute; those of one minute to the second."""
    different = sorted(set(times))
    in_minute = Counter(map(minute, different))
    return {
        at: minute(at) if in_minute[minute(at)] == 1 else f"{at.day} {at:%b, %H:%M:%S} UTC"
        for at in different
    }


DONE, NOT_BEGUN = str(Result.DONE), "not begun"

_DONE = "operation is done|operations are done"

AS_MADE = State()
"""Of a plan that has just been made."""


def state_of(context: Context, plan: Plan) -> State:
    """As the store has it."""
    with context.store.transaction() as tx:
        newest = tx.plans.newest_id()
        return State(
            approvals=tx.approvals.of(plan.id),
            use=tx.plans.use_of(plan.id),
            results={
                entry.index: (entry.result or "unknown", entry.detail or "")
                for entry in tx.journal.entries(plan.id)
            },
            newer="" if plan.only or newest == plan.id else newest,
            now=context.clock(),
        )
