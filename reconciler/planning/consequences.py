"""What operations would do to users, be it those of a plan, of an undo, or of a part of one.

Guards look at nothing else, so they judge all of these alike. The operations are added up with
those of the last 7 days: users who get back what they lost have lost nothing, and a split move
counts as one move.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconciler.columns.frames import Flags, is_text
from reconciler.columns.table_joins import is_in
from reconciler.model.gains_and_losses import changes, new_logins
from reconciler.model.plan import Operation
from reconciler.planning.current_holdings import Before


@dataclass(frozen=True)
class Loss:
    """Of one thing, the numbers of users who have it `now`, would lose it (`losing`), and `lost` it
    in the last 7 days and do not get it back. `before`: who have it now or had it then.
    """

    now: int
    losing: int
    lost: int
    before: int

    @property
    def altogether(self) -> int:
        return self.losing + self.lost


@dataclass(frozen=True)
class Admins:
    """Object ids of users who are `active` admins now, become one by the operations (`new`, with
    their names), are one after them (`left`), and became one in the last 7 days (`lately`).

    `outside` counts active admin accounts of no known user, which stay.
    """

    active: frozenset[str]
    new: Mapping[str, str]
    left: frozenset[str]
    lately: frozenset[str]
    outside: int


@dataclass(frozen=True)
class Logins:
    """Users who get another user name or mail address, by which single sign-on finds an account.

    `now` has, by object id, the old and the new value; `lately` are users who got one in the last
    7 days. `accounts` counts those that belong to a known user for certain.
    """

    now: Mapping[str, tuple[str, str]]
    lately: frozenset[str]
    accounts: int


@dataclass(frozen=True)
class Consequences:
    """What is lost and gained, this time and in the last 7 days.

    `seats`: users who hold a set, and lose a product. `accounts`: users who hold no set, and lose
    their active account. `sets` and `products` are by name; nobody loses a set by leaving it for
    one with all its products, and the admin role if it had that. `role`: the admin role. `leaving`
    and `joining` count, per set, everybody whom the operations take out or put in.

    `emptied` counts, per SCIM path, the accounts that lose their value there. `members` counts the
    users in the Entra groups of configured sets that are not frozen, and `in_scope` those of them
    who pass the scoping filters. `reasons` counts the operations by their situation's code.
    """

    seats: Loss
    accounts: Loss
    sets: Mapping[str, Loss]
    products: Mapping[str, Loss]
    role: Loss
    admins: Admins
    leaving: Counter[str]
    joining: Counter[str]
    logins: Logins
    emptied: Counter[str]
    members: Mapping[str, int]
    in_scope: Mapping[str, int]
    reasons: Counter[str]


def consequences(
    before: Before, week: pd.DataFrame, operations: Sequence[Operation]
) -> Consequences:
    """The consequences of operations that start from `before`; `week` is of `frames.CHANGES`."""
    plan = changes(operations)
    total = pd.concat([week, plan], ignore_index=True)
    total["planned"] = np.arange(len(total)) >= len(week)
    last = total.drop_duplicates(["id", "what", "name"], keep="last")
    lost, kept = last[~_gained(last)], last[_gained(last)]

    admin_sets = before.admins.sets
    products, sets, accounts = (_only(lost, what) for what in ("product", "set", "account"))
    demoted = sets[is_in(sets["name"], admin_sets)]
    promoted = set(_only(kept, "set", admin_sets)["id"])
    demoted = demoted[~is_in(demoted["id"], promoted)]
    worse_off = {*products["id"], *demoted["id"]}
    admins = (before.admins.holders - set(demoted["id"]) | promoted) - set(accounts["id"])
    new = _newcomers(plan, admin_sets, admins)
    names = {operation.subject.id: operation.subject.name for operation in operations}
    planned = set(demoted.loc[demoted["planned"], "id"])
    changed = _only(plan, "set")
    return Consequences(
        seats=_loss(before.seats, products, before.holders(products["id"])),
        accounts=_loss(before.idle_accounts, accounts[~is_in(accounts["id"], products["id"])]),
        sets=_losses(before.sets, sets[is_in(sets["id"], worse_off)]),
        products=_losses(before.products, products),
        role=_loss(len(before.admins.holders), demoted),
        admins=Admins(
            active=before.admins.active,
            new={user: names[user] for user in new},
            left=before.admins.active - planned | new,
            lately=_newcomers(week, admin_sets, before.admins.holders) & admins,
            outside=before.admins.outside,
        ),
        leaving=Counter(changed["name"][~_gained(changed)].tolist()),
        joining=Counter(changed["name"][_gained(changed)].tolist()),
        logins=_logins(before, week, operations),
        emptied=Counter(path for operation in operations for path in operation.emptied),
        members=before.members,
        in_scope=before.in_scope,
        reasons=Counter(operation.reason for operation in operations),
    )


def _gained(rows: pd.DataFrame) -> Flags:
    gained: Flags = rows["gained"].to_numpy(dtype=bool)
    return gained


def _only(rows: pd.DataFrame, what: str, names: Collection[str] | None = None) -> pd.DataFrame:
    """The rows about things of this kind, or about those with these names."""
    rows = rows[is_text(rows["what"], what)]
    return rows if names is None else rows[is_in(rows["name"], names)]


def _loss(now: int, lost: pd.DataFrame, having: Collection[str] = ()) -> Loss:
    """Counts each user once: as losing if the operations take anything from them, else as lost.

    Of those who lost something before, `having` are already counted in `now`.
    """
    losing = set(lost.loc[lost["planned"], "id"])
    earlier = set(lost["id"]) - losing
    return Loss(now, len(losing), len(earlier), now + len(earlier.difference(having)))


def _losses(now: Mapping[str, int], lost: pd.DataFrame) -> dict[str, Loss]:
    by_name = dict(iter(lost.groupby("name")))
    return {
        name: _loss(size, by_name[name]) if name in by_name else Loss(size, 0, 0, size)
        for name, size in now.items()
    }


def _newcomers(
    rows: pd.DataFrame, admin_sets: Collection[str], admins: frozenset[str]
) -> frozenset[str]:
    """Those of the admins who gained an admin set or an active account, and had not lost one
    before.
    """
    first = (
        some.drop_duplicates("id", keep="first")
        for some in (_only(rows, "set", admin_sets), _only(rows, "account"))
    )
    return admins & {user for some in first for user in some.loc[_gained(some), "id"]}


def _logins(before: Before, week: pd.DataFrame, operations: Sequence[Operation]) -> Logins:
    now = {}
    for operation in operations:
        if paths := new_logins(operation):
            old, new = operation.before.attributes or {}, operation.after.attributes or {}
            now[operation.subject.id] = str(old.get(paths[0], "none")), str(new[paths[0]])
    return Logins(now, frozenset(_only(week, "login")["id"]), before.accounts)
