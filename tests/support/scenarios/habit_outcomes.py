"""What came of a company's life at the vendor, by what the vendor really holds."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import normalize

from connectors.sandbox.server import Sandbox
from reconciler.model.plan import Finding, Kind, Operation, Plan, Severity, Waiting
from support.counterparts.small_tenant import guid
from support.scenarios.small_company import BOUGHT, PERSON, SETS

FAULTS = (
    "silent partial reads",
    "false absences",
    "double accounts",
    "wrong removals",
    "over-allocations",
    "operations repeated",
)
"""What must never be, and is counted."""

SERVED = "served"

_LOUD = (Severity.BLOCK, Severity.ERROR, Severity.WARNING)


@dataclass
class Counts:
    """Per fault a sentence for each that was seen."""

    faults: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    requests: int = 0

    def note(self, fault: str, what: str) -> None:
        """Each once: what lasts is not seen again at every look."""
        if what not in self.faults[fault]:
            self.faults[fault].append(what)

    @property
    def numbers(self) -> list[int]:
        return [len(self.faults[fault]) for fault in FAULTS]


@dataclass(frozen=True)
class Account:
    """One account as the vendor stores it; `person` is the given name, which nothing changes."""

    id: str
    person: str
    active: bool
    sets: frozenset[str]
    said: Mapping[str, str]


@dataclass(frozen=True)
class Told:
    """What the program said: of a plan and its apply, or that there is none, and why."""

    operations: tuple[Operation, ...] = ()
    findings: tuple[Finding, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    held: tuple[str, ...] = ()

    def also(self, other: "Told") -> "Told":
        return replace(
            self,
            findings=self.findings + other.findings,
            held=self.held + other.held,
        )


def told_by(plan: Plan) -> Told:
    held = tuple(
        each.code for each in plan.verdicts if each.overridable or each.outcome == "refused"
    )
    return Told(plan.operations, plan.findings, plan.waiting, held)


class Judge:
    """Looks at one night: `wishes` are the sets that people should hold by the directory.

    Where sets are no groups they are values of `attribute`.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        wishes: Mapping[str, str],
        counts: Counts,
        attribute: str = "",
    ) -> None:
        self._sandbox, self._wishes = sandbox, wishes
        self._counts, self._attribute = counts, attribute
        self._morning = self.accounts()
        self._writes = len(sandbox.vendor_ledger.writes)

    def accounts(self) -> list[Account]:
        """All that the vendor holds, whatever it shows."""
        with self._sandbox.vendor.storage.operation():
            resources = list(self._sandbox.vendor.storage.resources)
        held: defaultdict[str, set[str]] = defaultdict(set)
        for group in resources:
            name = _set_called(getattr(group, "display_name", None))
            for member in (getattr(group, "members", None) or ()) if name else ():
                held[str(member.value)].add(name)
        users = [one for one in resources if getattr(one, "user_name", None)]
        for one in users if self._attribute else ():
            held[str(one.id)] = {name} if (name := _set_called(one.user_type)) else set()
        return [_account(one, frozenset(held[str(one.id)])) for one in users]

    def planned(self, told: Told) -> None:
        """What a plan gets wrong about the vendor as it is."""
        accounts = self.accounts()
        people = {account.person for account in accounts}
        by_id = {account.id: account for account in accounts}
        for one in told.operations:
            if one.kind is Kind.CREATE_ACCOUNT and PERSON.get(one.subject.id) in people:
                self._counts.note("false absences", f"create {one.subject.name}")
            if one.kind is Kind.CREATE_SET_GROUP and self._has_group(one.subject.name):
                self._counts.note("false absences", f"create group {one.subject.name}")
            known = by_id.get(one.account or "")
            if known and one.before.sets is not None and known.sets != set(one.before.sets):
                self._counts.note(
                    "silent partial reads",
                    f"{one.kind} {known.person}: {set(one.before.sets)} is {set(known.sets)}",
                )
        for found in told.findings:
            if found.code == "A12" and PERSON.get(found.subject.id) in people:
                self._counts.note("false absences", f"A12 {found.subject.name}")
        for account in accounts:
            unseen = account.sets - {self._wishes.get(account.person)}
            planned = self._is_planned([account.person], told)
            if unseen and not (planned or told.held or list(self._about([account.person], told))):
                self._counts.note("silent partial reads", f"{account.person} keeps {set(unseen)}")

    def repeated(self, second: Told, third: Told) -> None:
        """What was tried by the second plan, and is in the third one again.

        A seat that the vendor refused is asked for once in a run: so it is known when one is free.
        """
        refused = {one.subject.id for one in third.findings if one.code == "S8"}
        tried = {(one.kind, one.subject.id, str(one.after)) for one in second.operations}
        for one in third.operations:
            again = (one.kind, one.subject.id, str(one.after)) in tried
            if again and one.subject.id not in refused:
                self._counts.note("operations repeated", f"{one.kind} {one.subject.name}")

    def applied(self) -> None:
        """What an apply did to those who have a right to be there, and to the seats."""
        evening = self.accounts()
        for person, number in Counter(account.person for account in evening).items():
            if number > 1:
                self._counts.note("double accounts", f"{person} has {number} accounts")
        for before in self._morning:
            desired = self._wishes.get(before.person)
            if desired and before.sets and before.active:
                after = [one for one in evening if one.person == before.person and one.active]
                left = {name for one in after for name in one.sets}
                if not left or (desired in before.sets and desired not in left):
                    self._counts.note("wrong removals", f"{before.person} lost {desired}")
        writes = self._sandbox.vendor_ledger.writes
        for write in writes[self._writes :]:
            self._note_exceeded(write.used)
        self._writes = len(writes)
        if self._attribute:
            held = Counter(SETS[name] for one in evening for name in one.sets)
            self._note_exceeded(held)

    def outcome(self, people: Iterable[str], told: Told, attributes: Mapping[str, Any]) -> str:
        """Served, or the codes that say why not; "again" if the next plan has it still."""
        unserved = [one for one in people if not self._is_served(one, attributes)]
        if not unserved:
            return SERVED
        if told.held:
            return ", ".join(sorted(set(told.held)))
        codes = sorted(set(self._about(unserved, told)))
        return ", ".join(codes) or ("again" if self._is_planned(unserved, told) else "silent")

    def _is_served(self, person: str, attributes: Mapping[str, Any]) -> bool:
        mine = [account for account in self.accounts() if account.person == person]
        desired = self._wishes.get(person)
        if desired is None:
            return all(not one.sets for one in mine)
        if len(mine) != 1 or not mine[0].active or mine[0].sets != {desired}:
            return False
        return all(mine[0].said[name] == value for name, value in attributes.items())

    def _is_planned(self, people: Iterable[str], told: Told) -> bool:
        ids = {guid(person) for person in people}
        return any(one.subject.id in ids for one in told.operations)

    def _about(self, people: Collection[str], told: Told) -> Iterator[str]:
        """Codes about these people, else about their sets, else about the run."""
        mine = [one for one in self.accounts() if one.person in people]
        ids = {guid(person) for person in people} | {one.id for one in mine}
        yield from (one.code for one in told.waiting if one.user.id in ids)
        loud = [one for one in told.findings if one.severity in _LOUD]
        names = {self._wishes.get(person) for person in people}
        names |= {name for one in mine for name in one.sets}
        for about in (
            [one for one in loud if one.subject.id in ids],
            [one for one in loud if one.subject.name in names],
            [one for one in loud if one.subject.kind in {"run", "account"}],
        ):
            if about:
                yield from (one.code for one in about)
                return

    def _note_exceeded(self, used: Mapping[str, int]) -> None:
        for product, number in BOUGHT.items():
            if used.get(product, 0) > number:
                self._counts.note("over-allocations", f"{used[product]} of {number} {product}")

    def _has_group(self, name: str) -> bool:
        called = (
            getattr(one, "display_name", None) for one in self._sandbox.vendor.storage.resources
        )
        return name in map(_set_called, called)


def _account(user: Any, sets: frozenset[str]) -> Account:
    mails = user.emails or []
    primary = [one.value for one in mails if one.primary] or [one.value for one in mails]
    return Account(
        str(user.id),
        _plain(user.name.given_name),
        user.active is not False,
        sets,
        {
            "surname": str(user.name.family_name),
            "userPrincipalName": str(user.user_name),
            "mail": str((primary or [""])[-1]),
        },
    )


def _plain(name: str | None) -> str:
    return normalize("NFC", name or "").strip().casefold()


def _set_called(name: str | None) -> str:
    """The set that is meant by a name that the vendor may have changed, "" if none is."""
    folded = {one.casefold(): one for one in SETS}
    return folded.get((name or "").casefold().replace("-", " "), "")
