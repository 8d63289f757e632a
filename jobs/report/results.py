"""What applying a plan came to."""

from collections.abc import Sequence

from jobs.executor.result import Applied, Result
from jobs.output.console import confirm, print_line, tell
from jobs.report.words import called, in_words, person
from reconciler.model.plan import Operation, Plan

MOST_LINES, FEW = 20, 5
"""Lines of what is not done, and operations of one reason that have a line each."""


def print_applied(plan: Plan, applied: Applied) -> None:
    """What is not done and why, and the counts."""
    for found in (*applied.findings, *applied.objections):
        tell(found)
    for line in _not_done(plan, applied):
        print_line(line)
    if not applied.objections:
        confirm(f"Plan {plan.id}: {applied.headline}.")


def _not_done(plan: Plan, applied: Applied) -> list[str]:
    """What is not done and why: a line each, where the reason is not one of many operations."""
    reasons: dict[tuple[Result, str], list[Operation]] = {}
    for outcome in applied.outcomes:
        if outcome.result is not Result.DONE:
            reasons.setdefault((outcome.result, outcome.detail), []).append(outcome.operation)
    lines = [
        line
        for (result, detail), operations in reasons.items()
        for line in _lines(plan, result, detail, operations)
    ]
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[:MOST_LINES], f"... and {len(lines) - MOST_LINES:,} more lines, see results.csv"]


def _lines(plan: Plan, result: Result, detail: str, operations: Sequence[Operation]) -> list[str]:
    said = [
        f"{person(one.subject.name, called(plan, one.subject))} {in_words(one)}"
        for one in operations[: FEW + 1]
    ]
    if len(operations) <= FEW:
        return [f"{result}: {one}: {detail}" for one in said]
    return [f"{result}, {len(operations):,} operations: {detail}. The first: {said[0]}"]
