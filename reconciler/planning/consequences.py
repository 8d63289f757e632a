"""What operations would do to people: who would lose what, and who would become an admin.

Guards look at nothing else of them, so they judge a plan and an undo alike. The operations are
added up with those of the last 7 days: whoever gets back what was lost has lost nothing, and a move
that is split is one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconciler.columns.frames import Flags, says
from reconciler.columns.joins import NOWHERE, locate
from reconciler.facts.admins import admins_now
from reconciler.facts.build import Facts
from reconciler.facts.sets import JudgedSets
from reconciler.model.changes import changes
from reconciler.model.plan import Operation
from reconciler.seats.ledger import count_seats


@dataclass(frozen=True)
class Loss:
    """Of one thing: how many have it now, how many would lose it, and how many had lost it already
    in the last 7 days and do not get it back. `before`: how many have it or had it then.
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
    """Object ids: who is an active admin now, whom the operations make one, who is one after them,
    and who became one in the last 7 days. `outside`: other active accounts, which stay admins.
    """

    active: frozenset[str]
    new: frozenset[str]
    left: frozenset[str]
    lately: frozenset[str]
    outside: int


@dataclass(frozen=True)
class Consequences:
    """`seats`: people who hold a set, and lose a product. `accounts`: people who hold no set, and
    lose their active account. `sets` and `products` by name; nobody loses a set by leaving it for
    one with all of its products, and with the admins' `role` if it had that.
    """

    seats: Loss
    accounts: Loss
    sets: dict[str, Loss]
    products: dict[str, Loss]
    role: Loss
    admins: Admins


def consequences(
    facts: Facts, judged: JudgedSets, week: pd.DataFrame, operations: Iterable[Operation]
) -> Consequences:
    """Of any operations that start from what is known now; `week` has `frames.CHANGES`."""
    plan = changes(operations)
    total = pd.concat([week, plan], ignore_index=True)
    total["planned"] = np.arange(len(total)) >= len(week)
    last = total.drop_duplicates(["id", "what", "name"], keep="last")
    lost, kept = last[~_gained(last)], last[_gained(last)]

    admin_sets = [item.name for item in judged.sets if item.admin]
    products, sets, accounts = (_only(lost, what) for what in ("product", "set", "account"))
    demoted = sets[sets["name"].isin(admin_sets)]
    demoted = demoted[~demoted["id"].isin(_only(kept, "set", admin_sets)["id"])]
    poorer = {*products["id"], *demoted["id"]}

    held = _Held(facts, judged)
    promoted, deactivated = set(_only(kept, "set", admin_sets)["id"]), set(accounts["id"])
    admins = (held.admins - set(demoted["id"]) | promoted) - deactivated
    new = _newcomers(plan, admin_sets, admins)
    return Consequences(
        seats=_loss(held.seats, products, held.holders(products["id"])),
        accounts=_loss(held.idle_accounts, accounts[~accounts["id"].isin(products["id"])]),
        sets=_losses(held.sets, sets[sets["id"].isin(poorer)]),
        products=_losses(held.products, products),
        role=_loss(len(held.admins), demoted),
        admins=Admins(
            active=held.active_admins,
            new=new,
            left=held.active_admins - set(demoted.loc[demoted["planned"], "id"]) | new,
            lately=_newcomers(week, admin_sets, held.admins) & admins,
            outside=held.admins_outside,
        ),
    )


def _gained(rows: pd.DataFrame) -> Flags:
    gained: Flags = rows["gained"].to_numpy(dtype=bool)
    return gained


def _only(rows: pd.DataFrame, what: str, names: Collection[str] | None = None) -> pd.DataFrame:
    """The rows about such things, or about those of them that are so called."""
    rows = rows[says(rows["what"], what)]
    return rows if names is None else rows[rows["name"].isin(names)]


def _loss(now: int, lost: pd.DataFrame, having: Collection[str] = ()) -> Loss:
    """Whoever loses several things loses once; now, if one of them is lost now.

    Of those who lost something before, `having` are counted among those `now`.
    """
    losing = set(lost.loc[lost["planned"], "id"])
    earlier = set(lost["id"]) - losing
    return Loss(now, len(losing), len(earlier), now + len(earlier.difference(having)))


def _losses(now: Mapping[str, int], lost: pd.DataFrame) -> dict[str, Loss]:
    return {name: _loss(size, lost[says(lost["name"], name)]) for name, size in now.items()}


def _newcomers(
    rows: pd.DataFrame, admin_sets: Collection[str], admins: frozenset[str]
) -> frozenset[str]:
    """Of these admins, who gained an admin set or an active account, and did not lose one first."""
    first = (
        some.drop_duplicates("id", keep="first")
        for some in (_only(rows, "set", admin_sets), _only(rows, "account"))
    )
    return admins & {user for some in first for user in some.loc[_gained(some), "id"]}


class _Held:
    """What the people hold now."""

    def __init__(self, facts: Facts, judged: JudgedSets) -> None:
        people, holdings = facts.people, facts.holdings
        mine = holdings.only(holdings.managed)
        names = [item.name for item in judged.sets]
        sizes = np.bincount(mine.set, minlength=len(names)).tolist()
        masks = facts.masks[np.unique(mine.account)]
        seats = count_seats(masks, len(facts.products)).tolist()
        idle = (people.held == NOWHERE) & (people.match.account != NOWHERE) & ~people.inactive
        admins = admins_now(facts, judged)
        self.seats = int((people.held != NOWHERE).sum())
        self.idle_accounts = int(idle.sum())
        self.sets = dict(zip(names, sizes, strict=True))
        self.products = dict(zip(facts.products, seats, strict=True))
        ids = people.told["id"]
        self.admins, self.active_admins = admins.holders, admins.active
        self.admins_outside = admins.outside
        self._ids, self._held = ids, people.held

    def holders(self, users: pd.Series) -> set[str]:
        """Those of the users who hold a set."""
        held = np.append(self._held, NOWHERE)[locate(users, self._ids)]
        return set(users[held != NOWHERE])
