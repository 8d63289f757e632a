"""How an operation ended: judged by the answer, and by what can be read afterwards."""

from collections.abc import Sequence
from dataclasses import replace

from connectors.errors import CounterpartError, NotSent, OutcomeUnknown, Refused, Unauthorized
from jobs.executor.link_existing_account import link_existing, of_another
from jobs.executor.send_batch import Answer
from jobs.executor.vendor_port import Vendor
from jobs.executor.verify import NOT_FOUND, ReadBack
from jobs.operation_results import OperationResult, Result
from jobs.output.failures import in_plain_words
from reconciler.model.plan import Kind, Operation
from reconciler.situations import finding
from reconciler.situations.plans import OUTCOME_UNKNOWN, THROTTLED
from reconciler.situations.token import TOKEN_REFUSED
from reconciler.situations.vendor import NOT_VISIBLE_YET

CONFLICT = 409

_CREATIONS = {Kind.CREATE_ACCOUNT, Kind.CREATE_SET_GROUP}
_TAKES_AWAY = {Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT}


def outcome_of(
    vendor: Vendor, read_back: ReadBack, operation: Operation, answer: Answer
) -> OperationResult:
    """Judges by the answer where that is certain, else by what can be read. Raises nothing."""
    if isinstance(answer, NotSent):
        result = Result.FAILED if answer.halfway else Result.SKIPPED
        return OperationResult(operation, result, answer.why, halfway=answer.halfway)
    if isinstance(answer, Unauthorized):
        failed = OperationResult(operation, Result.FAILED, str(answer), ends=TOKEN_REFUSED.code)
        return replace(failed, halfway=answer.halfway)
    try:
        if isinstance(answer, Refused) and _did_nothing(operation, answer):
            refused = _refused(vendor, read_back.matching, operation, answer)
            return replace(refused, halfway=answer.halfway)
        return _by_reading(read_back, operation, answer)
    except Unauthorized as error:
        return OperationResult(operation, Result.UNKNOWN, f"sent; {error}", ends=TOKEN_REFUSED.code)
    except Exception as error:  # whatever it is, the other operations go on
        said = in_plain_words(answer) if answer else "sent"
        detail = f"{said}; {in_plain_words(error)}"
        return _unknown(OperationResult(operation, Result.UNKNOWN, detail), error)


def _did_nothing(operation: Operation, answer: Refused) -> bool:
    """Whether a refusal is certain: after 409 or 404 the state may already be as it should."""
    read_first = (conflicts(answer) and operation.kind is not Kind.CREATE_ACCOUNT) or (
        answer.status == NOT_FOUND and operation.kind in _TAKES_AWAY
    )
    return answer.status < 500 and not read_first


def conflicts(answer: Answer) -> bool:
    """Whether such a resource exists already (RFC 7644, section 3.12: uniqueness)."""
    return isinstance(answer, Refused) and answer.status == CONFLICT


def _refused(
    vendor: Vendor, matching: Sequence[str], operation: Operation, answer: Refused
) -> OperationResult:
    """The outcome of a request that certainly did nothing."""
    if answer.outdated:
        why = f"the vendor changed since the plan: {answer}"
        return OperationResult(operation, Result.SKIPPED, why)
    if conflicts(answer) and operation.kind is Kind.CREATE_ACCOUNT:
        return link_existing(vendor, operation, answer, matching)
    if answer.throttled:
        return OperationResult(operation, Result.FAILED, str(answer), ends=THROTTLED.code)
    return OperationResult(operation, Result.FAILED, str(answer), refused=True)


def _by_reading(read_back: ReadBack, operation: Operation, answer: Answer) -> OperationResult:
    """It may have been done whatever the answer was, or not done although it was accepted."""
    if answer and read_back.unshown(operation):
        return _unshown(operation, answer)
    at = read_back.of(operation)
    if not at and read_back.cannot_tell(operation):
        return _not_told(operation, answer)
    if at:
        detail = f"{in_plain_words(answer)}; read back: done" if answer else ""
        outcome = OperationResult(
            operation, Result.DONE, detail, at, called=read_back.called.get(at, "")
        )
    elif answer is None and operation.kind in _CREATIONS:
        return _not_made(read_back, operation)
    elif answer is None and operation.kind is Kind.LINK and read_back.keeps_no_link(operation):
        detail = "the vendor keeps no externalId: the account is linked in the store alone"
        return OperationResult(operation, Result.DONE, detail, operation.account)
    else:
        reason = in_plain_words(answer) if answer else "the vendor accepted it, but nothing changed"
        ignored = answer is None and _groups_are_as_before(read_back, operation)
        stays = answer is None and read_back.stays(operation)
        refused = isinstance(answer, Refused) and answer.status < 500
        outcome = OperationResult(
            operation, Result.FAILED, reason, ignored=ignored, stays=stays, refused=refused
        )
        if answer is None and operation.kind is Kind.UPDATE_ACCOUNT:
            read_back.note_ignored(operation)
    if isinstance(answer, OutcomeUnknown):
        return _unknown(outcome, answer)
    return outcome


def _not_made(read_back: ReadBack, operation: Operation) -> OperationResult:
    """A creation that was accepted, but is not shown, not shown yet, or is another user's account.

    While the portal's switch is off, accepted groups are not created either.
    """
    ignored = operation.kind is Kind.CREATE_SET_GROUP
    if at := read_back.not_visible(operation):
        found = finding(NOT_VISIBLE_YET, operation.subject)
        detail = f"accepted as {at}, and not visible yet"
        return OperationResult(
            operation, Result.UNKNOWN, detail, at, finding=found, ignored=ignored
        )
    if account := read_back.another(operation):
        return of_another(operation, account, read_back.matching)
    why = "it was accepted, but it is not there"
    return OperationResult(operation, Result.FAILED, why, ignored=ignored)


def _unshown(operation: Operation, answer: Exception) -> OperationResult:
    """A change of a group that hides its members, so that it cannot be read back (V7)."""
    unknown = OperationResult(operation, Result.UNKNOWN, f"{in_plain_words(answer)}; not shown")
    if isinstance(answer, OutcomeUnknown):
        return _unknown(unknown, answer)
    return replace(unknown, result=Result.FAILED, detail=in_plain_words(answer))


def _not_told(operation: Operation, answer: Answer) -> OperationResult:
    """A change of `active` at a vendor that does not show it: only the answer is known (V14)."""
    if answer is None:
        detail = "accepted; the vendor does not show whether accounts are active"
        return OperationResult(operation, Result.DONE, detail, operation.account)
    if isinstance(answer, OutcomeUnknown):
        return _unknown(OperationResult(operation, Result.UNKNOWN, in_plain_words(answer)), answer)
    return OperationResult(operation, Result.FAILED, in_plain_words(answer))


def _groups_are_as_before(read_back: ReadBack, operation: Operation) -> bool:
    """Whether groups should have changed and none did; of a move one half may have taken effect."""
    at, members = operation.account, read_back.members(operation.touched)
    return (
        bool(operation.touched)
        and all(at in members[name] for name in operation.lost)
        and not any(at in members[name] for name in operation.gained)
    )


def _unknown(outcome: OperationResult, error: Exception) -> OperationResult:
    said = {Result.DONE: "it was done", Result.FAILED: "it was not done"}
    return replace(
        outcome,
        finding=finding(
            OUTCOME_UNKNOWN,
            outcome.operation.subject,
            why=error.why if isinstance(error, CounterpartError) else in_plain_words(error),
            outcome=said.get(outcome.result, "not possible either"),
        ),
    )
