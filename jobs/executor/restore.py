"""Nobody is left between two sets: the old one comes back where a move failed half-way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import stamina

from connectors.errors import CounterpartError, NotSent, Refused
from jobs.executor.result import OperationResult, Result
from jobs.executor.vendor import Vendor
from jobs.output.failures import in_plain_words
from reconciler.model.plan import Kind


def restored(
    vendor: Vendor,
    groups: Mapping[str, str],
    outcome: OperationResult,
    names: Sequence[str],
) -> OperationResult:
    """A move that failed half-way leaves nobody with nothing: the old sets, `names`, come back.

    It has been given up before this operation where that is a split move's second half.
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
    """A fault of the line or of the server; what is refused or must not be sent stays so."""
    if isinstance(error, Refused):
        return error.status >= 500
    return isinstance(error, CounterpartError) and not isinstance(error, NotSent)


@stamina.retry(on=_may_pass, attempts=4, timeout=None)
def _add_member(vendor: Vendor, group: str, account: str) -> None:
    """It reads the group first, so what was done already is not done twice."""
    vendor.add_member(group, account)
