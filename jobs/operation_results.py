"""What became of a plan: one result per operation, and their counts."""

from dataclasses import dataclass
from enum import StrEnum

from jobs.output.exit_codes import Exit
from reconciler.model.plan import Finding, Operation


class Result(StrEnum):
    """How an operation ended. UNKNOWN: it was sent, and its effect could not be read back."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OperationResult:
    """What became of one operation, and why if it is not done.

    `at` is the SCIM id of what it changed or created. `finding` is a situation that it showed,
    `ends` the code of one in which nothing more can be sent (T2, P9). `undone`: the sets that were
    taken from the user for a move were given back. `halfway`: only a part of it is done. `called`
    is the vendor's name for a group that was created. `ignored`: the vendor accepted a change of a
    group and does not show it. `refused`: the vendor refused this very operation, and not for want
    of a seat. `stays`: the vendor accepted that the account leaves a set, but it is still in it.
    `group` is the SCIM id of a group that was created with the account as a first member.
    """

    operation: Operation
    result: Result
    detail: str = ""
    at: str | None = None
    finding: Finding | None = None
    ends: str = ""
    undone: bool = False
    halfway: bool = False
    called: str = ""
    ignored: bool = False
    refused: bool = False
    stays: bool = False
    group: str = ""


@dataclass(frozen=True)
class Applied:
    """One result per operation; or `objections`, and then nothing was sent.

    `findings` are what an administrator should know beside the results. `taken_over`: another run
    took this one for dead, and has the lease. `stopped`: a person ended the run. `why` says why
    not all was tried, where something stopped everything.
    """

    outcomes: tuple[OperationResult, ...] = ()
    objections: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    taken_over: bool = False
    stopped: bool = False
    why: str = ""

    def count(self, result: Result) -> int:
        """How many operations ended like this."""
        return sum(outcome.result is result for outcome in self.outcomes)

    @property
    def exit_code(self) -> Exit:
        """0 all done, 3 refused, 4 in part, 75 nothing done and taken over, 1 nothing done."""
        if self.objections:
            return Exit.HELD
        if self.count(Result.DONE) == len(self.outcomes):
            return Exit.OK
        changed = {Result.DONE, Result.UNKNOWN}
        if any(outcome.result in changed or outcome.halfway for outcome in self.outcomes):
            return Exit.PARTIAL
        return Exit.BUSY if self.taken_over else Exit.FAILED

    @property
    def headline(self) -> str:
        """The counts in words, and what stopped it."""
        if self.objections:
            return "; ".join(objection.message for objection in self.objections)
        counts = [f"{self.count(result):,} {result}" for result in Result if self.count(result)]
        counted = ", ".join(counts) or "nothing to do"
        ended_early = self.why and self.count(Result.DONE) < len(self.outcomes)
        return f"{counted}: {self.why.rstrip('.')}" if ended_early else counted
