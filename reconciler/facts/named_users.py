"""Users named in the configuration: by object id, user principal name, or their account's name.

A user principal name is lost when its user is deleted, and may be another user's after a rename. So
every plan remembers the object ids that a name was found to mean. Besides, the name of an account
means its owner: it stays while nobody changes the account.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from config.settings import Settings
from reconciler.columns import frames
from reconciler.columns.frames import Flags, Positions, cells, folded
from reconciler.columns.table_joins import NOWHERE, locate, pairs, take
from reconciler.model.snapshot import Snapshot

PROTECTED, SERVED_FIRST, OPERATOR = "policy.protected", "policy.served_first", "vendor.operator"

Known = Mapping[str, tuple[str, ...]]
"""Per case-folded name the object ids of all users whom it was found to mean."""


def names_in(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Per key of the configuration that names users, the case-folded names."""
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
    """Whom some names mean: `name` and `person` are pairs of positions.

    `idle` are the names that no user, no account and no earlier plan has.
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
    """The users whom the names mean; `account` is the position of each user's account, or -1."""
    if not names:
        nobody = np.array([], dtype=np.int64)
        return NamedUsers((), nobody, nobody, ())
    asked, everybody = frames.column(names, frames.TEXT), np.arange(len(people))
    of_account = locate(folded(accounts["userName"]), asked)
    by_name = [
        locate(people["id"], asked),
        locate(folded(people["userPrincipalName"]), asked),
        take(of_account, account, NOWHERE),
    ]
    earlier = [(at, one) for at, name in enumerate(names) for one in known.get(name, ())]
    known_names = np.array([at for at, _ in earlier], dtype=np.int64)
    ids = frames.column((one for _, one in earlier), frames.TEXT)
    name, person = pairs(
        np.concatenate([*by_name, known_names]),
        np.concatenate([everybody] * len(by_name) + [locate(ids, people["id"])]),
    )
    met = {*name.tolist(), *known_names.tolist(), *of_account[of_account != NOWHERE].tolist()}
    idle = tuple(name for at, name in enumerate(names) if at not in met)
    return NamedUsers(names, name, person, idle)


def names_to_remember(settings: Settings, snapshot: Snapshot) -> Known:
    """The names in the configuration with all users whom they mean, or were found to mean."""
    people, accounts = snapshot.directory.people, snapshot.target.accounts
    names, before = tuple(sorted({*chain(*names_in(settings).values())})), snapshot.memory.named
    account = locate(people["id"], accounts["externalId"])
    found = find_named(names, people, accounts, account, before)
    meant = {name: set(before.get(name, ())) for name in names}
    for at, user in zip(found.name.tolist(), cells(people["id"], found.person), strict=True):
        meant[names[at]].add(user)
    return {name: tuple(sorted(users)) for name, users in meant.items() if users}
