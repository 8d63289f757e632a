"""Sends an operation to the vendor: which requests each kind comes to."""

from collections.abc import Mapping, Sequence

from connectors.scim.client import Scim
from jobs.read_back import ReadBack
from reconciler.model.plan import Kind, Operation

TOGETHER = {Kind.GRANT, Kind.REVOKE}
"""Not moves: many at once would all be between two sets for a moment."""


def send(
    vendor: Scim, groups: Mapping[str, str], present: ReadBack, operation: Operation
) -> str | None:
    """Asks for exactly this change; `present` is what the groups hold before it.

    Returns the SCIM id that the vendor gives to what it makes, if it says it.

    Raises:
        connectors.errors.ConnectorError: see `Scim`.
    """
    account, after = str(operation.account), operation.after
    match operation.kind:
        case Kind.CREATE_SET_GROUP:
            return vendor.create_set_group(operation.subject.name)
        case Kind.CREATE_ACCOUNT:
            return vendor.create_account(after.attributes or {})
        case Kind.UPDATE_ACCOUNT | Kind.LINK:
            vendor.update_account(account, after.attributes or {})
        case Kind.REACTIVATE_ACCOUNT | Kind.DEACTIVATE_ACCOUNT:
            vendor.update_account(account, {"active": bool(after.active)})
        case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
            send_together(vendor, groups, present, [operation])
    return None


def send_together(
    vendor: Scim, groups: Mapping[str, str], present: ReadBack, operations: Sequence[Operation]
) -> None:
    """Asks for alike changes of one set's members by a single request.

    Raises:
        connectors.errors.ConnectorError: see `Scim`.
    """
    alike = operations[0]
    held = present.members(alike.touched)
    vendor.move(
        [str(operation.account) for operation in operations],
        lost={groups[name]: held[name] for name in alike.lost},
        gained={groups[name]: held[name] for name in alike.gained},
    )
