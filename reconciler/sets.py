"""Subscription sets: which group is bound to each, and which sets are frozen because.

A frozen set has no grant and no revoke; what its members hold stays counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from config.settings import SubscriptionSet
from reconciler.model.plan import Finding, Plan, Severity, Subject
from reconciler.model.snapshot import GroupRead
from reconciler.names import fault, first_difference, fold
from reconciler.situations import finding


@dataclass(frozen=True)
class JudgedSets:
    """The configured sets, in their order, with what was found about each.

    `frozen` maps the position of a set to the code that freezes it.
    """

    sets: tuple[SubscriptionSet, ...]
    frozen: dict[int, str]
    findings: tuple[Finding, ...]

    @property
    def unknown(self) -> str:
        """The code of a set whose members nobody knows; "" if those of all sets are known.

        Whoever left another set may have moved into this one, so absence proves nothing.
        """
        return next((code for code in self.frozen.values() if code in _MEMBERS_UNKNOWN), "")


_MEMBERS_UNKNOWN = {"R2", "G3", "G7"}


def judge_sets(
    sets: Sequence[SubscriptionSet],
    reads: Iterable[GroupRead],
    bought: Iterable[str],
    vendor_groups: dict[str, tuple[str, ...]],
) -> JudgedSets:
    """Every set ends in at most one situation that freezes it; confusable names only warn."""
    read_of = {read.set: read for read in reads}
    inventory = set(bought)
    frozen: dict[int, str] = {}
    findings = []
    for at, subscription_set in enumerate(sets):
        read = read_of[subscription_set.name]
        fault_found = (
            _definition_fault(subscription_set, inventory)
            or _binding_fault(subscription_set, read)
            or _vendor_fault(subscription_set, vendor_groups)
        )
        if fault_found:
            frozen[at] = fault_found.code
            findings.append(fault_found)
    findings.extend(_confusable(sets, read_of))
    return JudgedSets(tuple(sets), frozen, tuple(findings))


def sets_in_step(plan: Plan, sets: Iterable[SubscriptionSet]) -> tuple[str, ...]:
    """Sets of which the vendor equals the directory: read, not frozen, nobody to change or wait."""
    busy = {name for operation in plan.operations for name in (*operation.gained, *operation.lost)}
    busy |= {entry.set for entry in plan.waiting}
    busy |= {f.subject.id for f in plan.findings if f.severity is Severity.ERROR}
    return tuple(item.name for item in sets if item.name not in busy)


def _definition_fault(subscription_set: SubscriptionSet, inventory: set[str]) -> Finding | None:
    subject = _subject(subscription_set.name)
    if why := fault(subscription_set.name):
        return finding("G5", subject, why=why)
    if not subscription_set.products and not subscription_set.admin:
        return finding("G10", subject)
    if missing := [name for name in subscription_set.products if name not in inventory]:
        return finding("G11", subject, products=", ".join(missing))
    return None


def _binding_fault(subscription_set: SubscriptionSet, read: GroupRead) -> Finding | None:
    subject = _subject(subscription_set.name)
    ids = ", ".join(sorted(group.id for group in read.exact))
    if subscription_set.group_id:
        if read.pinned and read.pinned.name != subscription_set.name:
            return finding("G6", subject, other=read.pinned.name)
        if not read.pinned:
            return finding("G7", subject, ids=ids) if ids else finding("G1", subject)
    elif len(read.exact) > 1:
        return finding("G3", subject, ids=ids)
    elif not read.exact:
        return _missing(subject, read)
    return None if read.complete else finding("R2", subject, why=read.because)


def _missing(subject: Subject, read: GroupRead) -> Finding:
    alike = sorted(g.name for g in read.near if fold(g.name) == fold(subject.name))
    if not alike:
        return finding("G1", subject)
    position = first_difference(subject.name, alike[0])
    return finding("G2", subject, other=alike[0], position=position)


def _vendor_fault(
    subscription_set: SubscriptionSet, vendor_groups: dict[str, tuple[str, ...]]
) -> Finding | None:
    count = len(vendor_groups.get(subscription_set.name, ()))
    return finding("G12", _subject(subscription_set.name), count=count) if count > 1 else None


def _confusable(
    sets: Sequence[SubscriptionSet], read_of: dict[str, GroupRead]
) -> Iterable[Finding]:
    for one, other in combinations(sorted(item.name for item in sets), 2):
        if fold(one) == fold(other):
            yield finding("G4", _subject(one), other=other)
    for name, read in sorted(read_of.items()):
        others = {group.name for group in read.near} - {item.name for item in sets}
        for other in sorted(others if read.exact else ()):
            if fold(name) == fold(other):
                yield finding("G4", _subject(name), other=other)


def _subject(name: str) -> Subject:
    return Subject(kind="set", id=name, name=name)
