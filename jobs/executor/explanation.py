"""Gathers what is known of a failed operation, for `failure_cause` to name the situation."""

from collections.abc import Mapping
from dataclasses import replace

from connectors.errors import CounterpartError
from jobs.executor.outcome import conflicts
from jobs.executor.seat_refusals import lacks_seat
from jobs.executor.send_batch import Answer
from jobs.executor.vendor_port import Vendor
from jobs.executor.verify import ReadBack
from jobs.operation_results import OperationResult, Result
from reconciler.applying.failure_cause import Failure, failure_cause
from reconciler.model.capabilities import Feature
from reconciler.model.plan import Kind, Operation
from reconciler.situations.seats import SEAT_REFUSED
from reconciler.situations.vendor import NOT_SHOWN


def explained(
    vendor: Vendor,
    read_back: ReadBack,
    outcome: OperationResult,
    answer: Answer,
    sought: Mapping[int, tuple[str, ...]],
) -> OperationResult:
    """The outcome with the finding that explains a failure, where there is one.

    That the vendor hides a group is remembered.
    """
    operation = outcome.operation
    said = answer is None and outcome.finding
    if outcome.result is not Result.FAILED or outcome.ends or said:
        return outcome
    asked = operation.after.attributes or {}
    found = failure_cause(
        Failure(
            operation,
            accepted=answer is None,
            refused=outcome.refused,
            conflicts=conflicts(answer),
            no_seat=_no_seat(vendor, operation, answer),
            detail=outcome.detail,
            empty_groups=vendor.can.may(Feature.EMPTY_GROUPS),
            products=sought.get(operation.index, ()),
            lacking=vendor.habits.required.difference(asked),
            fixed=tuple(path for path in asked if vendor.habits.is_fixed(path)),
            alone_in=read_back.last_in(operation) if operation.kind is Kind.REVOKE else "",
            stays=outcome.stays,
        )
    )
    if found is None:
        return outcome
    if found.code == NOT_SHOWN.code:
        vendor.can.hide(operation.subject.name)
    refused = outcome.refused and found.code != SEAT_REFUSED.code
    return replace(outcome, finding=found, refused=refused)


def _no_seat(vendor: Vendor, operation: Operation, answer: Answer) -> str | None:
    if not lacks_seat(vendor, operation, answer):
        return None
    return answer.why.rstrip(".") if isinstance(answer, CounterpartError) else ""
