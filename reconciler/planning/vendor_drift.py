"""What the vendor has that Entra ID does not ask for, and that was not put there from here.

What was put there from here because Entra ID asked for it then is no drift: the next plan takes it
away. Users and sets that could not be read for certain are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from reconciler.columns.frames import Flags, cells
from reconciler.columns.table_joins import NOWHERE, take
from reconciler.facts.account_of_user import IDENTITY, USER_NAME
from reconciler.facts.account_status import last_activation_change
from reconciler.facts.build import Facts
from reconciler.facts.vendor_memberships import Holdings
from reconciler.history import granted
from reconciler.model.attribute_habits import Way, spelled
from reconciler.model.history import DoneOperation
from reconciler.model.plan import Subject
from reconciler.model.unsendable_text import is_address
from reconciler.planning.account_owners import AccountStanding, Standing, account_standings
from reconciler.planning.evaluation import Evaluation

Written = Mapping[tuple[str, str], str]
"""Values that were last written from here, by object id and SCIM path."""


class What(StrEnum):
    """What differs at the vendor."""

    ACCOUNT = "account"
    MEMBERSHIP = "membership"
    ATTRIBUTE = "attribute"
    ACTIVE = "active"


@dataclass(frozen=True)
class VendorDrift:
    """One difference, of a user or of an account that belongs to nobody (`account`: its SCIM id).

    `where` is the set or the SCIM path. `vendor`, `entra` and `written` are what the vendor has
    there, what Entra ID asks for, and what was last written from here; "" for nothing.
    """

    what: What
    subject: Subject
    account: str
    where: str
    vendor: str
    entra: str
    written: str = ""


def vendor_drift(evaluation: Evaluation, done: Sequence[DoneOperation]) -> tuple[VendorDrift, ...]:
    """Accounts, memberships, attributes and activity, each in the order of the ids.

    `done` are all operations that took effect, oldest first.
    """
    return (
        *_accounts(account_standings(evaluation)),
        *_memberships(evaluation, done),
        *_attributes(evaluation, _written(done)),
        *_activity(evaluation),
    )


def _accounts(standings: Iterable[AccountStanding]) -> Iterator[VendorDrift]:
    """Accounts that are linked to nobody in Entra ID."""
    for one in standings:
        if one.standing in {Standing.LINKABLE, Standing.ORPHAN}:
            entra = f"{one.user.name} has the same {', '.join(one.by)}" if one.user else ""
            name = one.user_name or one.account
            subject = Subject(kind="account", id=one.account, name=name)
            yield VendorDrift(What.ACCOUNT, subject, one.account, "", name, entra)


def _memberships(evaluation: Evaluation, done: Iterable[DoneOperation]) -> Iterator[VendorDrift]:
    """Memberships of accounts that belong to nobody, and of users who are certainly not in the
    set's group.
    """
    facts, holdings = evaluation.facts, evaluation.facts.holdings
    sets = np.array([item.name for item in evaluation.judged.sets], dtype=object)
    explained = {*_pairs(evaluation.snapshot.directory.members), *_pairs(granted(done))}
    certain = ~take(facts.people.shielded, holdings.person)
    held = holdings.only(certain)
    entra = take(sets, take(facts.people.wanted, held.person, NOWHERE), "").tolist()
    rows = zip(_holders(facts, held), sets[held.set].tolist(), entra, strict=True)
    for (subject, account), name, asked_for in rows:
        if (subject.id, name) not in explained:
            yield VendorDrift(What.MEMBERSHIP, subject, account, name, name, asked_for)


def _holders(facts: Facts, held: Holdings) -> Iterator[tuple[Subject, str]]:
    """Per holding the user who owns the account for certain, else the account, and its id."""
    owned = np.flatnonzero(held.managed)
    users = dict(zip(owned.tolist(), facts.people.users(held.person[owned]), strict=True))
    ids, names = (cells(facts.accounts[name], held.account) for name in ("account", USER_NAME))
    for at, (account, name) in enumerate(zip(ids, names, strict=True)):
        nobodys = Subject(kind="account", id=account, name=name or account)
        yield users.get(at, nobodys), account


def _attributes(evaluation: Evaluation, written: Written) -> Iterator[VendorDrift]:
    """Attributes with another value; an absent one, or the vendor's own spelling, is no drift."""
    facts, ways = evaluation.facts, evaluation.snapshot.target.ways
    served = _certain(facts) & ~facts.people.absent
    for path in facts.differs:
        if path == IDENTITY:
            continue
        persons = np.flatnonzero(served & facts.differs[path])
        account = facts.people.match.account[persons]
        rows = zip(
            facts.people.users(persons),
            *(cells(facts.accounts[name], account) for name in ("account", path)),
            cells(facts.desired[path], persons),
            strict=True,
        )
        for user, at, vendor, entra in rows:
            before = written.get((user.id, path), "")
            if vendor and not _alike(path, vendor, before, ways.get(path, frozenset())):
                yield VendorDrift(What.ATTRIBUTE, user, at, path, vendor, entra or "", before)


def _activity(evaluation: Evaluation) -> Iterator[VendorDrift]:
    """Accounts that others deactivated though Entra ID asks for them, or reactivated though it does
    not and they were deactivated from here.
    """
    facts = evaluation.facts
    people = facts.people
    last = last_activation_change(people.entra["id"], evaluation.snapshot.memory)
    by_us = last == "deactivated"
    off = people.inactive & ~people.absent & ~by_us
    on = ~people.inactive & people.absent & by_us
    persons = np.flatnonzero(_certain(facts) & (off | on))
    accounts = cells(facts.accounts["account"], people.match.account[persons])
    rows = zip(people.users(persons), accounts, off[persons].tolist(), last[persons], strict=True)
    for user, account, is_off, written in rows:
        vendor, entra = ("False", "True") if is_off else ("True", "False")
        yield VendorDrift(What.ACTIVE, user, account, "active", vendor, entra, written)


def _certain(facts: Facts) -> Flags:
    """Users who were read for certain, and whose account is linked to them."""
    people = facts.people
    certain: Flags = people.match.linked & ~people.shielded
    return certain


def _pairs(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Pairs of an object id and a set."""
    return zip(rows["id"].tolist(), rows["set"].tolist(), strict=True)


def _written(done: Iterable[DoneOperation]) -> Written:
    """The values that were last written from here, without purged operations."""
    return {
        (one.user, path): "" if value is None else str(value)
        for one in done
        if one.operation
        for path, value in (one.operation.after.attributes or {}).items()
    }


def _alike(path: str, one: str, other: str, ways: frozenset[Way]) -> bool:
    if is_address(path):
        one, other = one.casefold(), other.casefold()
    return spelled(one, ways) == spelled(other, ways)
