"""Whom the configuration names: by object id, by user principal name, or by an account's name.

A user principal name is lost when its user is deleted, and may be somebody else's after a rename.
So every plan leaves the object ids of those it was found to mean for the next one to know, and
whoever holds an account of that name is meant as well: it keeps its name while nobody touches it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from config.settings import Settings
from reconciler.columns import frames
from reconciler.columns.frames import Flags, Positions, cells, folded
from reconciler.columns.joins import NOWHERE, is_in, locate, pairs, take, values_at
from reconciler.model.snapshot import Snapshot

PROTECTED, SERVED_FIRST, OPERATOR = "policy.protected", "policy.served_first", "vendor.operator"

Known = Mapping[str, tuple[str, ...]]
"""Names in folded case, and the object ids of those whom they were found to mean."""


def names_in(settings: Settings) -> dict[str, tuple[str, ...]]:
    """What the configuration has at the keys that name users, in folded case."""
    operator = settings.vendor.operator
    given = {
        PROTECTED: settings.policy.protected,
        SERVED_FIRST: settings.policy.served_first,
        OPERATOR: () if operator is None else (operator,),
    }
    return {
        key: tuple(dict.fromkeys(name.casefold() for name in names)) for key, names in given.items()
    }


@dataclass(frozen=True)
class NamedUsers:
    """The users behind some names: pairs of positions, of the name and of the user.

    `idle` are the names that no user, no account and no earlier plan knows.
    """

    names: tuple[str, ...]
    name: Positions
    person: Positions
    idle: tuple[str, ...]

    def among(self, users: int) -> Flags:
        """Which of so many users are meant."""
        flags = np.zeros(users, dtype=bool)
        flags[self.person] = True
        return flags

    def shared(self) -> Iterator[tuple[str, Positions]]:
        """The names that mean several users, and these."""
        for at, name in enumerate(self.names):
            if len(meant := self.person[self.name == at]) > 1:
                yield name, meant


def find_named(
    names: tuple[str, ...],
    people: pd.DataFrame,
    accounts: pd.DataFrame,
    account: Positions,
    known: Known,
) -> NamedUsers:
    """`account` has per user the position of their account, -1 for none."""
    asked, user_names = frames.column(names, frames.TEXT), folded(accounts["userName"])
    everybody = np.arange(len(people))
    by_name = [
        locate(people["id"], asked),
        locate(folded(people["userPrincipalName"]), asked),
        locate(values_at(user_names, account), asked),
    ]
    once = [(at, one) for at, name in enumerate(names) for one in known.get(name, ())]
    which = np.array([at for at, _ in once], dtype=np.int64)
    name, person = pairs(
        np.concatenate([*by_name, which]),
        np.concatenate([everybody] * len(by_name) + [_at((one for _, one in once), people)]),
    )
    said = {*name.tolist(), *which.tolist(), *locate(user_names, asked).tolist()}
    idle = tuple(name for at, name in enumerate(names) if at not in said)
    return NamedUsers(names, name, person, idle)


def known_from_now_on(settings: Settings, snapshot: Snapshot) -> Known:
    """The names of the configuration with everybody whom they mean, or were found to mean."""
    people, accounts = snapshot.directory.people, snapshot.target.accounts
    names, before = tuple(sorted({*chain(*names_in(settings).values())})), snapshot.memory.named
    account = locate(people["id"], accounts["externalId"])
    found = find_named(names, people, accounts, account, before)
    meant = {name: set(before.get(name, ())) for name in names}
    for at, user in zip(found.name.tolist(), cells(people["id"], found.person), strict=True):
        meant[names[at]].add(user)
    return {name: tuple(sorted(users)) for name, users in meant.items() if users}


def _at(ids: Iterable[str], people: pd.DataFrame) -> Positions:
    """The positions of a few among many users, -1 for none."""
    few = frames.column(ids, frames.TEXT)
    near = np.flatnonzero(is_in(people["id"], few))
    return take(near, locate(few, people["id"].take(near)), NOWHERE)
