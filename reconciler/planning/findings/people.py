"""Findings about users and accounts."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from reconciler.columns.frames import TEXT, Positions, Texts, cells, column
from reconciler.columns.table_joins import NOWHERE, is_in, take
from reconciler.facts.account_of_user import attributes_in_words, unlike
from reconciler.facts.vendor_refusals import by_user
from reconciler.model.plan import Finding, Operation, Subject
from reconciler.model.refusal_backoff import Refusal
from reconciler.model.snapshot import Directory
from reconciler.model.unsendable_text import complaint
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.unmet_filters import unmet_filters
from reconciler.seats.allocation import bits
from reconciler.situations import SITUATIONS, finding
from reconciler.situations.accounts import (
    CONFIRMED,
    EXTRA_SET,
    HELD_OUTSIDE,
    NO_ACCOUNT,
    NOT_ENTITLED,
    OPERATOR,
    OUTSIDE_ENTRA,
    PROTECTED,
)
from reconciler.situations.situation import Effect
from reconciler.situations.users import NOT_A_PERSON
from reconciler.situations.vendor import REFUSED_REPEATEDLY

_QUIET = {"", *(s.code for s in (CONFIRMED, NO_ACCOUNT, NOT_ENTITLED, HELD_OUTSIDE, NOT_A_PERSON))}
"""Situations that are as they should be, or reported in the other scope, or for many at once."""

_LEFT_ANYWAY = {OPERATOR.code, PROTECTED.code}
"""Situations that are reported only for users who would have been changed otherwise."""


def people_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """The situations of users who are kept from a change, or have an operation.

    Not of users in a frozen set, or who may be in one: the set's own finding is enough.
    """
    people, decisions = evaluation.facts.people, evaluation.decisions
    touched = is_in(people.entra["id"], column((o.subject.id for o in evaluation.operations), TEXT))
    changes = touched & (decisions.effect != Effect.KEEP)
    quiet = _QUIET | {*evaluation.judged.frozen.values(), evaluation.judged.unknown}
    settled = (people.held == people.wanted) & ~people.changed & ~people.inactive
    for scope in (decisions.user, decisions.account):
        told = changes | (scope.effect == Effect.KEEP)
        told[told] = [code not in quiet for code in scope.code[told]]
        left_anyway = told & settled & ~changes
        told[left_anyway] = [code not in _LEFT_ANYWAY for code in scope.code[left_anyway]]
        persons = np.flatnonzero(told)
        rows = zip(
            scope.code[persons], people.users(persons), _facts(evaluation, persons), strict=True
        )
        for code, subject, facts in rows:
            situation = SITUATIONS[code]
            yield finding(situation, subject, **{name: facts[name] for name in situation.facts})


def extra_set_findings(operations: Iterable[Operation]) -> Iterator[Finding]:
    """A14: what users hold beside their one set, as the operations that take it back have it."""
    for operation in operations:
        if operation.reason == EXTRA_SET.code:
            for name in operation.lost:
                yield finding(EXTRA_SET, operation.subject, held=name)


def stuck_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """V18 for users whom the vendor keeps refusing to take out of a set, or to change."""
    facts = evaluation.facts
    stuck = np.unique(facts.holdings.person[evaluation.seat_decisions.stuck])
    served = facts.unchanged & (evaluation.decisions.effect == Effect.GRANT)
    refusals = by_user(facts.refusals)
    for subject in facts.people.users(np.union1d(stuck, np.flatnonzero(served))):
        yield finding(REFUSED_REPEATEDLY, subject, **_refusal(refusals[subject.id]))


def orphan_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """A10: accounts that belong to nobody in Entra. They are reported and never touched."""
    facts = evaluation.facts
    accounts = facts.accounts
    orphaned = facts.owner == NOWHERE
    matched = facts.people.match.account
    orphaned[matched[matched != NOWHERE]] = False
    orphans = np.flatnonzero(orphaned)
    ids, names = (cells(accounts[path], orphans) for path in ("account", "userName"))
    for account, name, bundle in zip(ids, names, facts.masks[orphans].tolist(), strict=True):
        held = ", ".join(facts.products[product] for product in bits(bundle))
        subject = Subject(kind="account", id=account, name=account if name is None else name)
        yield finding(OUTSIDE_ENTRA, subject, seat=f" and holds a seat of {held}" if held else "")


def _facts(evaluation: Evaluation, persons: Positions) -> Iterator[dict[str, object]]:
    """Per user all facts that the texts of situations may ask for."""
    facts = evaluation.facts
    people, found = facts.people, facts.people.match
    names = np.array([item.name for item in evaluation.judged.sets], dtype=object)
    accounts = found.account[persons]
    user_names = np.full(len(persons), "", dtype=object)
    user_names[accounts >= 0] = cells(facts.accounts["userName"], accounts[accounts >= 0])
    others = evaluation.snapshot.target.others
    elsewhere = dict(zip(others["account"], others["set"], strict=True))
    ids = np.full(len(persons), "", dtype=object)
    ids[accounts >= 0] = cells(facts.accounts["account"], accounts[accounts >= 0])
    refusals = by_user(facts.refusals)
    unmet = unmet_filters(evaluation, persons)
    matching = evaluation.settings.attribute_mapping.matching
    unsure, matched_by = unlike(matching), attributes_in_words(matching, "or")
    several = people.entra["id"][persons[people.set_count[persons] > 1]]
    sets_of = _sets_of(several, evaluation.snapshot.directory)
    columns = zip(
        persons.tolist(),
        cells(people.entra["id"], persons),
        cells(people.entra["mail"], persons),
        take(names, people.wanted[persons], "no set"),
        take(names, people.held[persons], "no set"),
        found.hits[persons].tolist(),
        found.certain[persons].tolist(),
        people.attributes.illegal[persons].tolist(),
        people.past.last_activation_change[persons],
        user_names,
        ids,
        np.datetime_as_string(people.grace_ends[persons], unit="D"),
        strict=True,
    )
    for (
        at,
        object_id,
        mail,
        wanted,
        held,
        hits,
        sure,
        illegal,
        last_activation_change,
        user_name,
        account,
        until,
    ) in columns:
        yield {
            "wanted": wanted,
            "held": held,
            "sets": sets_of.get(object_id, wanted),
            "count": hits,
            "mail": mail or "none",
            "user_name": user_name,
            "value": elsewhere.get(account, ""),
            "until": until,
            "unmet": unmet.get(at, ""),
            "path": ", ".join(
                sorted(evaluation.snapshot.target.required.difference(facts.desired))
            ),
            "illegal": _complaint(facts.desired, at) if illegal else "",
            "linking": "It is linked now." if sure else unsure,
            "matched_by": matched_by,
            **_refusal(refusals.get(object_id)),
            "switching": "It was reactivated before, and is left as it is now."
            if last_activation_change == "reactivated"
            else "It is reactivated this once.",
        }


def _refusal(one: Refusal | None) -> dict[str, object]:
    """What V18 tells; nothing of whom nothing is refused."""
    if one is None:
        return {}
    since, again = f"{one.since:%Y-%m-%d}", f"{one.again:%Y-%m-%d}"
    return {"times": one.times, "since": since, "why": one.why.rstrip("."), "again": again}


def _sets_of(ids: "pd.Series[str]", directory: Directory) -> dict[str, str]:
    """Per object id the names of all sets whose groups the user is in."""
    members = directory.members[is_in(directory.members["id"], ids)]
    named: dict[str, set[str]] = {}
    for object_id, name in zip(members["id"], members["set"], strict=True):
        named.setdefault(object_id, set()).add(f'"{name}"')
    return {object_id: ", ".join(sorted(names)) for object_id, names in named.items()}


def _complaint(desired: Texts, person: int) -> str:
    """What is wrong with the first of the user's values that no vendor should be sent."""
    values = ((path, cells(column, np.array([person]))[0]) for path, column in desired.items())
    return next(filter(None, (complaint(path, value) for path, value in values if value)), "")
