"""What is said about people and accounts."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reconciler.draft import Draft
from reconciler.ledger import account_bundles
from reconciler.model.frames import TEXT, cells, column
from reconciler.model.plan import Finding, Subject
from reconciler.model.snapshot import Directory
from reconciler.names import describe
from reconciler.order import NOWHERE, Positions, is_in
from reconciler.seats import bits
from reconciler.situations import finding
from reconciler.situations.situation import Effect
from reconciler.subjects import LONGEST, illegal_at, users

_QUIET = {"", "A1", "A2", "A11"}
"""As it should be, or told in the other scope."""

_LEFT_ANYWAY = {"A16", "A17"}
"""Worth a word only if something would have happened."""


def people_findings(draft: Draft) -> Iterator[Finding]:
    """Whoever is kept from a change, and whoever has an operation; the rest is as it should be.

    People of a frozen set are spoken for by their set.
    """
    people, decisions = draft.subjects.people, draft.decisions
    touched = is_in(people["id"], column((o.subject.id for o in draft.operations), TEXT))
    kept = decisions["effect"] == Effect.KEEP
    quiet = _QUIET | set(draft.judged.frozen.values())
    settled = (people["held"] == people["wanted"]) & ~people["changed"] & ~people["inactive"]
    for scope in ("user", "account"):
        codes = decisions[scope]
        keeps = decisions[f"{scope}_effect"] == Effect.KEEP
        spoken = (touched & ~kept) | (keeps & ~(codes.isin(_LEFT_ANYWAY) & settled))
        persons = np.flatnonzero(spoken & ~codes.isin(quiet))
        told = zip(
            codes.to_numpy()[persons].tolist(),
            users(people, persons),
            _facts(draft, persons),
            strict=True,
        )
        for code, subject, facts in told:
            yield finding(code, subject, **facts)


def orphan_findings(draft: Draft) -> Iterator[Finding]:
    """A10: accounts of nobody in Entra. They are reported and never touched."""
    subjects = draft.subjects
    accounts = subjects.accounts
    matched = accounts.index.isin(subjects.people["account"])
    bundles = account_bundles(subjects)
    orphans = np.flatnonzero((subjects.owner == NOWHERE) & ~matched)
    ids, names = (cells(accounts[path], orphans) for path in ("account", "userName"))
    for account, name, bundle in zip(ids, names, bundles[orphans].tolist(), strict=True):
        held = ", ".join(subjects.products[product] for product in bits(bundle))
        subject = Subject(kind="account", id=account, name=account if name is None else name)
        yield finding("A10", subject, seat=f" and holds a seat of {held}" if held else "")


_TOLD = (
    "id",
    "mail",
    "wanted",
    "held",
    "sets",
    "hits",
    "sure",
    "account",
    "illegal",
    "switched",
)


def _facts(draft: Draft, persons: Positions) -> Iterator[dict[str, object]]:
    """Per person what the texts of situations may say."""
    subjects = draft.subjects
    people = subjects.people[list(_TOLD)].take(persons)
    names = np.array([*(item.name for item in draft.judged.sets), "no set"], dtype=object)
    accounts = people["account"].to_numpy()
    user_name = np.full(len(people), "", dtype=object)
    user_name[accounts >= 0] = cells(subjects.accounts["userName"], accounts[accounts >= 0])
    sets_of = _sets_of(people.loc[people["sets"] > 1, "id"], draft.snapshot.directory)
    illegal = people.index[people["illegal"]]
    wrong = {at: _illegal(subjects.wished.loc[at].dropna()) for at in illegal}
    columns = zip(
        people.index,
        people["id"].tolist(),
        people["mail"].tolist(),
        names[people["wanted"]],
        names[people["held"]],
        people["hits"].tolist(),
        people["sure"].tolist(),
        people["switched"].tolist(),
        user_name,
        strict=True,
    )
    for at, object_id, mail, wanted, held, hits, sure, switched, account in columns:
        yield {
            "wanted": wanted,
            "held": held,
            "sets": sets_of.get(object_id, wanted),
            "count": hits,
            "mail": mail,
            "user_name": account,
            "illegal": wrong.get(at, ""),
            "linking": "It is linked now." if sure else "Name and mail disagree: left as is.",
            "switching": "It was reactivated before, and is left as it is now."
            if switched == "reactivated"
            else "It is reactivated this once.",
        }


def _sets_of(ids: "pd.Series[str]", directory: Directory) -> dict[str, str]:
    """The names of all the sets of whoever is in several."""
    members = directory.members[is_in(directory.members["id"], ids)]
    named: dict[str, set[str]] = {}
    for object_id, name in zip(members["id"], members["set"], strict=True):
        named.setdefault(object_id, set()).add(f'"{name}"')
    return {object_id: ", ".join(sorted(names)) for object_id, names in named.items()}


def _illegal(wished: "pd.Series[str]") -> str:
    """What is wrong with the first value that no vendor should be sent."""
    for path, value in wished.items():
        if at := illegal_at(value):
            return f"{path} has {describe(value[at - 1])} at {at}"
        if len(value) > LONGEST:
            return f"{path} has {len(value)} characters, and {LONGEST} are allowed"
    return ""
