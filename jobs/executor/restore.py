"""Puts users back into their old sets where a move failed half-way, so that none is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from connectors.errors import CounterpartError, NotSent, Refused
from connectors.retrying import retry
from jobs.executor.vendor_port import Vendor
from jobs.operation_results import OperationResult, Result
from jobs.output.failures import in_plain_words
from reconciler.model.plan import Kind


def restored(
    vendor: Vendor,
    groups: Mapping[str, str],
    outcome: OperationResult,
    names: Sequence[str],
) -> OperationResult:
    """The outcome; after a move that failed, the account is back in its old sets (`names`).

    If the operation is the second half of a split move, an earlier one took the account out of
    them.
    """
    given_up = {Result.FAILED}
    if outcome.operation.kind is not Kind.MOVE:
        given_up.add(Result.SKIPPED)
    if outcome.result not in given_up or outcome.ends or not names:
        return outcome
    account, where = str(outcome.operation.account), ", ".join(names)
    try:
        for name in names:
            _add_member(vendor, groups[name], account)
    except Exception as error:
        why = in_plain_words(error)
        detail = f"{outcome.detail}; it could not be put back into {where}: {why}"
        return replace(outcome, detail=detail, halfway=True)
    detail = f"{outcome.detail}; the account is in {where} as before"
    return replace(outcome, detail=detail, undone=True, halfway=False)


def _may_pass(error: Exception) -> bool:
    """Whether to try again: after a fault of the line or the server, but not after a refusal."""
    if isinstance(error, Refused):
        return error.status >= 500
    return isinstance(error, CounterpartError) and not isinstance(error, NotSent)


@retry(on=_may_pass, attempts=4, timeout=None)
def _add_member(vendor: Vendor, group: str, account: str) -> None:
    """Can be repeated: `Vendor.add_member` adds nobody who is a member already."""
    vendor.add_member(group, account)
