"""Whether an operation failed because the vendor has no seat for the user."""

from jobs.executor.vendor_port import Vendor
from reconciler.model.plan import Kind, Operation

_NEEDS_A_SEAT = {Kind.CREATE_ACCOUNT, Kind.REACTIVATE_ACCOUNT, Kind.GRANT, Kind.MOVE}


def lacks_seat(vendor: Vendor, operation: Operation, answer: Exception | None) -> bool:
    """Whether this answer says so. At some vendors the account takes the seat, at others the
    membership of a group does.
    """
    attributes = (operation.after.attributes or {}).values()
    names = {operation.subject.name, *operation.touched, *map(str, attributes)}
    return operation.kind in _NEEDS_A_SEAT and vendor.says_no_seat(answer, names)
