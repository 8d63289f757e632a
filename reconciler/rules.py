"""Every person ends in one situation of the user scope and in one of the account scope.

How to read the tables: in each scope the first rule that holds decides, and the rules read like
the columns they test. A rule is evaluated on whole columns, so a million people cost a dozen
comparisons. What happens is the more careful of both scopes' effects:

    KEEP     nothing is done, and what is held stays counted. An error never becomes a revoke.
    RELEASE  every seat is given back and the account is deactivated, never deleted.
    GRANT    the person should hold exactly the wanted set, if seats allow.

To add a situation, add a rule here and its text in `situations`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd

from reconciler.subjects import Subjects

Condition = Callable[[pd.DataFrame], "pd.Series[bool]"]


class Effect(IntEnum):
    """Ordered: of two effects the smaller, more careful one wins."""

    KEEP = 0
    RELEASE = 1
    GRANT = 2


@dataclass(frozen=True)
class Rule:
    """A situation's code, its effect, and the condition on the columns of `Subjects.people`."""

    code: str
    effect: Effect
    holds: Condition


# Placeholders for the code of the set that is to blame.
FROZEN_SET, UNREAD_SET = "frozen set", "unread set"


def user_rules(allow_guests: bool) -> tuple[Rule, ...]:
    """The scope of users in Entra."""
    return (
        Rule("R4", Effect.KEEP, lambda p: _only_an_id(p)),
        Rule(FROZEN_SET, Effect.KEEP, lambda p: p["frozen_by"] != ""),
        Rule("U11", Effect.RELEASE, lambda p: p["presence"] == "gone"),
        Rule("U10", Effect.RELEASE, lambda p: p["presence"] == "deleted"),
        Rule("U9", Effect.RELEASE, lambda p: p["disabled"]),
        Rule("U1", Effect.KEEP, lambda p: p["sets"] > 1),
        Rule("U8", Effect.KEEP, lambda p: p["duplicated"]),
        Rule(UNREAD_SET, Effect.KEEP, lambda p: p["unproven_by"] != ""),
        Rule("U3", Effect.RELEASE, lambda p: p["unassigned"]),
        Rule("U5", Effect.KEEP, lambda p: _absent(p["userPrincipalName"])),
        Rule("U4", Effect.KEEP, lambda p: _absent(p["mail"])),
        Rule("U13", Effect.KEEP, lambda p: _guest(p) & (not allow_guests)),
        Rule("U2", Effect.GRANT, lambda p: (p["held"] >= 0) & (p["held"] != p["wanted"])),
        Rule("U6", Effect.GRANT, lambda p: _absent(p["givenName"]) | _absent(p["surname"])),
    )


ACCOUNT_RULES = (
    Rule("A17", Effect.KEEP, lambda p: p["protected"]),
    Rule("A8", Effect.KEEP, lambda p: p["hits"] > 1),
    Rule("A7", Effect.KEEP, lambda p: p["contested"] & p["living"]),
    Rule("A4", Effect.KEEP, lambda p: p["foreign"] | (p["contested"] & p["linked"])),
    Rule("A9", Effect.KEEP, lambda p: p["contested"]),
    Rule("A2", Effect.GRANT, lambda p: p["account"] < 0),
    Rule("A5", Effect.KEEP, lambda p: ~p["sure"]),
    Rule("A5", Effect.GRANT, lambda p: ~p["linked"]),
    Rule("U12", Effect.GRANT, lambda p: p["inactive"] & ~p["unassigned"]),
    Rule("A3", Effect.GRANT, lambda p: p["changed"]),
    Rule("A1", Effect.GRANT, lambda p: p["linked"]),
)


def decide(subjects: Subjects, allow_guests: bool) -> pd.DataFrame:
    """Per person: the codes `user` ("" where unremarkable) and `account`, and what follows.

    `effect` is the more careful one of `user_effect` and `account_effect`.
    """
    people = subjects.people
    user, user_effect = _first_that_holds(user_rules(allow_guests), people)
    account, account_effect = _first_that_holds(ACCOUNT_RULES, people)
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


def _absent(values: "pd.Series[str]") -> "pd.Series[bool]":
    return values.fillna("") == ""


def _only_an_id(people: pd.DataFrame) -> "pd.Series[bool]":
    """Graph answers 200 with nothing but ids where User.Read.All is missing."""
    told = people[["userPrincipalName", "mail", "userType", "accountEnabled"]].notna().any(axis=1)
    return (people["presence"] == "present") & ~told


def _guest(people: pd.DataFrame) -> "pd.Series[bool]":
    marked = people["userPrincipalName"].str.contains("#EXT#", regex=False).fillna(False)
    return (people["userType"] == "Guest").fillna(False) | marked
