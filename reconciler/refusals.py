"""What the vendor has refused twice is not asked for a third time: it is told (V18).

A key says what was asked for whom, and is the same in every plan that asks for the same.
"""

from collections.abc import Collection, Mapping
from hashlib import sha256

import numpy as np
import orjson
import pandas as pd

from reconciler.model.frames import TEXT, Flags, Positions, Texts, cells, column
from reconciler.model.plan import Kind, Operation
from reconciler.order import NOWHERE, is_in


def key_of(operation: Operation) -> str | None:
    """None of what is asked for every time: a login that is to end, above all."""
    user = operation.subject.id
    match operation.kind:
        case Kind.CREATE_ACCOUNT:
            return _account(user, operation.after.attributes or {})
        case Kind.GRANT | Kind.MOVE:
            return _joins(user, operation.gained[0])
        case Kind.REVOKE:
            return _leaves(user, operation.lost[0])
    return None


def refused_twice(
    keys: Collection[str],
    told: pd.DataFrame,
    wished: Texts,
    account: Positions,
    absent: Flags,
    inactive: Flags,
    held: Positions,
    wanted: Positions,
    names: list[str],
) -> Flags:
    """Row by row with `told`, whether what would be asked for next is one of the `keys`.

    Of whoever is `absent` (Entra's IsSoftDeleted) nothing is held back before the account is
    inactive.
    """
    refused = np.zeros(len(told), dtype=bool)
    users = column(sorted({key.partition(" ")[0] for key in keys}), TEXT)
    for at in np.flatnonzero(is_in(told["id"], users)).tolist():
        row = np.array([at])
        (user,) = cells(told["id"], row)
        key = ""
        if absent[at] and inactive[at] and held[at] != NOWHERE:
            key = _leaves(user, names[held[at]])
        elif not absent[at] and account[at] == NOWHERE:
            key = _account(user, {path: cells(said, row)[0] for path, said in wished.items()})
        elif not absent[at] and held[at] != wanted[at]:
            key = _joins(user, names[wanted[at]])
        refused[at] = key in keys
    return refused


def _account(user: str, attributes: Mapping[str, object]) -> str:
    """An attribute that changes makes it another request."""
    said = {path: value for path, value in attributes.items() if value is not None}
    said.pop("active", None)
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return f"{user} account {sha256(text).hexdigest()[:16]}"


def _joins(user: str, name: str) -> str:
    return f"{user} joins {name}"


def _leaves(user: str, name: str) -> str:
    return f"{user} leaves {name}"
