"""What applying a plan came to."""

import msgspec

from jobs.console import print_json, print_line, tell
from jobs.executor.result import Applied, Result
from jobs.report.words import in_words
from reconciler.model.plan import Plan


def print_applied(plan: Plan, applied: Applied, as_json: bool) -> None:
    """The counts, and every operation that is not done with its reason."""
    if as_json:
        print_json(msgspec.json.encode(_as_json(plan, applied)))
        return
    for found in (*applied.findings, *applied.objections):
        tell(found)
    for outcome in applied.outcomes:
        if outcome.result is not Result.DONE:
            operation = outcome.operation
            print_line(
                f"{outcome.result}: {operation.subject.name} {in_words(operation)}: "
                f"{outcome.detail}"
            )
    if not applied.objections:
        print_line(f"Plan {plan.id}: {applied.headline}.")


def _as_json(plan: Plan, applied: Applied) -> dict[str, object]:
    return {
        "plan": plan.id,
        "objections": applied.objections,
        "findings": applied.findings,
        "outcomes": [
            {
                "index": outcome.operation.index,
                "kind": outcome.operation.kind,
                "subject": outcome.operation.subject.name,
                "result": outcome.result,
                "detail": outcome.detail,
            }
            for outcome in applied.outcomes
        ],
    }
