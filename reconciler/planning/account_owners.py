"""Whom each account at the vendor belongs to, as a plan would see it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from reconciler.columns.frames import Flags, Positions, cells
from reconciler.columns.table_joins import NOWHERE, take
from reconciler.facts.account_of_user import IDENTITY, USER_NAME
from reconciler.facts.build import Facts
from reconciler.model.plan import Subject
from reconciler.planning.evaluation import Evaluation
from reconciler.situations.accounts import OUTSIDE_ENTRA

NICKNAME = "externalId as mailNickname"
"""Microsoft's default mapping of externalId, which should be the object id (A6)."""


class Standing(StrEnum):
    """Whom an account belongs to.

    MANAGED: it is linked to a user, and was created or linked from here, or met in a set.
    LINKABLE: it is linked to nobody, and a user in a set's group has its user name, or what else
    accounts are matched by.
    OUTSIDE: it is linked to a user, but nothing was ever done with it from here.
    ORPHAN: it belongs to nobody who is known in Entra ID.
    """

    MANAGED = "managed"
    LINKABLE = "linkable"
    OUTSIDE = "outside"
    ORPHAN = "orphan"


@dataclass(frozen=True)
class AccountStanding:
    """An account by its SCIM id; `active` is as the vendor shows it, None if it does not.

    `by` are the SCIM paths by which it was found to be the `user`'s, or `NICKNAME`. `sets` are
    those that it is in. `code` is the situation that decides about it in a plan.
    """

    account: str
    user_name: str
    active: bool | None
    standing: Standing
    by: tuple[str, ...]
    user: Subject | None
    sets: tuple[str, ...]
    code: str


def account_standings(evaluation: Evaluation) -> Iterator[AccountStanding]:
    """All accounts, in the order of their ids.

    As in a plan, names are compared only with those of users who should have a seat; users in no
    set's group are known only by their object id.
    """
    facts = evaluation.facts
    people, owner = facts.people, facts.owner
    person = np.where(owner == NOWHERE, _claimants(facts), owner)
    ours, gone = take(people.ours, owner), take(people.presence.gone, owner)
    orphan = (person == NOWHERE) | (gone & ~ours)
    person[orphan] = NOWHERE
    linked = owner != NOWHERE
    standings = np.select(
        [orphan, linked & ours, linked],
        [Standing.ORPHAN, Standing.MANAGED, Standing.OUTSIDE],
        Standing.LINKABLE,
    )
    owned = np.flatnonzero(~orphan)
    users = dict(zip(owned.tolist(), people.users(person[owned]), strict=True))
    sets, agreeing = _sets_of(evaluation), _agreeing(evaluation)
    every = np.arange(len(facts.accounts))
    rows = zip(
        *(cells(facts.accounts[name], every) for name in ("account", USER_NAME, "active")),
        standings.tolist(),
        person.tolist(),
        take(evaluation.decisions.account.code, person, OUTSIDE_ENTRA.code).tolist(),
        strict=True,
    )
    for at, (account, name, active, standing, whom, code) in enumerate(rows):
        by: tuple[str, ...] = (IDENTITY,) if users.get(at) else ()
        if standing == Standing.LINKABLE:
            by = tuple(path for path, agrees in agreeing.items() if agrees[whom])
        yield AccountStanding(
            account=account,
            user_name=name or "",
            active=active,
            standing=Standing(standing),
            by=by,
            user=users.get(at),
            sets=tuple(sets[at]),
            code=evaluation.kept.get(users[at].id, code) if at in users else code,
        )


def _claimants(facts: Facts) -> Positions:
    """Per account the first user whom it matches by one attribute or both, else `NOWHERE`."""
    claimant = np.full(len(facts.accounts), NOWHERE)
    found = facts.people.match
    claiming = np.flatnonzero((found.account != NOWHERE) & ~found.linked)
    claimant[found.account[claiming][::-1]] = claiming[::-1]
    return claimant


def _agreeing(evaluation: Evaluation) -> dict[str, Flags]:
    """Per path by which accounts are found, which users' accounts have the desired value."""
    facts, found = evaluation.facts, evaluation.facts.people.match
    mapping = evaluation.settings.attribute_mapping
    agreeing = {
        path: facts.desired[path].notna().to_numpy() & ~facts.differs[path]
        for path in mapping.matching
        if path in mapping.kept_in_step
    }
    return {**agreeing, NICKNAME: found.nicknamed}


def _sets_of(evaluation: Evaluation) -> defaultdict[int, list[str]]:
    """Per account, as a position, the names of the sets that it is in."""
    sets, holdings = defaultdict(list), evaluation.facts.holdings
    for account, at in zip(holdings.account.tolist(), holdings.set.tolist(), strict=True):
        sets[account].append(evaluation.judged.sets[at].name)
    return sets
