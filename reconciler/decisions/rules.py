"""Every person ends in one situation of the user scope and in one of the account scope.

The rules, with their order and texts, stand in `situations.users` and `situations.accounts`. What
happens is the more careful of both scopes' effects:

    KEEP     nothing is done, and what is held stays counted. An error never becomes a revoke.
    RELEASE  every seat is given back and the account is deactivated, never deleted.
    GRANT    the person should hold exactly the wanted set, if seats allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reconciler.columns.frames import Codes, Positions
from reconciler.model.user_facts import UserFacts
from reconciler.situations import accounts, users
from reconciler.situations.situation import Effect, Rule
from reconciler.situations.users import FROZEN_SET, UNREAD_SET


@dataclass(frozen=True)
class Verdicts:
    """Row by row with the people, of one scope: the code ("" where unremarkable), its effect."""

    code: Codes
    effect: Positions


@dataclass(frozen=True)
class Decisions:
    """Row by row with the people: their situation in either scope, and what follows.

    `effect` is the more careful one of both, or KEEP for whoever is spared; `spared` says why.
    """

    user: Verdicts
    account: Verdicts
    effect: Positions
    spared: Codes


def decide(people: UserFacts) -> Decisions:
    """The first rule that holds, per person and scope. Nobody is spared yet."""
    user = _first_that_holds(users.RULES, people)
    for placeholder, codes in (
        (FROZEN_SET, people.frozen_by),
        (UNREAD_SET, people.unproven_by),
    ):
        concerned = user.code == placeholder
        user.code[concerned] = codes[concerned]
    account = _first_that_holds(accounts.RULES, people)
    effect = np.minimum(user.effect, account.effect)
    return Decisions(user, account, effect, np.full(len(people), "", dtype=object))


def _first_that_holds(rules: Sequence[Rule], people: UserFacts) -> Verdicts:
    which = np.full(len(people), len(rules), dtype=np.int64)
    for at, rule in reversed([*enumerate(rules)]):
        which[rule.holds(people)] = at
    codes = np.array([rule.code for rule in rules] + [""], dtype=object)
    effects = np.array([rule.effect for rule in rules] + [Effect.GRANT])
    return Verdicts(codes[which], effects[which])
