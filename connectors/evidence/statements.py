"""What is stated of a plan: in-toto Statements v1, whose subject is the plan by its digest.

`docs/evidence.md` has the format, for whoever reads them without this program.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import to_builtins

from connectors.store.audit import Checkpoint
from connectors.store.journal import Entry
from reconciler.model.approval import Approval, Use
from reconciler.model.plan import Plan

Statement = dict[str, Any]

TYPE = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:seatsync:evidence:{}:v1"


def of_plan(plan: Plan) -> Statement:
    """The plan in its canonical form, as one text: its SHA-256 is the subject's digest."""
    return _statement(plan, "plan", {"plan": plan.canonical.decode()})


def of_approvals(plan: Plan, approvals: Iterable[Approval]) -> list[Statement]:
    """One for each, with the ID token where somebody signed in."""
    return [_statement(plan, "approval", to_builtins(one)) for one in approvals]


def of_results(plan: Plan, use: Use, entries: Sequence[Entry]) -> Statement:
    """What became of each operation when it was read back at the vendor."""
    kinds = {operation.index: operation.kind for operation in plan.operations}
    operations = [{**to_builtins(one), "kind": kinds.get(one.index)} for one in entries]
    return _statement(plan, "results", {**to_builtins(use), "operations": operations})


def of_trail(plan: Plan, checkpoint: Checkpoint, before: int) -> Statement:
    """How far the audit trail had got; being the last, also how many statements there are."""
    return _statement(plan, "trail", {**to_builtins(checkpoint), "statements": before + 1})


def _statement(plan: Plan, what: str, predicate: dict[str, Any]) -> Statement:
    return {
        "_type": TYPE,
        "subject": [{"name": f"plan {plan.id}", "digest": {"sha256": _hex(plan)}}],
        "predicateType": PREDICATE.format(what),
        "predicate": predicate,
    }


def _hex(plan: Plan) -> str:
    return plan.digest.removeprefix("sha256:")
