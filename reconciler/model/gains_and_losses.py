"""What operations give to users and take from them: a plan's, and those of the week before it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pandas as pd

from reconciler.columns import frames
from reconciler.model.plan import Kind, Operation

WEEK = timedelta(days=7)
"""Within this time the plans' losses are added up for the limits."""

_SWITCHES = {
    Kind.CREATE_ACCOUNT: True,
    Kind.REACTIVATE_ACCOUNT: True,
    Kind.DEACTIVATE_ACCOUNT: False,
}


def changes(operations: Iterable[Operation]) -> pd.DataFrame:
    """Rows of `frames.CHANGES`; none for other attributes, links and the creation of groups."""
    return frames.frame(
        frames.CHANGES,
        (
            {"id": operation.subject.id, "what": what, "name": name, "gained": gained}
            for operation in operations
            for what, name, gained in _changes(operation)
        ),
    )


def _changes(operation: Operation) -> Iterator[tuple[str, str, bool]]:
    """Losses come first: the last row of a thing says whether the user has it in the end."""
    yield from (("set", name, False) for name in operation.lost)
    yield from (("product", name, False) for name in operation.frees)
    yield from (("set", name, True) for name in operation.gained)
    yield from (("product", name, True) for name in operation.takes)
    if operation.kind in _SWITCHES:
        yield "account", "", _SWITCHES[operation.kind]
    yield from (("login", path, True) for path in new_logins(operation))


def new_logins(operation: Operation) -> tuple[str, ...]:
    """SCIM paths that the operation changes and by which single sign-on may find an account."""
    if operation.kind is not Kind.UPDATE_ACCOUNT:
        return ()
    paths = operation.after.attributes or {}
    return tuple(path for path in paths if path == "userName" or path.startswith("emails"))
