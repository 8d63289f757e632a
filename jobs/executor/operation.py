"""Carries operations out at the vendor and says what came of each. Knows no store and no plan."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

import stamina

from connectors.errors import ConnectorError, Refused, Unauthorized
from connectors.scim.client import Scim
from connectors.scim.dialect.capabilities import Feature
from connectors.scim.errors import Changed, NotSent, OutcomeUnknown, ScimRefused
from jobs.executor.adopt import adopt, of_another
from jobs.executor.batch import Answer, BatchRequest
from jobs.executor.lacking import lacks_seat
from jobs.executor.result import OperationResult, Result
from jobs.executor.verify import NOT_FOUND, ReadBack
from jobs.failures import in_plain_words
from reconciler.model.plan import Kind, Operation
from reconciler.situations import RUN, finding

CONFLICT = 409

CREATIONS = {Kind.CREATE_ACCOUNT, Kind.CREATE_SET_GROUP}

_TAKES_AWAY = {Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT}

_IGNORED = "the vendor accepted it, but nothing changed"


def carry_out(
    vendor: Scim,
    groups: Mapping[str, str],
    operations: Sequence[Operation],
    fall_back: Mapping[int, tuple[str, ...]],
    sought: Mapping[int, tuple[str, ...]],
    objection: Callable[[], str],
) -> tuple[OperationResult, ...]:
    """Asks for alike operations, then reads all of them back together.

    `groups` maps a set's name to its group's id. `fall_back` has, per index, the sets that the
    account goes back to if the operation fails half-way, `sought` the products whose seats it is
    about. What is not sent yet when there is an `objection`, or when the vendor wants no more of
    this kind, is skipped.

    Nothing is raised: a fault of one operation is that operation's outcome, and UNKNOWN if nobody
    can tell what the vendor made of it.
    """
    asking = BatchRequest(vendor, groups, operations, objection)
    answers = asking.answers()
    read_back = asking.read_back
    outcomes = tuple(
        _put_back(
            vendor,
            groups,
            fall_back,
            _explained(
                vendor, read_back, _judge(vendor, read_back, operation, answer), answer, sought
            ),
        )
        for operation, answer in zip(operations, answers, strict=True)
    )
    if new := asking.groups.keys() - groups.keys():
        outcomes = tuple(_with_group(outcome, asking.groups, new) for outcome in outcomes)
    return _with_others(outcomes, asking) if asking.others else outcomes


def _with_group(
    outcome: OperationResult, groups: Mapping[str, str], new: Set[str]
) -> OperationResult:
    """The group that was made with its first members is there for others from now on."""
    made = next((groups[name] for name in outcome.operation.gained if name in new), "")
    return replace(outcome, group=made)


def _with_others(
    outcomes: tuple[OperationResult, ...], asking: BatchRequest
) -> tuple[OperationResult, ...]:
    """V6 or V22 stands beside the first one that has nothing else to tell."""
    gone, come = (sum(map(len, some.values())) for some in (asking.others.gone, asking.others.come))
    sets = ", ".join(f'"{name}"' for name in outcomes[0].operation.touched)
    back = "They were put back"
    if asking.not_put_back:
        back = f"They could not be put back ({asking.not_put_back.rstrip('.')})"
    told = (
        finding("V6", RUN, count=gone, sets=sets, back=back)
        if gone
        else finding("V22", RUN, count=come, sets=sets)
    )
    at = next((at for at, outcome in enumerate(outcomes) if not outcome.finding), 0)
    return (*outcomes[:at], replace(outcomes[at], finding=told), *outcomes[at + 1 :])


def _judge(
    vendor: Scim, read_back: ReadBack, operation: Operation, answer: Answer
) -> OperationResult:
    if isinstance(answer, NotSent):
        result = Result.FAILED if answer.halfway else Result.SKIPPED
        return OperationResult(operation, result, answer.why, halfway=answer.halfway)
    if isinstance(answer, Unauthorized):
        failed = OperationResult(operation, Result.FAILED, str(answer), ends="T2")
        return replace(failed, halfway=answer.halfway)
    try:
        if isinstance(answer, ScimRefused) and _did_nothing(operation, answer):
            return replace(_refused(vendor, operation, answer), halfway=answer.halfway)
        return _by_reading(read_back, operation, answer)
    except Unauthorized as error:
        return OperationResult(operation, Result.UNKNOWN, f"sent; {error}", ends="T2")
    except Exception as error:  # whatever it is, the others go on
        said = in_plain_words(answer) if answer else "sent"
        detail = f"{said}; {in_plain_words(error)}"
        return _unknown(OperationResult(operation, Result.UNKNOWN, detail), error)


def _did_nothing(operation: Operation, answer: ScimRefused) -> bool:
    """What is in conflict, or is not there, may be as it should be already: that is read first."""
    read_first = (_conflicts(answer) and operation.kind is not Kind.CREATE_ACCOUNT) or (
        answer.status == NOT_FOUND and operation.kind in _TAKES_AWAY
    )
    return answer.status < 500 and not read_first


def _conflicts(answer: Answer) -> bool:
    return isinstance(answer, ScimRefused) and answer.status == CONFLICT


def _refused(vendor: Scim, operation: Operation, answer: ScimRefused) -> OperationResult:
    """This request did nothing; only these answers say more than that."""
    if isinstance(answer, Changed):
        why = f"the vendor changed since the plan: {answer}"
        return OperationResult(operation, Result.SKIPPED, why)
    if _conflicts(answer) and operation.kind is Kind.CREATE_ACCOUNT:
        return adopt(vendor, operation, answer)
    if answer.throttled:
        return OperationResult(operation, Result.FAILED, str(answer), ends="P9")
    return OperationResult(operation, Result.FAILED, str(answer), refused=True)


def _by_reading(read_back: ReadBack, operation: Operation, answer: Answer) -> OperationResult:
    """It may have been done whatever was answered, and not have been done though accepted."""
    if answer and read_back.unshown(operation):
        return _unshown(operation, answer)
    at = read_back.of(operation)
    if not at and read_back.cannot_tell(operation):
        return _unseen(operation, answer)
    if at:
        detail = f"{in_plain_words(answer)}; read back: done" if answer else ""
        outcome = OperationResult(
            operation, Result.DONE, detail, at, called=read_back.called.get(at, "")
        )
    elif answer is None and operation.kind in CREATIONS:
        return _not_made(read_back, operation)
    elif answer is None and operation.kind is Kind.LINK and read_back.keeps_no_link(operation):
        detail = "the vendor keeps no externalId: the account is linked in the store alone"
        return OperationResult(operation, Result.DONE, detail, operation.account)
    else:
        reason = in_plain_words(answer) if answer else _IGNORED
        ignored = answer is None and _groups_are_as_before(read_back, operation)
        stays = answer is None and read_back.stays(operation)
        refused = isinstance(answer, ScimRefused) and answer.status < 500
        outcome = OperationResult(
            operation, Result.FAILED, reason, ignored=ignored, stays=stays, refused=refused
        )
        if answer is None and operation.kind is Kind.UPDATE_ACCOUNT:
            read_back.note_ignored(operation)
    if isinstance(answer, OutcomeUnknown):
        return _unknown(outcome, answer)
    return outcome


def _not_made(read_back: ReadBack, operation: Operation) -> OperationResult:
    """It was accepted, and is not there, not yet, or is somebody else's. Groups are not there where
    the portal's switch is off, either.
    """
    ignored = operation.kind is Kind.CREATE_SET_GROUP
    if at := read_back.not_visible(operation):
        told = finding("V3", operation.subject)
        detail = f"accepted as {at}, and not visible yet"
        return OperationResult(operation, Result.UNKNOWN, detail, at, finding=told, ignored=ignored)
    if account := read_back.another(operation):
        return of_another(operation, account)
    why = "it was accepted, but it is not there"
    return OperationResult(operation, Result.FAILED, why, ignored=ignored)


def _unshown(operation: Operation, answer: Exception) -> OperationResult:
    """Who is in a group that hides its members, no reading tells (V7)."""
    unknown = OperationResult(operation, Result.UNKNOWN, f"{in_plain_words(answer)}; not shown")
    if isinstance(answer, OutcomeUnknown):
        return _unknown(unknown, answer)
    return replace(unknown, result=Result.FAILED, detail=in_plain_words(answer))


def _unseen(operation: Operation, answer: Answer) -> OperationResult:
    """Of `active` at a vendor that does not show it, the answer is all that is known (V14)."""
    if answer is None:
        detail = "accepted; the vendor does not show whether accounts are active"
        return OperationResult(operation, Result.DONE, detail, operation.account)
    if isinstance(answer, OutcomeUnknown):
        return _unknown(OperationResult(operation, Result.UNKNOWN, in_plain_words(answer)), answer)
    return OperationResult(operation, Result.FAILED, in_plain_words(answer))


def _groups_are_as_before(read_back: ReadBack, operation: Operation) -> bool:
    """They were to change, and did not. Of a move, one half may have taken effect."""
    at, members = operation.account, read_back.members(operation.touched)
    return (
        bool(operation.touched)
        and all(at in members[name] for name in operation.lost)
        and not any(at in members[name] for name in operation.gained)
    )


def _put_back(
    vendor: Scim,
    groups: Mapping[str, str],
    fall_back: Mapping[int, tuple[str, ...]],
    outcome: OperationResult,
) -> OperationResult:
    """A move that failed half-way leaves nobody with nothing: the old set comes back.

    It has been given up before this operation where that is a split move's second half.
    """
    names = fall_back.get(outcome.operation.index, ())
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
    return isinstance(error, ConnectorError) and not isinstance(error, NotSent)


@stamina.retry(on=_may_pass, attempts=4, timeout=None)
def _add_member(vendor: Scim, group: str, account: str) -> None:
    """It reads the group first, so what was done already is not done twice."""
    vendor.add_member(group, account)


def _explained(
    vendor: Scim,
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
    if operation.kind is Kind.CREATE_SET_GROUP and _conflicts(answer):
        vendor.can.hide(operation.subject.name)
        return replace(outcome, finding=finding("V4", operation.subject))
    if operation.kind is Kind.CREATE_SET_GROUP and not vendor.can.may(Feature.EMPTY_GROUPS):
        name = f'"{operation.subject.name}"'
        return replace(outcome, finding=finding("V21", operation.subject, sets=name))
    products = ", ".join(sought.get(operation.index, ()))
    if lacks_seat(operation, answer):
        why = answer.why.rstrip(".") if isinstance(answer, ConnectorError) else ""
        products = products or "what the account holds"
        full = finding("S8", operation.subject, products=products, why=why)
        return replace(outcome, finding=full, refused=False)
    asked = operation.after.attributes or {}
    creates = operation.kind is Kind.CREATE_ACCOUNT and outcome.refused
    if creates and (lacking := vendor.habits.required.difference(asked)):
        path = ", ".join(sorted(lacking))
        return replace(outcome, finding=finding("V20", operation.subject, path=path))
    fixed = [path for path in asked if vendor.habits.is_fixed(path)]
    if operation.kind is Kind.UPDATE_ACCOUNT and fixed:
        kept = finding("V13", RUN, path=", ".join(fixed), who="seen in this run")
        return replace(outcome, finding=kept)
    if operation.kind is Kind.REVOKE and (lonely := read_back.last_in(operation)):
        why = outcome.detail.rstrip(".")
        return replace(outcome, finding=finding("V17", operation.subject, set=lonely, why=why))
    if answer is None:
        ends = bool(products) and not outcome.stays
        others = f", and nobody else was granted {products} in this run" if ends else ""
        what = str(operation.kind).replace("_", " ")
        return replace(outcome, finding=finding("V10", operation.subject, what=what, others=others))
    return outcome


def _unknown(outcome: OperationResult, error: Exception) -> OperationResult:
    said = {Result.DONE: "it was done", Result.FAILED: "it was not done"}
    return replace(
        outcome,
        finding=finding(
            "P10",
            outcome.operation.subject,
            why=error.why if isinstance(error, ConnectorError) else in_plain_words(error),
            outcome=said.get(outcome.result, "not possible either"),
        ),
    )
