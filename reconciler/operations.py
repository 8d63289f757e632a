"""The plan's operations, in executable order.

Groups that the vendor lacks come first and accounts that are linked, then what frees seats, then
changes of attributes, then the allocation's steps, each after the account it needs.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from reconciler.contest import Contest
from reconciler.matching import NOWHERE
from reconciler.model.plan import Operation, State, Subject
from reconciler.seats import Step, bits
from reconciler.sets import JudgedSets, set_subject
from reconciler.situations.situation import Effect
from reconciler.subjects import Subjects

IDENTITY = "externalId"
"""The attribute that ties an account to its Entra user (the guide, step 1)."""


def write_operations(
    subjects: Subjects,
    decisions: pd.DataFrame,
    contest: Contest,
    judged: JudgedSets,
    vendor_groups: dict[str, tuple[str, ...]],
) -> tuple[Operation, ...]:
    """What to do at the vendor; nobody without a change has an operation."""
    writer = _Writer(subjects, decisions, judged, _sets_held(subjects, contest))
    writer.create_groups(contest.allocation.steps, vendor_groups)
    writer.link()
    writer.revoke(contest.revoked)
    writer.deactivate()
    writer.update()
    writer.reactivate_holders()
    for step in contest.allocation.steps:
        writer.carry_out(step)
    return tuple(writer.operations)


def user(people: pd.DataFrame, person: int) -> Subject:
    """A person as the reports show her: by principal name, where she has one."""
    object_id = str(people.at[person, "id"])
    name: Any = people.at[person, "userPrincipalName"]
    return Subject(kind="user", id=object_id, name=object_id if pd.isna(name) else str(name))


class _Writer:
    """Appends operations, and remembers which ones later ones must wait for."""

    def __init__(
        self,
        subjects: Subjects,
        decisions: pd.DataFrame,
        judged: JudgedSets,
        holds: dict[int, set[int]],
    ) -> None:
        self.subjects = subjects
        self.people = subjects.people
        self.account = subjects.people["account"].to_numpy()
        self.wanted = subjects.people["wanted"].to_numpy()
        self.held = subjects.people["held"].to_numpy()
        self.inactive = subjects.people["inactive"].to_numpy()
        self.effect = decisions["effect"].to_numpy()
        self.reason = decisions["user"].to_numpy(dtype=object)
        self.case = decisions["account"].to_numpy(dtype=object)
        self.names = [item.name for item in judged.sets]
        self.operations: list[Operation] = []
        self.group_made: dict[int, int] = {}
        self.last_of: dict[int, list[int]] = {}
        self.holds = holds

    def create_groups(
        self, steps: Sequence[Step], vendor_groups: dict[str, tuple[str, ...]]
    ) -> None:
        targets = {int(self.wanted[step.request.person]) for step in steps}
        for target in sorted(targets):
            name = self.names[target]
            if not vendor_groups.get(name):
                self.group_made[target] = self._append(
                    set_subject(name),
                    State(exists=False),
                    State(exists=True),
                    "G12",
                )

    def revoke(self, revoked: pd.DataFrame) -> None:
        for person, target in zip(revoked["person"], revoked["set"], strict=True):
            released = self.effect[person] == Effect.RELEASE
            self._change_sets(
                person,
                self.holds[person] - {target},
                self.reason[person] if released else "A14",
            )

    def deactivate(self) -> None:
        wished_active = self.subjects.wished.get("active")
        if wished_active is None:
            return
        released = (self.effect == Effect.RELEASE) & (self.account >= 0) & ~self.inactive
        off = (wished_active == "False").fillna(False).to_numpy(dtype=bool)
        for person in np.flatnonzero(released & off).tolist():
            self._change_account(
                person,
                State(active=True),
                State(active=False),
                self.reason[person],
            )

    def link(self) -> None:
        """First of all: nothing is taken from an account before it is known whose it is."""
        self._change_attributes([IDENTITY])

    def update(self) -> None:
        """Renames before creations: a name may have to be given up before it is taken."""
        paths = [path for path in self.subjects.differs.columns if path != IDENTITY]
        self._change_attributes(paths)

    def reactivate_holders(self) -> None:
        holding = (self.effect == Effect.GRANT) & (self.held == self.wanted)
        for person in np.flatnonzero(holding & self.inactive).tolist():
            self._change_account(person, State(active=False), State(active=True), self.case[person])

    def carry_out(self, step: Step) -> None:
        person = step.request.person
        target = int(self.wanted[person])
        if step.part == "give back":
            self._change_sets(person, set(), "U2")
            return
        if self.account[person] == NOWHERE:
            self._create(person)
        elif self.inactive[person]:
            self._change_account(person, State(active=False), State(active=True), self.case[person])
        moving = self.held[person] != NOWHERE
        self._change_sets(
            person,
            {target},
            "U2" if moving else "S1",
            also=[self.group_made[target]] if target in self.group_made else [],
        )

    def _change_attributes(self, paths: list[str]) -> None:
        served = (self.effect == Effect.GRANT) & (self.account >= 0)
        changes = self.subjects.differs.loc[served, paths]
        for person in changes.index[changes.any(axis=1)]:
            differing = [path for path in paths if changes.at[person, path]]
            before, after = self._attributes(person, differing)
            reason = self.case[person] if paths == [IDENTITY] else "A3"
            self._change_account(person, State(attributes=before), State(attributes=after), reason)

    def _create(self, person: int) -> None:
        _, attributes = self._attributes(person, list(self.subjects.wished.columns))
        self._change_account(
            person,
            State(exists=False),
            State(exists=True, attributes=attributes),
            self.case[person],
        )

    def _change_sets(
        self, person: int, after: set[int], reason: str, also: Iterable[int] = ()
    ) -> None:
        before = self.holds[person]
        held, holding = self._bundle(before), self._bundle(after)
        self._change_account(
            person,
            State(sets=self._set_names(before)),
            State(sets=self._set_names(after)),
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
    ) -> None:
        at = self.account[person]
        account = None if at == NOWHERE else str(self.subjects.accounts["account"].iat[at])
        earlier = self.last_of.setdefault(person, [])
        needs = sorted([*earlier, *also])
        index = self._append(
            user(self.people, person), before, after, reason, account, takes, frees, needs
        )
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
        products = self.subjects.products
        self.operations.append(
            Operation(
                index=len(self.operations),
                subject=subject,
                account=account,
                before=before,
                after=after,
                takes=tuple(products[at] for at in bits(takes)),
                frees=tuple(products[at] for at in bits(frees)),
                needs=tuple(needs),
                reason=reason,
            )
        )
        return len(self.operations) - 1

    def _attributes(
        self, person: int, paths: list[str]
    ) -> tuple[dict[str, str | bool], dict[str, str | bool]]:
        """What the account says now, and what it shall say; absent values are left out."""
        wished = {path: self.subjects.wished[path].iat[person] for path in paths}
        at = self.account[person]
        if at == NOWHERE:
            return {}, _present(wished)
        current = {path: self.subjects.accounts[path].iat[at] for path in paths}
        return _present(current), _present(wished)

    def _bundle(self, sets: set[int]) -> int:
        mask = 0
        for at in sets:
            mask |= int(self.subjects.bundles[at])
        return mask

    def _set_names(self, sets: set[int]) -> tuple[str, ...]:
        return tuple(sorted(self.names[at] for at in sets))


def _sets_held(subjects: Subjects, contest: Contest) -> dict[int, set[int]]:
    """The sets of those whose sets will change."""
    competing = [step.request.person for step in contest.allocation.steps]
    sets: dict[int, set[int]] = {person: set() for person in competing}
    changing = pd.concat([contest.revoked["person"], pd.Series(competing, dtype="int64")])
    mine = subjects.holdings[subjects.holdings["person"].isin(changing.unique())]
    for person, target in zip(mine["person"].tolist(), mine["set"].tolist(), strict=True):
        sets.setdefault(person, set()).add(target)
    return sets


def _present(values: dict[str, Any]) -> dict[str, str | bool]:
    """SCIM wants a JSON boolean for `active`; Entra's expressions speak of "True" and "False"."""
    return {
        path: value == "True" if path == "active" else str(value)
        for path, value in values.items()
        if pd.notna(value)
    }
