"""Why a user has a seat or none, in five steps like those of Entra's on-demand provisioning ("How
to provision a user on demand"), each with what was found and where.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from reconciler.columns import frames
from reconciler.columns.frames import Flags, Positions
from reconciler.columns.table_joins import NOWHERE
from reconciler.facts.account_of_user import attributes_in_words
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Finding, Operation, Subject, Waiting
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.findings.collect import collect_findings
from reconciler.planning.findings.seats import waiting_list
from reconciler.planning.unmet_filters import unmet_filters

NEAR_NAMES = 3
"""How many similar names are offered where nobody has the one that was asked for."""


@dataclass(frozen=True)
class Step:
    """One step, what was `found`, and the `evidence`: ids, and what was read."""

    step: str
    found: str
    evidence: str = ""


@dataclass(frozen=True)
class UserExplanation:
    """A user, the steps in their order, the operations that a plan has for them, the findings about
    them and about products that they wait for, and their place in the queue, if they wait.

    `called` is their displayName, "" for none.
    """

    user: Subject
    called: str
    steps: tuple[Step, ...]
    operations: tuple[Operation, ...]
    findings: tuple[Finding, ...]
    waiting: Waiting | None


def users_called(evaluation: Evaluation, text: str) -> Positions:
    """Positions of the users with this object id, user principal name, mail address or displayName
    (in any case), or whose account has it as SCIM id or user name.
    """
    people, wanted = evaluation.facts.people, text.strip()
    entra, accounts = people.entra, evaluation.facts.accounts
    called = np.logical_or.reduce(
        [
            _is_in_any_case(entra[name], wanted)
            for name in ("id", "userPrincipalName", "mail", "displayName")
        ]
    )
    theirs = np.flatnonzero(
        _is_in_any_case(accounts["account"], wanted) | _is_in_any_case(accounts["userName"], wanted)
    )
    found: Positions = np.flatnonzero(called | np.isin(people.match.account, theirs))
    return found


def names_near(text: str, names: Iterable[str]) -> list[str]:
    """The names that begin with the text, or else look like it."""
    wanted, known = text.strip().lower(), sorted({*names})
    beginning = [name for name in known if wanted and name.lower().startswith(wanted)]
    if beginning:
        return beginning[:NEAR_NAMES]
    # A domain that all share would make all of them look alike.
    before_at = {name.partition("@")[0].lower(): name for name in known}
    near = get_close_matches(wanted.partition("@")[0], before_at, NEAR_NAMES)
    return [before_at[one] for one in near]


def explain_user(evaluation: Evaluation, person: int) -> UserExplanation:
    """What is known of the user at this position, and what follows."""
    (user,) = evaluation.facts.people.users(np.array([person]))
    queue = waiting_list(evaluation)
    waiting = next((entry for entry in queue if entry.user.id == user.id), None)
    operations = tuple(one for one in evaluation.operations if one.subject.id == user.id)
    blocking = set(waiting.blocked_by) if waiting else set()
    findings = tuple(
        found
        for found in collect_findings(evaluation, queue)
        if found.subject.id == user.id
        or (found.subject.kind == "product" and found.subject.name in blocking)
    )
    steps = (
        _read(evaluation, person, user),
        _in_scope(evaluation, person, user),
        _matched(evaluation, person),
        _seat(evaluation, person, waiting, len(queue)),
        _action(operations, findings),
    )
    called = evaluation.facts.people.entra["displayName"].fillna("").iloc[person]
    return UserExplanation(user, called, steps, operations, findings, waiting)


def _is_in_any_case(values: "pd.Series[str]", wanted: str) -> Flags:
    """Which cells are this text, in any case of letters."""
    return frames.is_text(values.str.lower(), wanted.lower())


def _read(evaluation: Evaluation, person: int, user: Subject) -> Step:
    presence = evaluation.facts.people.presence
    said = (
        (presence.uncertain, "Entra ID contradicts itself about the user, so nothing is known."),
        (presence.not_a_user, "It is a member of a group, and no user."),
        (presence.gone, "Entra ID has no such user."),
        (presence.deleted, "The user is deleted in Entra ID, and can be restored."),
        (presence.enabled_unknown, "Entra ID does not show whether the user is enabled."),
        (presence.disabled, "The user is disabled in Entra ID."),
    )
    found = next((text for flags, text in said if flags[person]), "The user is enabled.")
    return Step("read", found, f"object id {user.id}")


def _in_scope(evaluation: Evaluation, person: int, user: Subject) -> Step:
    members = evaluation.snapshot.directory.members
    names = set(members.loc[members["id"] == user.id, "set"])
    reads = evaluation.snapshot.directory.reads
    unread = [f'"{read.set}" ({read.because or "no group"})' for read in reads if not read.complete]
    found = f"In the group of {_quoted(sorted(names))}." if names else "In the group of no set."
    if unmet := unmet_filters(evaluation, np.array([person])):
        found += f" Out of scope all the same: not met is {unmet[person]}."
    if unread:
        found += f" Not read to the end: {', '.join(unread)}."
    evidence = "; ".join(
        f'"{read.set}": group {read.group.id}, {Plural(read.members):member|members}, '
        f"request {', '.join(read.request_ids) or 'of an export'}"
        for read in reads
        if read.set in names and read.group
    )
    return Step("in scope", found, evidence)


def _matched(evaluation: Evaluation, person: int) -> Step:
    match, accounts = evaluation.facts.people.match, evaluation.facts.accounts
    matching = evaluation.settings.attribute_mapping.matching
    row = int(match.account[person])
    if match.hits[person] > 1:
        return Step(
            "matched", f"{match.hits[person]} accounts fit equally well, so none is theirs."
        )
    if row == NOWHERE:
        return Step("matched", "The vendor shows no account of theirs.")
    account = accounts.iloc[row]
    found = (
        "An account is linked by its externalId."
        if match.linked[person]
        else f"An account has the same {attributes_in_words(matching)}."
        if match.certain[person]
        else f"An account has the same {attributes_in_words(matching, 'or')}, and one alone is not "
        "enough to be certain."
    )
    state = "out of use" if evaluation.facts.people.inactive[person] else "active"
    return Step("matched", found, f"account {account['account']}, {account['userName']}, {state}")


def _seat(evaluation: Evaluation, person: int, waiting: Waiting | None, queue: int) -> Step:
    people, sets = evaluation.facts.people, evaluation.judged.sets
    held, wanted = (int(at[person]) for at in (people.held, people.wanted))
    has = f'Holds "{sets[held].name}".' if held != NOWHERE else "Holds no set."
    if waiting:
        free = f", expected free on {waiting.free_on}" if waiting.free_on else ""
        has += (
            f' Waits for "{waiting.set}": place {waiting.position} of {queue}; '
            f"{', '.join(waiting.blocked_by)} not free{free}."
        )
    elif wanted != NOWHERE and wanted != held:
        has += f' Should hold "{sets[wanted].name}".'
    lines = [
        f"{line.product}: {line.used_after} of "
        f"{'unknown' if line.purchased is None else line.purchased} in use after the plan"
        for line in evaluation.seats
        if wanted != NOWHERE and line.product in sets[wanted].products
    ]
    return Step("seat", has, "; ".join(lines))


def _action(operations: Sequence[Operation], findings: Sequence[Finding]) -> Step:
    has = f"A plan made now has {Plural(len(operations)):operation|operations} for this user."
    codes = ", ".join(dict.fromkeys(found.code for found in findings))
    found = has if operations else "A plan made now would change nothing."
    return Step("action", found, codes and f"see {codes}")


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
