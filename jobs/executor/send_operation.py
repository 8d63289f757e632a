"""Sends an operation to the vendor: the requests for each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.errors import CounterpartError
from jobs.executor.vendor_port import Vendor
from jobs.executor.verify import ReadBack
from reconciler.model.plan import Kind, Operation

TOGETHER = {Kind.GRANT, Kind.REVOKE}
"""What one request does for many. Not moves: all accounts would be in no set for a moment."""


@dataclass(frozen=True)
class Sent:
    """`made` is the SCIM id of what the vendor created, if it says it. `verified`: the connector
    has already read back that it is done. `new_group` is the name of a set whose group was created
    with its first members.
    """

    made: str | None = None
    verified: bool = False
    new_group: str = ""


def send(
    vendor: Vendor, groups: Mapping[str, str], present: ReadBack, operation: Operation
) -> Sent:
    """Asks for exactly this change; `present` has the groups' members before it.

    Raises:
        connectors.errors.CounterpartError: see `Vendor`.
    """
    account, after = str(operation.account), operation.after
    match operation.kind:
        case Kind.CREATE_SET_GROUP:
            return Sent(vendor.create_set_group(operation.subject.name))
        case Kind.CREATE_ACCOUNT:
            return Sent(vendor.create_account(after.attributes or {}))
        case Kind.UPDATE_ACCOUNT | Kind.LINK:
            return Sent(verified=vendor.update_account(account, after.attributes or {}))
        case Kind.REACTIVATE_ACCOUNT | Kind.DEACTIVATE_ACCOUNT:
            return Sent(verified=vendor.update_account(account, {"active": bool(after.active)}))
        case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
            return send_together(vendor, groups, present, [operation])


def send_together(
    vendor: Vendor,
    groups: Mapping[str, str],
    present: ReadBack,
    operations: Sequence[Operation],
) -> Sent:
    """Asks for the same change of several accounts at once; see `Vendor.move`.

    A group that does not exist is created with these members, after they have left the old set.

    Raises:
        connectors.errors.CounterpartError: see `Vendor`.
    """
    alike = operations[0]
    accounts = [str(operation.account) for operation in operations]
    held = present.members(alike.touched)
    lost = {groups[name]: held[name] for name in alike.lost}
    new = next((name for name in alike.gained if name not in groups), "")
    if not new:
        gained = {groups[name]: held[name] for name in alike.gained}
        return Sent(verified=vendor.move(accounts, lost, gained))
    vendor.move(accounts, lost, {})
    try:
        return Sent(vendor.create_set_group(new, accounts), new_group=new)
    except CounterpartError as error:
        error.halfway = bool(lost)
        raise
