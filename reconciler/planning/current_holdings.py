"""What users hold before any operation."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconciler.columns.frames import Positions
from reconciler.columns.table_joins import NOWHERE, locate, take
from reconciler.facts.admins import AdminsNow, admins_now
from reconciler.facts.build import Facts
from reconciler.facts.set_bindings import JudgedSets
from reconciler.seats.ledger import count_seats


@dataclass(frozen=True)
class Before:
    """`seats` counts users who hold a set, `idle_accounts` those who have an active account and
    hold none, `sets` and `products` the users who hold each, `accounts` those that belong to a
    known user for certain.

    `members` counts the users in the Entra groups of configured sets that are not frozen, and
    `in_scope` those of them who pass the scoping filters. `ids` and `held` have, row by row, each
    user's object id and the set that they hold, as a position.
    """

    seats: int
    idle_accounts: int
    sets: Mapping[str, int]
    products: Mapping[str, int]
    accounts: int
    admins: AdminsNow
    members: Mapping[str, int]
    in_scope: Mapping[str, int]
    ids: "pd.Series[str]"
    held: Positions

    def holders(self, users: "pd.Series[str]") -> set[str]:
        """Those of the users (object ids) who hold a set."""
        held = take(self.held, locate(users, self.ids), NOWHERE)
        return set(users[held != NOWHERE])


def held_before(facts: Facts, judged: JudgedSets) -> Before:
    """As the vendor and the directory have it now."""
    people, found = facts.people, facts.people.match
    managed = facts.holdings.only(facts.holdings.managed)
    names = [item.name for item in judged.sets]
    has_account = found.account != NOWHERE
    holders = np.bincount(managed.set, minlength=len(names)).tolist()
    holding = np.zeros(len(facts.accounts), dtype=bool)
    holding[managed.account] = True
    seats = count_seats(facts.masks[holding], len(facts.products)).tolist()
    planned = {
        name: at for at, name in enumerate(names[: judged.configured]) if at not in judged.frozen
    }
    return Before(
        seats=int((people.held != NOWHERE).sum()),
        idle_accounts=int((has_account & (people.held == NOWHERE) & ~people.inactive).sum()),
        sets=dict(zip(names, holders, strict=True)),
        products=dict(zip(facts.products, seats, strict=True)),
        accounts=int((has_account & found.certain).sum()),
        admins=admins_now(facts, judged),
        members={name: int(facts.set_sizes[at]) for name, at in planned.items()},
        in_scope={name: int(facts.in_scope[at]) for name, at in planned.items()},
        ids=people.entra["id"],
        held=people.held,
    )
