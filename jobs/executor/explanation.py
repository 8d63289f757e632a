"""Why an operation failed, as a situation: what the vendor's answer and its ways come to."""

from collections.abc import Mapping
from dataclasses import replace

from connectors.errors import CounterpartError
from jobs.executor.batch import Answer
from jobs.executor.outcome import conflicts
from jobs.executor.result import OperationResult, Result
from jobs.executor.seat_refusals import lacks_seat
from jobs.executor.vendor import Vendor
from jobs.executor.verify import ReadBack
from reconciler.model.capabilities import Feature
from reconciler.model.plan import Kind
from reconciler.situations import RUN, finding
from reconciler.situations.seats import SEAT_REFUSED
from reconciler.situations.vendor import (
    ATTRIBUTE_FIXED,
    ATTRIBUTE_REQUIRED,
    CHANGE_IGNORED,
    GROUP_NEEDS_MEMBER,
    LAST_MEMBER_STAYS,
    NOT_SHOWN,
)


def explained(
    vendor: Vendor,
    read_back: ReadBack,
    outcome: OperationResult,
    answer: Answer,
    sought: Mapping[int, tuple[str, ...]],
) -> OperationResult:
    """What failed for want of a seat (S8) or of an attribute that is not mapped (V20), by the
    vendor's own way (V13, V17), or was accepted and not done (V10).
    """
    operation = outcome.operation
    said = answer is None and outcome.finding
    if outcome.result is not Result.FAILED or outcome.ends or said:
        return outcome
    if operation.kind is Kind.CREATE_SET_GROUP and conflicts(answer):
        vendor.can.hide(operation.subject.name)
        return replace(outcome, finding=finding(NOT_SHOWN, operation.subject))
    if operation.kind is Kind.CREATE_SET_GROUP and not vendor.can.may(Feature.EMPTY_GROUPS):
        name = f'"{operation.subject.name}"'
        return replace(outcome, finding=finding(GROUP_NEEDS_MEMBER, operation.subject, sets=name))
    products = ", ".join(sought.get(operation.index, ()))
    if lacks_seat(vendor, operation, answer):
        why = answer.why.rstrip(".") if isinstance(answer, CounterpartError) else ""
        products = products or "what the account holds"
        full = finding(SEAT_REFUSED, operation.subject, products=products, why=why)
        return replace(outcome, finding=full, refused=False)
    asked = operation.after.attributes or {}
    creates = operation.kind is Kind.CREATE_ACCOUNT and outcome.refused
    if creates and (lacking := vendor.habits.required.difference(asked)):
        path = ", ".join(sorted(lacking))
        return replace(outcome, finding=finding(ATTRIBUTE_REQUIRED, operation.subject, path=path))
    fixed = [path for path in asked if vendor.habits.is_fixed(path)]
    if operation.kind is Kind.UPDATE_ACCOUNT and fixed:
        kept = finding(ATTRIBUTE_FIXED, RUN, path=", ".join(fixed), who="seen in this run")
        return replace(outcome, finding=kept)
    if operation.kind is Kind.REVOKE and (lonely := read_back.last_in(operation)):
        why = outcome.detail.rstrip(".")
        return replace(
            outcome, finding=finding(LAST_MEMBER_STAYS, operation.subject, set=lonely, why=why)
        )
    if answer is None:
        ends = bool(products) and not outcome.stays
        others = f", and nobody else was granted {products} in this run" if ends else ""
        what = str(operation.kind).replace("_", " ")
        return replace(
            outcome, finding=finding(CHANGE_IGNORED, operation.subject, what=what, others=others)
        )
    return outcome
