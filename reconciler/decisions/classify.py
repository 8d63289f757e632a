"""Every user ends in one situation of the user scope and in one of the account scope.

The rules are in `user_rules` and `account_rules`, and their order is the policy: in each scope the
first one that holds decides. They are evaluated on whole columns, so that a million users cost only
some comparisons of columns. What happens is the more careful of both scopes' effects:

    KEEP         nothing is done, and what is held stays counted. An error never becomes a revoke.
    DEPROVISION  every seat is taken back and the account is deactivated, never deleted.
    GRANT        the user should hold exactly the wanted set, if seats allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reconciler.columns.frames import Codes, Positions
from reconciler.decisions import account_rules, user_rules
from reconciler.decisions.rule import Rule
from reconciler.model.user_facts import UserFacts
from reconciler.situations.situation import Effect


@dataclass(frozen=True)
class ScopeDecisions:
    """Row by row with the users, of one scope: the situation's code ("": none), and its effect."""

    code: Codes
    effect: Positions


@dataclass(frozen=True)
class Decisions:
    """Row by row with the users: their situation in either scope, and what follows.

    `effect` is the more careful one of both, or KEEP for users who are exempt; `exempted` has the
    code of why, "" for others.
    """

    user: ScopeDecisions
    account: ScopeDecisions
    effect: Positions
    exempted: Codes


def decide(people: UserFacts) -> Decisions:
    """The first rule that holds, per user and scope. Nobody is exempt yet."""
    user = _first_that_holds(user_rules.RULES, people)
    account = _first_that_holds(account_rules.RULES, people)
    effect = np.minimum(user.effect, account.effect)
    return Decisions(user, account, effect, np.full(len(people), "", dtype=object))


def _first_that_holds(rules: Sequence[Rule], people: UserFacts) -> ScopeDecisions:
    codes = np.full(len(people), "", dtype=object)
    effects = np.full(len(people), Effect.GRANT, dtype=np.int64)
    for rule in reversed(rules):
        holds = rule.holds(people)
        codes[holds], effects[holds] = rule.codes(people, holds), rule.effect
    return ScopeDecisions(codes, effects)
