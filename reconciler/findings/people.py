"""What is said about people and accounts."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reconciler.draft import Draft
from reconciler.ledger import account_bundles
from reconciler.matching import NOWHERE, locate
from reconciler.model.plan import Finding, Subject
from reconciler.model.snapshot import Directory
from reconciler.names import describe
from reconciler.operations import user
from reconciler.seats import bits
from reconciler.situations import finding
from reconciler.situations.situation import Effect
from reconciler.subjects import LONGEST, illegal_at

_QUIET = {"", "A1", "A2", "A11"}
"""As it should be, or told in the other scope."""

_LEFT_ANYWAY = {"A16", "A17"}
"""Worth a word only if something would have happened."""


def people_findings(draft: Draft) -> Iterator[Finding]:
    """Whoever is kept from a change, and whoever has an operation; the rest is as it should be.

    People of a frozen set are spoken for by their set.
    """
    people, decisions = draft.subjects.people, draft.decisions
    touched = people["id"].isin({operation.subject.id for operation in draft.operations})
    kept = decisions["effect"] == Effect.KEEP
    quiet = _QUIET | set(draft.judged.frozen.values())
    settled = (people["held"] == people["wanted"]) & ~people["changed"] & ~people["inactive"]
    for scope in ("user", "account"):
        codes = decisions[scope]
        keeps = decisions[f"{scope}_effect"] == Effect.KEEP
        spoken = (touched & ~kept) | (keeps & ~(codes.isin(_LEFT_ANYWAY) & settled))
        for person in people.index[spoken & ~codes.isin(quiet)]:
            yield finding(str(codes[person]), user(people, person), **_facts(draft, person))


def orphan_findings(draft: Draft) -> Iterator[Finding]:
    """A10: accounts of nobody in Entra. They are reported and never touched."""
    subjects = draft.subjects
    accounts = subjects.accounts
    linked, _ = locate(accounts["externalId"], subjects.people["id"])
    matched = accounts.index.isin(subjects.people["account"])
    bundles = account_bundles(subjects)
    for at in accounts.index[(linked == NOWHERE) & ~matched]:
        held = ", ".join(subjects.products[product] for product in bits(int(bundles[at])))
        name: Any = accounts.at[at, "userName"]
        account = str(accounts.at[at, "account"])
        subject = Subject(kind="account", id=account, name=account if pd.isna(name) else name)
        yield finding("A10", subject, seat=f" and holds a seat of {held}" if held else "")


_TOLD = ("id", "mail", "wanted", "held", "sets", "hits", "sure", "account", "illegal", "switched")


def _facts(draft: Draft, person: int) -> dict[str, object]:
    subjects, judged = draft.subjects, draft.judged
    row: dict[str, Any] = {name: subjects.people[name].iat[person] for name in _TOLD}
    name_of = [item.name for item in judged.sets] + ["no set"]
    account, several = row["account"], row["sets"] > 1
    return {
        "wanted": name_of[row["wanted"]],
        "held": name_of[row["held"]],
        "sets": _sets_of(row["id"], draft.snapshot.directory) if several else "",
        "count": row["hits"],
        "mail": row["mail"],
        "user_name": subjects.accounts.at[account, "userName"] if account >= 0 else "",
        "outcome": _outcome(str(draft.decisions.at[person, "account"]), row),
        "illegal": _illegal(subjects.wished, person) if row["illegal"] else "",
    }


def _outcome(code: str, row: dict[str, Any]) -> str:
    if code == "A13":
        return (
            "It was reactivated before, and is left as it is now."
            if row["switched"] == "reactivated"
            else "It is reactivated this once."
        )
    return "It is linked now." if row["sure"] else "Name and mail disagree: left as is."


def _illegal(wished: pd.DataFrame, person: int) -> str:
    for path in wished.columns:
        told: Any = wished.at[person, path]
        value = "" if pd.isna(told) else str(told)
        if at := illegal_at(value):
            return f"{path} has {describe(value[at - 1])} at {at}"
        if len(value) > LONGEST:
            return f"{path} has {len(value)} characters, and {LONGEST} are enough for anybody"
    return ""


def _sets_of(object_id: str, directory: Directory) -> str:
    members = directory.members
    return ", ".join(sorted(f'"{name}"' for name in members.loc[members["id"] == object_id, "set"]))
