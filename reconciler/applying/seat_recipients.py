"""Whose seat an operation is about: who gets an account, or has it back, is to hold something."""

from collections import defaultdict
from collections.abc import Mapping

from reconciler.model.plan import Kind, Plan

_OPENS_AN_ACCOUNT = {Kind.CREATE_ACCOUNT, Kind.REACTIVATE_ACCOUNT}


def seats_sought(plan: Plan) -> Mapping[int, tuple[str, ...]]:
    """Per operation's index the products that it takes, or that those take which need it."""
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
