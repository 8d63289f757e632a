"""Sends an operation to the vendor: which requests each kind comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.scim.client import Scim
from jobs.read_back import ReadBack
from reconciler.model.plan import Kind, Operation

TOGETHER = {Kind.GRANT, Kind.REVOKE}
"""Not moves: many at once would all be between two sets for a moment."""


@dataclass(frozen=True)
class Sent:
    """`made` is the SCIM id that the vendor gives to what it makes, if it says it; `verified` says
    that the connector has read back already what was asked.
    """

    made: str | None = None
    verified: bool = False


def send(vendor: Scim, groups: Mapping[str, str], present: ReadBack, operation: Operation) -> Sent:
    """Asks for exactly this change; `present` is what the groups hold before it.

    Raises:
        connectors.errors.ConnectorError: see `Scim`.
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
            return Sent(verified=send_together(vendor, groups, present, [operation]))


def send_together(
    vendor: Scim, groups: Mapping[str, str], present: ReadBack, operations: Sequence[Operation]
) -> bool:
    """Asks for alike changes of one set's members by a single request; see `Scim.move`.

    Raises:
        connectors.errors.ConnectorError: see `Scim`.
    """
    alike = operations[0]
    held = present.members(alike.touched)
    return vendor.move(
        [str(operation.account) for operation in operations],
        lost={groups[name]: held[name] for name in alike.lost},
        gained={groups[name]: held[name] for name in alike.gained},
    )
