"""Links an account that exists already to its user, if it is certainly theirs."""

from collections.abc import Sequence

from msgspec.structs import replace

from connectors.errors import Refused
from jobs.executor.seat_refusals import lacks_seat
from jobs.executor.vendor_port import Vendor
from jobs.executor.verify import ReadBack
from jobs.operation_results import OperationResult, Result
from reconciler.facts.account_of_user import Certainty, same_account, unlike
from reconciler.model.account import Account
from reconciler.model.plan import Finding, Operation, State
from reconciler.situations import finding
from reconciler.situations.accounts import FOUND_UNLINKED

FOUND, LINKED = "it existed already", "it existed, and is linked now"
NOT_CREATED = {FOUND, LINKED}
"""Details in the journal of an account that was to be created and was linked instead."""


def link_existing(
    vendor: Vendor, operation: Operation, refusal: Refused, matching: Sequence[str]
) -> OperationResult:
    """A creation that was answered with 409 is done if the account is linked to the user, or to
    nobody and certainly theirs; then it is linked (`same_account`, also for `matching`).

    Raises:
        connectors.errors.CounterpartError: see `Vendor`.
    """
    desired = operation.after.attributes or {}
    ours, name = str(desired["externalId"]), str(desired["userName"])
    found = vendor.find(ours, name)
    certainty = {
        account.id: same_account(desired, account.attributes, matching) for account in found
    }
    linked = [account for account in found if certainty[account.id] is Certainty.LINKED]
    if len(linked) == 1:
        return OperationResult(operation, Result.DONE, FOUND, linked[0].id)
    if len(found) == 1 and certainty[found[0].id] is Certainty.AGREES:
        return _link(vendor, operation, found[0], ours, matching)
    if not found and not lacks_seat(vendor, operation, refusal):
        vendor.can.hide(operation.subject.id)
    return OperationResult(
        operation, Result.FAILED, str(refusal), finding=_whose(operation, found, name, matching)
    )


def of_another(operation: Operation, account: Account, matching: Sequence[str]) -> OperationResult:
    """A creation that the vendor answered with an account that is not the user's."""
    name = str(account.attributes.get("userName"))
    why = "the vendor answered with an account that existed"
    situation = _whose(operation, (account,), name, matching)
    return OperationResult(operation, Result.FAILED, why, finding=situation)


def linking(creation: Operation) -> Operation:
    """The operation that adopting an account amounts to, in place of this creation."""
    ours = (creation.after.attributes or {})["externalId"]
    after = State(attributes={"externalId": ours})
    return replace(creation, before=State(), after=after)


def _link(
    vendor: Vendor, operation: Operation, account: Account, ours: str, matching: Sequence[str]
) -> OperationResult:
    vendor.update_account(account.id, {"externalId": ours})
    link = replace(linking(operation), account=account.id)
    read_back = ReadBack(vendor, {}, [link], matching)
    if read_back.of(link) or read_back.keeps_no_link(link):
        return OperationResult(operation, Result.DONE, LINKED, account.id)
    return OperationResult(operation, Result.FAILED, "it exists, and could not be linked")


def _whose(
    operation: Operation, found: tuple[Account, ...], name: str, matching: Sequence[str]
) -> Finding:
    if any(account.attributes.get("externalId") for account in found):
        outcome = "It is linked to somebody else: left as is."
    elif found:
        outcome = unlike(matching)
    else:
        outcome = "The vendor does not show it, so it could not be compared."
    return finding(FOUND_UNLINKED, operation.subject, user_name=name, linking=outcome)
