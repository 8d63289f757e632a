"""What `--json` prints of a plan: the plan, what became of it, and where its reports are."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from jobs.operation_results import Applied, Result
from jobs.output.rows.row import Utc
from jobs.report.state import State
from jobs.report.summary import summarise
from reconciler.model.approval import Approval
from reconciler.model.plan import SCHEMA_VERSION, Finding, Kind, Operation, Plan

Paths = dict[str, str]


class OperationDocument(Operation, frozen=True, kw_only=True):
    """An operation with its kind; once it was begun with its `result`, and the `detail` of it."""

    kind: Kind
    result: Result | None = None
    detail: str = ""


class ApprovalDocument(Struct, frozen=True, kw_only=True):
    """Who let the plan pass: account and host, and where they signed in their object id and name.

    `overrides` are codes of guards; `weaker`: they signed in with a device code.
    """

    account: str
    host: str
    object_id: str
    name: str
    remark: str
    reason: str
    at: Utc
    overrides: tuple[str, ...]
    weaker: bool


class PlanDocument(Plan, frozen=True, kw_only=True, tag=SCHEMA_VERSION):
    """A plan with its digest, what it comes to, and what became of it.

    `status` is one of: nothing to do, waiting for review, held, blocked, not decided, applied;
    `headline` says it to a person. `applied_by` is the run that applied it, at `applied_at`;
    `superseded_by` the id of a newer plan. `paths` has where its reports are, by their names
    without endings. The digest is of the plan's canonical form, which plan.json has.
    """

    digest: str
    status: str
    headline: str
    paths: Paths
    operations: tuple[OperationDocument, ...]
    approvals: tuple[ApprovalDocument, ...] = ()
    applied_by: str | None = None
    applied_at: Utc | None = None
    superseded_by: str | None = None


class OutcomeDocument(Struct, frozen=True, kw_only=True):
    """What became of the operation of this index; `subject` is a name."""

    index: int
    kind: Kind
    subject: str
    result: Result
    detail: str


class AppliedDocument(Struct, frozen=True, kw_only=True):
    """What applying a plan came to; `objections`, and then nothing was sent.

    `findings` are what an administrator should know beside the outcomes.
    """

    plan: str
    digest: str
    headline: str
    paths: Paths
    objections: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[OutcomeDocument, ...]


def plan_document(plan: Plan, state: State, folder: Path | None) -> PlanDocument:
    """`folder` is where its reports are, if they could be written."""
    summary = summarise(plan, state)
    fields = {name: getattr(plan, name) for name in plan.__struct_fields__}
    return PlanDocument(
        **fields
        | {
            "digest": plan.digest,
            "status": summary.status,
            "headline": summary.headline,
            "paths": paths_in(folder),
            "operations": tuple(_operation(one, state.results) for one in plan.operations),
            "approvals": tuple(map(_approval, state.approvals)),
            "applied_by": state.use.run_id if state.use else None,
            "applied_at": state.use.at if state.use else None,
            "superseded_by": state.newer or None,
        }
    )


def applied_document(plan: Plan, applied: Applied, folder: Path) -> AppliedDocument:
    """After an apply, whatever it came to."""
    return AppliedDocument(
        plan=plan.id,
        digest=plan.digest,
        headline=applied.headline,
        paths=paths_in(folder),
        objections=applied.objections,
        findings=applied.findings,
        outcomes=tuple(
            OutcomeDocument(
                index=one.operation.index,
                kind=one.operation.kind,
                subject=one.operation.subject.name,
                result=one.result,
                detail=one.detail,
            )
            for one in applied.outcomes
        ),
    )


def paths_in(folder: Path | None) -> Paths:
    """By name without ending: ``report`` is ``/…/report.html``."""
    files = sorted(folder.glob("*.*")) if folder else ()
    return {path.stem: str(path.absolute()) for path in files}


def _operation(operation: Operation, results: Mapping[int, tuple[str, str]]) -> OperationDocument:
    result, detail = results.get(operation.index, (None, ""))
    return OperationDocument(
        **msgspec.structs.asdict(operation),
        kind=operation.kind,
        result=Result(result) if result else None,
        detail=detail,
    )


def _approval(approval: Approval) -> ApprovalDocument:
    return ApprovalDocument(
        account=approval.by.account,
        host=approval.by.host,
        object_id=approval.by.object_id,
        name=approval.by.name,
        remark=approval.remark,
        reason=approval.reason,
        at=approval.at,
        overrides=approval.overrides,
        weaker=approval.weaker,
    )
