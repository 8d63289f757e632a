"""What must hold at the end of every day, whatever failed: asked of the vendor and the tenant."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from connectors.sandbox.request_log import Write
from connectors.sandbox.server import Sandbox
from reconciler.model.plan import Operation
from support.scenarios.random_organisation import SEATS, SETS, Organisation


@dataclass(frozen=True)
class Picture:
    """The vendor at one moment: per account whose it is, whether it is active, and its sets."""

    owner: dict[str, str]
    active: dict[str, bool]
    sets: dict[str, frozenset[str]]

    @property
    def held(self) -> dict[str, frozenset[str]]:
        """Per person who holds something, their sets."""
        return {self.owner[at]: names for at, names in self.sets.items() if names}

    @property
    def admins(self) -> set[str]:
        """Accounts that are active and hold the admins' set."""
        return {at for at, names in self.sets.items() if "Admins" in names and self.active[at]}


def picture(sandbox: Sandbox) -> Picture:
    resources = list(sandbox.vendor.storage.resources)
    users = [one for one in resources if getattr(one, "user_name", None)]
    groups = [one for one in resources if getattr(one, "display_name", None) in SETS]
    sets: dict[str, set[str]] = {str(one.id): set() for one in users}
    for one in groups:
        for member in getattr(one, "members", None) or ():
            sets.setdefault(str(member.value), set()).add(str(one.display_name))
    return Picture(
        {str(one.id): str(one.external_id) for one in users},
        {str(one.id): one.active is not False for one in users},
        {at: frozenset(names) for at, names in sets.items()},
    )


@dataclass(frozen=True)
class Entry:
    """A row of the journal: what was begun, and how it ended (None: not known yet)."""

    operation: Operation
    result: str | None


def journal_of(store: Path, runs: Sequence[str]) -> list[Entry]:
    """What these runs did, in the order in which they did it."""
    marks = ",".join("?" * len(runs))
    with sqlite3.connect(store) as connection:
        rows = connection.execute(
            f"SELECT intent, result FROM journal WHERE run_id IN ({marks}) ORDER BY begun, rowid",  # noqa: S608
            list(runs),
        ).fetchall()
    return [Entry(msgspec.json.decode(intent, type=Operation), result) for intent, result in rows]


class Judge:
    """Looks at one day of an organisation: its morning, its evening, and what lies between."""

    def __init__(
        self,
        organisation: Organisation,
        morning: Picture,
        evening: Picture,
        writes: Sequence[Write],
        journal: Sequence[Entry],
    ) -> None:
        self._organisation = organisation
        self._morning, self._evening = morning, evening
        self._writes, self._journal = writes, journal
        self._closed, self._wishes = organisation.closed(), organisation.wishes()

    def violations(self) -> Iterator[str]:
        yield from self._nobody_entitled_loses_anything()
        yield from self._closed_sets_are_left_alone()
        yield from self._seats_are_not_exceeded()
        yield from self._one_account_each()
        yield from self._an_admin_is_left()
        yield from self._strangers_are_left_alone()
        yield from self._journal_and_vendor_agree()

    def _nobody_entitled_loses_anything(self) -> Iterator[str]:
        """Who is in the group keeps their seat; who is in two keeps what they have, and so does who
        is in a group that cannot be read; nobody is shut out who has a right to be there.
        """
        unseen = self._organisation.left_alone() & self._wishes.keys()
        for account, before in self._morning.sets.items():
            person = self._morning.owner.get(account, "")
            desired = self._wishes.get(person, set())
            after = self._evening.sets.get(account, frozenset())
            if len(desired) == 1 and desired <= before and not desired <= after:
                yield f"{person} lost {desired}, being in its group"
            if len(desired) > 1 and before != after:
                yield f"{person} is in {desired} and was changed from {before} to {after}"
            if person in unseen and not before <= after:
                yield f"{person} lost {before - after}, and is in a group that cannot be read"
            stays = desired & before and self._morning.active[account]
            if stays and not self._evening.active.get(account):
                yield f"{person} was deactivated, being in the group of {desired}"
            if before and desired and not after and desired.isdisjoint(before):
                yield f"{person} was to move from {before} to {desired}, and has nothing"

    def _closed_sets_are_left_alone(self) -> Iterator[str]:
        for account in self._morning.sets.keys() | self._evening.sets.keys():
            before = self._morning.sets.get(account, frozenset()) & self._closed
            after = self._evening.sets.get(account, frozenset()) & self._closed
            if before != after:
                yield f"{account} was changed in {before ^ after}, whose group cannot be read"

    def _seats_are_not_exceeded(self) -> Iterator[str]:
        """By no write, nor is a seat asked for that is not free."""
        yield from (f"asked for no free seat: {why}" for why in self._organisation.refused_seats)
        self._organisation.refused_seats.clear()
        bought = self._organisation.sandbox.portal.seats
        used = Counter(
            product
            for names in self._morning.sets.values()
            for product in {product for name in names for product in SETS[name]}
        )
        for write in self._writes:
            for product in SEATS:
                if write.used[product] > max(bought[product], used[product]):
                    yield f"{write.used[product]} of {bought[product]} {product} in use: {write}"
            used = Counter(write.used)

    def _one_account_each(self) -> Iterator[str]:
        counts = Counter(owner for owner in self._evening.owner.values() if owner != "None")
        yield from (f"{owner} has {n} accounts" for owner, n in counts.items() if n > 1)
        for account, names in self._evening.sets.items():
            if len(names) > 1:
                yield f"{account} is in {names}"

    def _an_admin_is_left(self) -> Iterator[str]:
        if self._morning.admins and not self._evening.admins:
            yield "no active admin is left"

    def _strangers_are_left_alone(self) -> Iterator[str]:
        for account, owner in self._morning.owner.items():
            if owner.startswith("x-") and (
                self._morning.sets[account] != self._evening.sets.get(account)
                or self._morning.active[account] != self._evening.active.get(account)
            ):
                yield f"{owner} was changed, who is in no directory"

    def _journal_and_vendor_agree(self) -> Iterator[str]:
        """What the journal calls done is so in the evening, and the vendor shows nothing else."""
        said = _Said(self._journal)
        for account, now in self._evening.sets.items():
            person = self._evening.owner.get(account, "")
            before = self._morning.sets.get(account, frozenset())
            if person in said.unknown:
                continue
            if person not in said.tried and now != before:
                yield f"{person} was changed from {before} to {now}, and no journal knows it"
            if now not in {said.sets.get(person, now), before}:
                yield f"{person} is in {set(now)}, and the journal says {said.sets[person]}"
            is_active = self._evening.active.get(account)
            if is_active is not said.active.get(person, is_active):
                yield f"{person}: active is {is_active}, and the journal says otherwise"
        for account in self._evening.owner.keys() - self._morning.owner.keys():
            if self._evening.owner[account] not in said.tried:
                yield f"account {account} was created, and no journal knows it"


class _Said:
    """What the journal says of each person, at its end."""

    def __init__(self, journal: Sequence[Entry]) -> None:
        self.tried = {entry.operation.subject.id for entry in journal}
        self.unknown = {entry.operation.subject.id for entry in journal if entry.result is None}
        self.sets: dict[str, frozenset[str]] = {}
        self.active: dict[str, bool] = {}
        for entry in journal:
            operation, person = entry.operation, entry.operation.subject.id
            if operation.after.sets is not None and entry.result == "done":
                self.sets[person] = frozenset(operation.after.sets)
            elif operation.lost and entry.result == "failed":
                self.sets[person] = frozenset(operation.before.sets or ())  # put back
            if operation.after.active is not None and entry.result == "done":
                self.active[person] = operation.after.active
