"""Requests that the vendor keeps refusing are sent ever more rarely, and reported (V18).

A key says what was asked for which user; it is the same in every plan that asks for the same.
"""

from collections.abc import Collection, Mapping
from hashlib import sha256

import numpy as np
import orjson
import pandas as pd

from reconciler.columns.frames import TEXT, Flags, Positions, Texts, cells, column
from reconciler.columns.table_joins import NOWHERE, is_in, take
from reconciler.facts.account_of_user import IDENTITY
from reconciler.facts.vendor_memberships import Holdings
from reconciler.model.plan import Kind, Operation
from reconciler.model.refusal_backoff import Refusal, Refusals


def key_of(operation: Operation) -> str | None:
    """The key of what is asked for; None for what is asked for every time.

    That is what keeps somebody out (deactivation) or lets them in again, and what belongs to no
    user.
    """
    user = operation.subject.id
    match operation.kind:
        case Kind.CREATE_ACCOUNT:
            return _account(user, operation.after.attributes or {})
        case Kind.UPDATE_ACCOUNT:
            return _changes(user, operation.after.attributes or {})
        case Kind.GRANT | Kind.MOVE:
            return _joins(user, operation.gained[0])
        case Kind.REVOKE:
            return _leaves(user, operation.lost[0])
    return None


def refused_next(
    keys: Collection[str],
    users: pd.DataFrame,
    desired: Texts,
    account: Positions,
    absent: Flags,
    held: Positions,
    wanted: Positions,
    names: list[str],
) -> Flags:
    """Row by row with `users`, whether the next request for the user is among the `keys`: their
    account, or the change to the set that they should hold.

    Never so for users who are `absent` (Entra's IsSoftDeleted).
    """
    refused = np.zeros(len(users), dtype=bool)
    for at in np.flatnonzero(is_in(users["id"], _users(keys)) & ~absent).tolist():
        row = np.array([at])
        (user,) = cells(users["id"], row)
        asked = set()
        if account[at] == NOWHERE:
            said = {path: cells(texts, row)[0] for path, texts in desired.items()}
            asked = {_account(user, said)}
        elif held[at] != wanted[at]:
            asked = {_joins(user, names[wanted[at]])}
            asked |= {_leaves(user, names[held[at]])} if held[at] != NOWHERE else set()
        refused[at] = not asked.isdisjoint(keys)
    return refused


def stuck(
    keys: Collection[str], users: pd.DataFrame, holdings: Holdings, names: list[str]
) -> Flags:
    """Row by row with `holdings`, whether it is among the `keys` that the user leaves the set."""
    concerned = take(is_in(users["id"], _users(keys)), holdings.person)
    rows = np.flatnonzero(concerned)
    ids = cells(users["id"], holdings.person[rows])
    refused = np.zeros(len(concerned), dtype=bool)
    for row, user, target in zip(rows.tolist(), ids, holdings.set[rows].tolist(), strict=True):
        refused[row] = _leaves(user, names[target]) in keys
    return refused


def without_refused_changes(
    keys: Collection[str], users: pd.DataFrame, desired: Texts, differs: Mapping[str, Flags]
) -> tuple[dict[str, Flags], Flags]:
    """`differs` without the changes of attributes that are among the `keys`; and whose they are."""
    differing = {path: flags.copy() for path, flags in differs.items()}
    paths = [path for path in differs if path != IDENTITY]
    refused = np.zeros(len(users), dtype=bool)
    for at in np.flatnonzero(is_in(users["id"], _users(keys))).tolist():
        row = np.array([at])
        (user,) = cells(users["id"], row)
        said = {path: cells(desired[path], row)[0] for path in paths if differs[path][at]}
        if said and _changes(user, said) in keys:
            refused[at] = True
            for path in paths:
                differing[path][at] = False
    return differing, refused


def by_user(refusals: Refusals) -> dict[str, Refusal]:
    """Per object id the one that was refused last."""
    ordered = sorted(refusals.items(), key=lambda item: (item[1].last, item[1].times, item[0]))
    return {_user(key): one for key, one in ordered}


def _user(key: str) -> str:
    return key.partition(" ")[0]


def _users(keys: Collection[str]) -> "pd.Series[str]":
    return column(sorted(set(map(_user, keys))), TEXT)


def _account(user: str, attributes: Mapping[str, object]) -> str:
    given = {path: value for path, value in attributes.items() if value is not None}
    return f"{user} account {_digest(given)}"


def _changes(user: str, attributes: Mapping[str, object]) -> str:
    return f"{user} changes {_digest(attributes)}"


def _digest(attributes: Mapping[str, object]) -> str:
    """With other attributes it is another request."""
    said = {path: value for path, value in attributes.items() if path != "active"}
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return sha256(text).hexdigest()[:16]


def _joins(user: str, name: str) -> str:
    return f"{user} joins {name}"


def _leaves(user: str, name: str) -> str:
    return f"{user} leaves {name}"
