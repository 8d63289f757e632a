"""Sends an operation to the vendor: which requests each kind comes to."""

from collections.abc import Mapping

from connectors.scim.client import Scim
from jobs.read_back import ReadBack
from reconciler.model.plan import Kind, Operation


def send(vendor: Scim, groups: Mapping[str, str], present: ReadBack, operation: Operation) -> None:
    """Asks for exactly this change; `present` is what the groups hold before it.

    Raises:
        connectors.errors.ConnectorError: see `Scim`.
    """
    account, after = str(operation.account), operation.after
    match operation.kind:
        case Kind.CREATE_SET_GROUP:
            vendor.create_set_group(operation.subject.name)
        case Kind.CREATE_ACCOUNT:
            vendor.create_account(after.attributes or {})
        case Kind.UPDATE_ACCOUNT | Kind.LINK:
            vendor.update_account(account, after.attributes or {})
        case Kind.REACTIVATE_ACCOUNT | Kind.DEACTIVATE_ACCOUNT:
            vendor.update_account(account, {"active": bool(after.active)})
        case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
            held = present.members(operation.touched)
            vendor.move(
                [account],
                lost={groups[name]: held[name] for name in operation.lost},
                gained={groups[name]: held[name] for name in operation.gained},
            )
