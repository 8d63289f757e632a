"""Which seats an operation is about: an account is created or reactivated for a seat."""

from collections import defaultdict
from collections.abc import Mapping

from reconciler.model.plan import Kind, Plan

_OPENS_AN_ACCOUNT = {Kind.CREATE_ACCOUNT, Kind.REACTIVATE_ACCOUNT}


def seats_sought(plan: Plan) -> Mapping[int, tuple[str, ...]]:
    """Per index the products that the operation takes, or that operations which need it take."""
    sought: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    by_index = {operation.index: operation for operation in plan.operations}
    for operation in plan.operations:
        if not operation.takes:
            continue
        sought[operation.index] = operation.takes
        for need in operation.needs:
            if by_index[need].kind in _OPENS_AN_ACCOUNT:
                sought[need] = tuple(sorted({*sought[need], *operation.takes}))
    return sought
