"""The plan's operations, in executable order.

Groups that the vendor lacks come first and accounts that are linked, then what frees seats, then
changes of attributes, then the allocation's steps, each after the account it needs.
"""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from reconciler.columns.frames import Flags, Positions, Texts, cells
from reconciler.columns.joins import NOWHERE
from reconciler.decisions.rules import Decisions
from reconciler.facts.build import Facts, any_of
from reconciler.facts.identity import IDENTITY
from reconciler.facts.sets import JudgedSets, set_subject
from reconciler.facts.vendor_memberships import Holdings
from reconciler.model.plan import Operation, State, Subject
from reconciler.model.snapshot import Target
from reconciler.seats.allocation import Step, bits
from reconciler.seats.requests import SeatDecisions
from reconciler.situations.accounts import ATTRIBUTES_CHANGED, EXTRA_SET
from reconciler.situations.groups import GROUP_CREATED
from reconciler.situations.seats import SEAT_FREE
from reconciler.situations.situation import Effect
from reconciler.situations.users import MOVE

ABSENT, PRESENT = State(exists=False), State(exists=True)
ACTIVE, INACTIVE = State(active=True), State(active=False)

Attributes = dict[str, str | bool]
Sets = frozenset[int]


def write_operations(
    facts: Facts,
    decisions: Decisions,
    seat_decisions: SeatDecisions,
    judged: JudgedSets,
    target: Target,
) -> tuple[Operation, ...]:
    """What to do at the vendor; nobody without a change has an operation."""
    writer = _Writer(facts, decisions, judged, _sets_held(facts, seat_decisions))
    if target.empty_groups:  # else a group is made with whoever joins it first
        writer.create_groups(seat_decisions.allocation.steps, target.groups)
    writer.link()
    writer.revoke(facts.holdings.only(seat_decisions.revoked))
    writer.deactivate()
    writer.update()
    writer.reactivate_holders()
    writer.carry_out(seat_decisions.allocation.steps)
    return tuple(writer.operations)


class _Writer:
    """Appends operations, and remembers which ones later ones must wait for.

    What the operations of one kind say is gathered from the columns first, for all of them.
    """

    def __init__(
        self,
        facts: Facts,
        decisions: Decisions,
        judged: JudgedSets,
        holds: dict[int, Sets],
    ) -> None:
        self.facts = facts
        self.account = facts.people.match.account
        self.wanted = facts.people.wanted
        self.held = facts.people.held
        self.inactive = facts.people.inactive
        self.effect = decisions.effect
        self.reason = decisions.user.code
        self.case = decisions.account.code
        self.names = [item.name for item in judged.sets]
        # The same few sets and bundles come again and again.
        self.bundle, self.in_sets = cache(self._bundle), cache(self._in_sets)
        self.products = cache(self._products)
        self.operations: list[Operation] = []
        self.group_made: dict[int, int] = {}
        self.last_of: dict[int, list[int]] = {}
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
                self.group_made[target] = self._append(
                    set_subject(name), ABSENT, PRESENT, GROUP_CREATED.code
                )

    def link(self) -> None:
        """First of all: nothing is taken from an account before it is known whose it is."""
        self._change_attributes([IDENTITY])

    def revoke(self, revoked: Holdings) -> None:
        persons = self._meet(revoked.person)
        for person, target in zip(persons, revoked.set.tolist(), strict=True):
            released = self.effect[person] == Effect.DEPROVISION
            self._change_sets(
                person,
                self.holds[person] - {target},
                self.reason[person] if released else EXTRA_SET.code,
            )

    def deactivate(self) -> None:
        """`active` is "False" for everybody who is released; no other mapping is accepted."""
        released = (self.effect == Effect.DEPROVISION) & (self.account >= 0) & ~self.inactive
        released &= ~self.facts.people.stays_active
        for person in self._meet(np.flatnonzero(released)):
            self._change_account(person, ACTIVE, INACTIVE, self.reason[person], waits=False)

    def update(self) -> None:
        """Renames before creations: a name may have to be given up before it is taken."""
        paths = [path for path in self.facts.differs if path != IDENTITY]
        self._change_attributes(paths)

    def reactivate_holders(self) -> None:
        holding = (self.effect == Effect.GRANT) & (self.held == self.wanted)
        for person in self._meet(np.flatnonzero(holding & self.inactive)):
            self._change_account(person, INACTIVE, ACTIVE, self.case[person])

    def carry_out(self, steps: Sequence[Step]) -> None:
        persons = np.array([step.request.person for step in steps], dtype=np.int64)
        self._meet(persons)
        new = np.unique(persons[self.account[persons] == NOWHERE])
        everything = dict.fromkeys(self.facts.desired, np.ones(len(new), dtype=bool))
        attributes = attributes_in(self.facts.desired, new, everything)
        desired = dict(zip(new.tolist(), attributes, strict=True))
        for step in steps:
            if step.part == "give back":
                self._change_sets(step.request.person, frozenset(), MOVE.code)
            else:
                self._serve(step.request.person, desired)

    def _serve(self, person: int, desired: dict[int, Attributes]) -> None:
        if person in desired:
            after = State(exists=True, attributes=desired[person])
            self._change_account(person, ABSENT, after, self.case[person])
        elif self.inactive[person]:
            # At some vendors only the set itself makes the account active again.
            self._change_account(person, INACTIVE, ACTIVE, self.case[person], awaited=False)
        target = int(self.wanted[person])
        self._change_sets(
            person,
            frozenset({target}),
            SEAT_FREE.code if self.held[person] == NOWHERE else MOVE.code,
            also=[self.group_made[target]] if target in self.group_made else [],
        )

    def _meet(self, persons: Positions) -> list[int]:
        """The same people, whose names and accounts are known from now on."""
        known: list[int] = persons.tolist()
        self.user |= zip(known, self.facts.people.users(persons), strict=True)
        accounts = self.account[persons]
        ids = cells(self.facts.accounts["account"], accounts[accounts != NOWHERE])
        self.account_id |= zip(persons[accounts != NOWHERE].tolist(), ids, strict=True)
        return known

    def _change_attributes(self, paths: list[str]) -> None:
        served = (self.effect == Effect.GRANT) & (self.account >= 0)
        differs = {path: self.facts.differs[path] for path in paths}
        changed = np.flatnonzero(served & any_of(differs, len(served)))
        concerned = {path: flags[changed] for path, flags in differs.items()}
        accounts = {path: self.facts.accounts[path] for path in paths}
        before = attributes_in(accounts, self.account[changed], concerned)
        after = attributes_in(self.facts.desired, changed, concerned)
        for person, now, then in zip(self._meet(changed), before, after, strict=True):
            reason = self.case[person] if paths == [IDENTITY] else ATTRIBUTES_CHANGED.code
            states = State(attributes=now), State(attributes=then)
            self._change_account(person, *states, reason, awaited=paths == [IDENTITY])

    def _change_sets(self, person: int, after: Sets, reason: str, also: Iterable[int] = ()) -> None:
        before = self.holds[person]
        held, holding = self.bundle(before), self.bundle(after)
        self._change_account(
            person,
            self.in_sets(before),
            self.in_sets(after),
            reason,
            takes=holding & ~held,
            frees=held & ~holding,
            also=also,
        )
        self.holds[person] = after

    def _change_account(
        self,
        person: int,
        before: State,
        after: State,
        reason: str,
        takes: int = 0,
        frees: int = 0,
        also: Iterable[int] = (),
        waits: bool = True,
        awaited: bool = True,
    ) -> None:
        """By default it needs every earlier change of the user, and every later one needs it.

        But whoever is locked out is so even if a group cannot be changed, and a name that the
        vendor refuses keeps nobody from a seat.
        """
        earlier = self.last_of.setdefault(person, [])
        needs = sorted([*(earlier if waits else ()), *also])
        account = self.account_id.get(person)
        index = self._append(self.user[person], before, after, reason, account, takes, frees, needs)
        if awaited:
            earlier.append(index)

    def _append(
        self,
        subject: Subject,
        before: State,
        after: State,
        reason: str,
        account: str | None = None,
        takes: int = 0,
        frees: int = 0,
        needs: Iterable[int] = (),
    ) -> int:
        self.operations.append(
            Operation(
                index=len(self.operations),
                subject=subject,
                account=account,
                before=before,
                after=after,
                takes=self.products(takes),
                frees=self.products(frees),
                needs=tuple(needs),
                reason=reason,
            )
        )
        return len(self.operations) - 1

    def _bundle(self, sets: Sets) -> int:
        mask = 0
        for at in sets:
            mask |= int(self.facts.bundles[at])
        return mask

    def _in_sets(self, sets: Sets) -> State:
        return State(sets=tuple(sorted(self.names[at] for at in sets)))

    def _products(self, mask: int) -> tuple[str, ...]:
        return tuple(self.facts.products[at] for at in bits(mask))


def _sets_held(facts: Facts, seat_decisions: SeatDecisions) -> dict[int, Sets]:
    """The sets of those whose sets will change."""
    competing = [step.request.person for step in seat_decisions.allocation.steps]
    sets: dict[int, Sets] = dict.fromkeys(competing, frozenset())
    changing = np.zeros(len(facts.people) + 1, dtype=bool)
    changing[competing] = True
    changing[facts.holdings.person[seat_decisions.revoked]] = True
    mine = facts.holdings.only(changing[facts.holdings.person])
    for person, target in zip(mine.person.tolist(), mine.set.tolist(), strict=True):
        sets[person] = sets.get(person, frozenset()) | {target}
    return sets


def attributes_in(columns: Texts, rows: Positions, concerned: dict[str, Flags]) -> list[Attributes]:
    """What the columns say in these rows, by path; absent values are left out.

    `concerned` tells per path which of the rows are asked for. SCIM wants a JSON boolean for
    `active`; Entra's expressions speak of "True" and "False".
    """
    said: list[Attributes] = [{} for _ in rows]
    for path, flags in concerned.items():
        asked = np.flatnonzero(flags)
        for at, value in zip(asked.tolist(), cells(columns[path], rows[asked]), strict=True):
            if value is not None:
                said[at][path] = value == "True" if path == "active" else value
    return said
