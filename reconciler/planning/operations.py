"""The plan's operations, in executable order.

First groups that the vendor lacks, then links of accounts, then what frees seats, then changes of
attributes, then the steps of the allocation, each after the account that it needs.
"""

from collections.abc import Sequence

import numpy as np

from reconciler.columns.frames import Flags, Positions, Texts, cells
from reconciler.columns.table_joins import NOWHERE, take
from reconciler.decisions.classify import Decisions
from reconciler.facts.account_of_user import IDENTITY
from reconciler.facts.attribute_differences import any_of
from reconciler.facts.build import Facts
from reconciler.facts.set_bindings import JudgedSets
from reconciler.facts.vendor_memberships import Holdings
from reconciler.model.plan import Operation, State, Subject
from reconciler.model.snapshot import Target
from reconciler.planning.operation_builder import ABSENT, ACTIVE, INACTIVE, Names, OperationBuilder
from reconciler.seats.allocation import Step
from reconciler.seats.requests import SeatDecisions
from reconciler.situations.accounts import ATTRIBUTES_CHANGED, EXTRA_SET
from reconciler.situations.groups import GROUP_CREATED
from reconciler.situations.seats import SEAT_FREE
from reconciler.situations.situation import Effect
from reconciler.situations.users import MOVE

Attributes = dict[str, str | bool | None]


def write_operations(
    facts: Facts,
    decisions: Decisions,
    seat_decisions: SeatDecisions,
    judged: JudgedSets,
    target: Target,
) -> tuple[Operation, ...]:
    """What to do at the vendor: no operation for users who have what they should."""
    writer = _Writer(facts, decisions, judged, _sets_held(facts, seat_decisions, judged))
    if target.empty_groups:  # else the executor creates a group with its first member
        writer.create_groups(seat_decisions.allocation.steps, target.groups)
    writer.link()
    writer.revoke(facts.holdings.only(seat_decisions.revoked))
    writer.deactivate()
    writer.update()
    writer.reactivate_holders()
    writer.carry_out(seat_decisions.allocation.steps)
    return tuple(writer.build.operations)


class _Writer:
    """Writes the operations; users are positions in the columns of `Facts`.

    For all operations of one kind the values are gathered from the columns at once (`_meet`).
    """

    def __init__(
        self, facts: Facts, decisions: Decisions, judged: JudgedSets, holds: dict[int, Names]
    ) -> None:
        self.build = OperationBuilder(facts.products, judged.sets)
        self.facts = facts
        self.account = facts.people.match.account
        self.wanted = facts.people.wanted
        self.held = facts.people.held
        self.inactive = facts.people.inactive
        self.effect = decisions.effect
        self.reason = decisions.user.code
        self.case = decisions.account.code
        self.names = [item.name for item in judged.sets]
        self.group_made: dict[int, int] = {}
        self.holds = holds
        self.user: dict[int, Subject] = {}
        self.account_id: dict[int, str | None] = {}

    def create_groups(
        self, steps: Sequence[Step], vendor_groups: dict[str, tuple[str, ...]]
    ) -> None:
        targets = {int(self.wanted[step.request.person]) for step in steps}
        for target in sorted(targets):
            name = self.names[target]
            if not vendor_groups.get(name):
                self.group_made[target] = self.build.create_group(name, GROUP_CREATED.code)

    def link(self) -> None:
        """First of all: nothing is taken from an account before it is known whose it is."""
        self._change_attributes([IDENTITY])

    def revoke(self, revoked: Holdings) -> None:
        persons = self._meet(revoked.person)
        for person, target in zip(persons, revoked.set.tolist(), strict=True):
            released = self.effect[person] == Effect.DEPROVISION
            left = tuple(name for name in self.holds[person] if name != self.names[target])
            reason = self.reason[person] if released else EXTRA_SET.code
            self._change_sets(person, left, reason)

    def deactivate(self) -> None:
        """The mapping gives `active` "False" to every deprovisioned user; no other is accepted."""
        released = (self.effect == Effect.DEPROVISION) & (self.account >= 0) & ~self.inactive
        released &= ~self.facts.people.stays_active
        for person in self._meet(np.flatnonzero(released)):
            self.build.change_account(
                *self._whose(person), ACTIVE, INACTIVE, self.reason[person], waits=False
            )

    def update(self) -> None:
        """Renames before creations: a name may have to be given up before it is taken."""
        paths = [path for path in self.facts.differs if path != IDENTITY]
        self._change_attributes(paths)

    def reactivate_holders(self) -> None:
        holding = (self.effect == Effect.GRANT) & (self.held == self.wanted)
        for person in self._meet(np.flatnonzero(holding & self.inactive)):
            self.build.change_account(*self._whose(person), INACTIVE, ACTIVE, self.case[person])

    def carry_out(self, steps: Sequence[Step]) -> None:
        persons = np.array([step.request.person for step in steps], dtype=np.int64)
        self._meet(persons)
        new = np.unique(persons[self.account[persons] == NOWHERE])
        everything = dict.fromkeys(self.facts.desired, np.ones(len(new), dtype=bool))
        attributes = attributes_in(self.facts.desired, new, everything)
        desired = dict(zip(new.tolist(), attributes, strict=True))
        for step in steps:
            if step.part == "give back":
                self._change_sets(step.request.person, (), MOVE.code)
            else:
                self._serve(step.request.person, desired)

    def _serve(self, person: int, desired: dict[int, Attributes]) -> None:
        whose, case = self._whose(person), self.case[person]
        if person in desired:
            after = State(exists=True, attributes=desired[person])
            self.build.change_account(*whose, ABSENT, after, case)
        elif self.inactive[person]:
            # At some vendors only the set itself makes the account active again.
            self.build.change_account(*whose, INACTIVE, ACTIVE, case, awaited=False)
        target = int(self.wanted[person])
        reason = SEAT_FREE if self.held[person] == NOWHERE else MOVE
        also = [self.group_made[target]] if target in self.group_made else []
        self._change_sets(person, (self.names[target],), reason.code, also)

    def _meet(self, persons: Positions) -> list[int]:
        """Gathers these users' names and accounts for `_whose`, and gives their positions back."""
        known: list[int] = persons.tolist()
        self.user |= zip(known, self.facts.people.users(persons), strict=True)
        accounts = self.account[persons]
        ids = cells(self.facts.accounts["account"], accounts[accounts != NOWHERE])
        self.account_id |= zip(persons[accounts != NOWHERE].tolist(), ids, strict=True)
        return known

    def _whose(self, person: int) -> tuple[Subject, str | None]:
        return self.user[person], self.account_id.get(person)

    def _change_attributes(self, paths: list[str]) -> None:
        served = (self.effect == Effect.GRANT) & (self.account >= 0)
        differs = {path: self.facts.differs[path] for path in paths}
        changed = np.flatnonzero(served & any_of(differs, len(served)))
        concerned = {path: flags[changed] for path, flags in differs.items()}
        accounts = {path: self.facts.accounts[path] for path in paths}
        before = attributes_in(accounts, self.account[changed], concerned)
        after = attributes_in(self.facts.desired, changed, concerned, absent_too=True)
        links = paths == [IDENTITY]
        for person, now, then in zip(self._meet(changed), before, after, strict=True):
            self.build.change_account(
                *self._whose(person),
                State(attributes=now),
                State(attributes=then),
                self.case[person] if links else ATTRIBUTES_CHANGED.code,
                awaited=links,
            )

    def _change_sets(
        self, person: int, after: Names, reason: str, also: Sequence[int] = ()
    ) -> None:
        self.build.change_sets(*self._whose(person), self.holds[person], after, reason, also)
        self.holds[person] = after


def _sets_held(facts: Facts, seat_decisions: SeatDecisions, judged: JudgedSets) -> dict[int, Names]:
    """The sets that users hold now, of those whose sets will change, by position."""
    competing = [step.request.person for step in seat_decisions.allocation.steps]
    sets: dict[int, list[str]] = {person: [] for person in competing}
    changing = np.zeros(len(facts.people), dtype=bool)
    changing[competing] = True
    changing[facts.holdings.person[seat_decisions.revoked]] = True
    theirs = facts.holdings.only(take(changing, facts.holdings.person))
    for person, target in zip(theirs.person.tolist(), theirs.set.tolist(), strict=True):
        sets.setdefault(person, []).append(judged.sets[target].name)
    return {person: tuple(sorted(names)) for person, names in sets.items()}


def attributes_in(
    columns: Texts, rows: Positions, concerned: dict[str, Flags], *, absent_too: bool = False
) -> list[Attributes]:
    """The values in these rows by SCIM path; absent ones are left out, or None with `absent_too`.

    `concerned` says per path which of the rows to take it from. `active` is a boolean in SCIM (RFC
    7643, section 4.1.1), and "True" or "False" in Entra's expressions.
    """
    said: list[Attributes] = [{} for _ in rows]
    for path, flags in concerned.items():
        asked = np.flatnonzero(flags)
        for at, value in zip(asked.tolist(), cells(columns[path], rows[asked]), strict=True):
            if value is not None or absent_too:
                said[at][path] = value == "True" if path == "active" else value
    return said
