"""What applying a plan came to."""

from collections.abc import Sequence

from jobs.operation_results import Applied, Result
from jobs.output.console import confirm, print_line, tell
from jobs.output.excerpt import GLANCE, Excerpt
from jobs.report.words import called, in_words, person
from reconciler.model.plan import Operation, Plan

FEW = 5
"""Operations of one reason that have a line each."""


def print_applied(plan: Plan, applied: Applied) -> None:
    """What is not done and why, and the counts."""
    for found in (*applied.findings, *applied.objections):
        tell(found)
    lines = _not_done(plan, applied)
    for line in lines[:GLANCE]:
        print_line(line)
    excerpt = Excerpt(lambda _: f"seatsync report {plan.id} --html --out {plan.id}.html")
    if rest := excerpt.rest(GLANCE, max(GLANCE, len(lines))):
        print_line(rest)
    if not applied.objections:
        confirm(f"Plan {plan.id}: {applied.headline}.")


def _not_done(plan: Plan, applied: Applied) -> list[str]:
    """What is not done and why: a line each, where the reason is not one of many operations."""
    reasons: dict[tuple[Result, str], list[Operation]] = {}
    for outcome in applied.outcomes:
        if outcome.result is not Result.DONE:
            reasons.setdefault((outcome.result, outcome.detail), []).append(outcome.operation)
    return [
        line
        for (result, detail), operations in reasons.items()
        for line in _lines(plan, result, detail, operations)
    ]


def _lines(plan: Plan, result: Result, detail: str, operations: Sequence[Operation]) -> list[str]:
    said = [
        f"{person(one.subject.name, called(plan, one.subject))} {in_words(one)}"
        for one in operations[: FEW + 1]
    ]
    if len(operations) <= FEW:
        return [f"{result}: {one}: {detail}" for one in said]
    return [f"{result}, {len(operations):,} operations: {detail}. The first: {said[0]}"]
