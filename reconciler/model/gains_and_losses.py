"""What operations give to users and take from them: a plan's, and those of the week before it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pandas as pd

from reconciler.columns import frames
from reconciler.model.plan import Kind, Operation
from reconciler.model.unsendable_text import is_address

WEEK = timedelta(days=7)
"""Within this time the plans' losses are added up for the limits."""

_SWITCHES = {
    Kind.CREATE_ACCOUNT: True,
    Kind.REACTIVATE_ACCOUNT: True,
    Kind.DEACTIVATE_ACCOUNT: False,
}


def changes(operations: Iterable[Operation]) -> pd.DataFrame:
    """Rows of `frames.CHANGES`; none for other attributes, links and the creation of groups."""
    rows = ((one.subject.id, *change) for one in operations for change in _changes(one))
    columns = list(zip(*rows, strict=True)) or [()] * len(frames.CHANGES)
    declared = zip(frames.CHANGES.items(), columns, strict=True)
    return pd.DataFrame({name: frames.column(cells, dtype) for (name, dtype), cells in declared})


def _changes(operation: Operation) -> Iterator[tuple[str, str, bool]]:
    """Losses come first: the last row of a thing says whether the user has it in the end."""
    yield from (("set", name, False) for name in operation.lost)
    yield from (("product", name, False) for name in operation.frees)
    yield from (("set", name, True) for name in operation.gained)
    yield from (("product", name, True) for name in operation.takes)
    if (gained := _SWITCHES.get(operation.kind)) is not None:
        yield "account", "", gained
    yield from (("login", path, True) for path in new_logins(operation))


def new_logins(operation: Operation) -> tuple[str, ...]:
    """SCIM paths that the operation changes and by which single sign-on may find an account."""
    paths = operation.after.attributes
    if not paths or operation.kind is not Kind.UPDATE_ACCOUNT:
        return ()
    return tuple(path for path in paths if is_address(path))
