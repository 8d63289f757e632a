"""Who is an admin of the vendor's portal: users with an active account in an admin set."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from reconciler.columns.frames import cells, is_false
from reconciler.facts.build import Facts
from reconciler.facts.set_bindings import JudgedSets
from reconciler.model.plan import Operation


@dataclass(frozen=True)
class AdminsNow:
    """Object ids of users who hold an admin set now, and of those of them whose account is active.

    `sets` are the names of the admin sets, `outside` counts active accounts in them that belong to
    no known user.
    """

    sets: frozenset[str]
    holders: frozenset[str]
    active: frozenset[str]
    outside: int


def admins_now(facts: Facts, judged: JudgedSets) -> AdminsNow:
    """The admins as the vendor has them."""
    people, holdings = facts.people, facts.holdings
    admin = np.array([item.admin for item in judged.sets])
    mine = holdings.only(holdings.managed)
    persons = np.unique(mine.person[admin[mine.set]])
    others = np.unique(holdings.account[~holdings.managed & admin[holdings.set]])
    ids = people.entra["id"]
    return AdminsNow(
        sets=frozenset(item.name for item in judged.sets if item.admin),
        holders=frozenset(cells(ids, persons)),
        active=frozenset(cells(ids, persons[~people.inactive[persons]])),
        outside=int((~is_false(facts.accounts["active"].iloc[others])).sum()),
    )


def with_new_admins_marked(
    operations: Iterable[Operation], admins: AdminsNow
) -> tuple[Operation, ...]:
    """The operations; those that make somebody an admin have `Operation.admin` set."""
    if not admins.sets:
        return tuple(operations)
    return tuple(
        replace(operation, admin=True) if _makes_one(operation, admins) else operation
        for operation in operations
    )


def _makes_one(operation: Operation, admins: AdminsNow) -> bool:
    user, after = operation.subject.id, operation.after
    if user in admins.active:
        return False
    if after.sets:
        return not admins.sets.isdisjoint(operation.gained)
    return after.active is True and user in admins.holders
