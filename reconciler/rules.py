"""Every person ends in one situation of the user scope and in one of the account scope.

The rules, with their order and texts, stand in `situations.users` and `situations.accounts`. What
happens is the more careful of both scopes' effects:

    KEEP     nothing is done, and what is held stays counted. An error never becomes a revoke.
    RELEASE  every seat is given back and the account is deactivated, never deleted.
    GRANT    the person should hold exactly the wanted set, if seats allow.
"""

import numpy as np
import pandas as pd

from reconciler.situations import accounts, users
from reconciler.situations.situation import Effect, Rule
from reconciler.situations.users import FROZEN_SET, UNREAD_SET
from reconciler.subjects import Subjects


def decide(subjects: Subjects) -> pd.DataFrame:
    """Per person: the codes `user` ("" where unremarkable) and `account`, and what follows.

    `effect` is the more careful one of `user_effect` and `account_effect`.
    """
    people = subjects.people
    user, user_effect = _first_that_holds(users.RULES, people)
    account, account_effect = _first_that_holds(accounts.RULES, people)
    user = np.where(user == FROZEN_SET, people["frozen_by"], user)
    user = np.where(user == UNREAD_SET, people["unproven_by"], user)
    return pd.DataFrame(
        {
            "user": user,
            "account": account,
            "user_effect": user_effect,
            "account_effect": account_effect,
            "effect": np.minimum(user_effect, account_effect),
        },
        index=people.index,
    )


def _first_that_holds(
    rules: tuple[Rule, ...], people: pd.DataFrame
) -> tuple[
    "np.ndarray[tuple[int], np.dtype[np.object_]]", "np.ndarray[tuple[int], np.dtype[np.int64]]"
]:
    held = [rule.holds(people).fillna(False).to_numpy(dtype=bool) for rule in rules]
    which = np.select(held, list(range(len(rules))), default=len(rules))
    codes = np.array([rule.code for rule in rules] + [""], dtype=object)
    effects = np.array([rule.effect for rule in rules] + [Effect.GRANT])
    return codes[which], effects[which]
