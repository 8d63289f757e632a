"""Subscription sets: which group is bound to each, which sets are frozen, and why.

A frozen set has no grant and no revoke; what its members hold stays counted. The rules and their
order are in `set_rules`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from config.settings import Settings
from config.subscription_set import SubscriptionSet
from reconciler.facts.set_rules import FREEZING, MEMBERS_UNKNOWN, NOTES, SetCase, SetRule
from reconciler.model.group_names import fold, is_near_miss
from reconciler.model.group_read import Group, GroupRead
from reconciler.model.plan import Finding, Operation, Plan, Subject
from reconciler.situations import SITUATIONS, finding
from reconciler.situations.groups import NAMES_CONFUSABLE
from reconciler.situations.situation import Default, Facts, Situation

if TYPE_CHECKING:
    from reconciler.model.snapshot import Snapshot


@dataclass(frozen=True)
class JudgedSets:
    """The configured sets, in their order, and after them those that are no longer configured.

    The latter begin at position `configured`; somebody at the vendor still holds them, and no group
    is bound to them. `frozen` maps the position of a set to the code that freezes it. `unknown` is
    the code of a set whose members are not known, "" if there is none: users who left another set
    may be in it. `renamed` maps former names that the vendor still uses to the new ones.
    """

    sets: tuple[SubscriptionSet, ...]
    configured: int
    frozen: dict[int, str]
    unknown: str
    renamed: dict[str, str]
    findings: tuple[Finding, ...]


def judge_sets(settings: Settings, snapshot: "Snapshot") -> JudgedSets:
    """Binds each set to its group, and finds what freezes it or hides its members."""
    cases = tuple(_cases(settings, snapshot))
    frozen: dict[int, str] = {}
    unknown = ""
    for at, case in enumerate(cases):
        freezing, hiding = (_first_that_holds(rules, case) for rules in (FREEZING, MEMBERS_UNKNOWN))
        if freezing:
            frozen[at] = freezing[0].code
        if hiding:
            unknown = unknown or hiding[0].code
    renamed = {case.formerly: case.set.name for case in cases if _old_name_in_use(case, snapshot)}
    return JudgedSets(
        sets=(*settings.subscription_sets, *_retired(settings, snapshot, renamed)),
        configured=len(cases),
        frozen=frozen,
        unknown=unknown,
        renamed=renamed,
        findings=tuple(_findings(cases)),
    )


def configuration_findings(settings: Settings) -> tuple[Finding, ...]:
    """What is wrong with the sets in the configuration: the findings if every group were right."""
    reads = groups_in_order(settings)
    sharing, bought = _sharing(reads), frozenset(settings.products)
    cases = [
        SetCase(item, read, sharing[item.name], bought)
        for item, read in zip(settings.subscription_sets, reads, strict=True)
    ]
    return tuple(_findings(cases))


def groups_in_order(settings: Settings) -> tuple[GroupRead, ...]:
    """How the sets' groups were read if there was nothing wrong with them."""
    groups = (
        (item, Group(item.group_id or item.name, item.name)) for item in settings.subscription_sets
    )
    return tuple(
        GroupRead(item.name, (group,), pinned=group if item.group_id else None)
        for item, group in groups
    )


def _findings(cases: Sequence[SetCase]) -> Iterator[Finding]:
    for case in cases:
        deciding = (_first_that_holds(rules, case) for rules in (FREEZING, MEMBERS_UNKNOWN))
        met = dict(filter(None, deciding))
        for situation, note in NOTES:
            facts = note(case)
            if facts is not None:
                met.setdefault(situation, facts)
        subject = set_subject(case.set.name)
        yield from (finding(situation, subject, **facts) for situation, facts in met.items())
    yield from _confusable(cases)


def sets_in_step(
    plan: Plan, sets: Iterable[SubscriptionSet], left: Iterable[Operation]
) -> tuple[str, ...]:
    """Names of sets whose group at the vendor has exactly the members that it should have, when
    the operations `left` of the plan are still to be done.

    Such a set is not frozen or held, no operation that is left changes it, and nobody waits for it
    or keeps it in a grace.
    """
    busy = {name for operation in left for name in operation.touched}
    busy |= {entry.set for entry in plan.waiting} | {grace.set for grace in plan.graces}
    busy |= {
        found.subject.id
        for found in plan.findings
        if found.subject.kind == "set"
        and SITUATIONS[found.code].default in {Default.FREEZE, Default.HOLD}
    }
    return tuple(item.name for item in sets if item.name not in busy)


def set_subject(name: str) -> Subject:
    """A set as the subject of a finding or an operation."""
    return Subject(kind="set", id=name, name=name)


def _sharing(reads: Iterable[GroupRead]) -> dict[str, tuple[str, ...]]:
    """Per set the others that are bound to the same group."""
    group_of = {read.set: read.group.id if read.group else "" for read in reads}
    bound: defaultdict[str, set[str]] = defaultdict(set)
    for name, group in group_of.items():
        bound[group].add(name)
    bound[""].clear()
    return {name: tuple(sorted(bound[group] - {name})) for name, group in group_of.items()}


def _cases(settings: Settings, snapshot: "Snapshot") -> Iterator[SetCase]:
    read_of = {read.set: read for read in snapshot.directory.reads}
    sharing = _sharing(snapshot.directory.reads)
    names = {item.name for item in settings.subscription_sets}
    former = {
        known.group_id: name
        for name, known in sorted(snapshot.memory.sets.items(), reverse=True)
        if known.group_id and name not in names
    }
    for item in settings.subscription_sets:
        read = read_of[item.name]
        group = read.group.id if read.group else ""
        yield SetCase(
            set=item,
            read=read,
            known=snapshot.memory.sets.get(item.name),
            formerly=former.get(group, ""),
            sharing=sharing[item.name],
            bought=frozenset(count.product for count in snapshot.inventory),
            vendor_groups=len(snapshot.target.groups.get(item.name, ())),
            pending=item.name in snapshot.target.pending,
            hidden=item.name in snapshot.target.hidden,
        )


def _first_that_holds(rules: Sequence[SetRule], case: SetCase) -> tuple[Situation, Facts] | None:
    for situation, condition in rules:
        facts = condition(case)
        if facts is not None:
            return situation, facts
    return None


def _old_name_in_use(case: SetCase, snapshot: "Snapshot") -> bool:
    return bool(
        case.formerly and not case.vendor_groups and snapshot.target.groups.get(case.formerly)
    )


def _retired(
    settings: Settings, snapshot: "Snapshot", renamed: Mapping[str, str]
) -> Iterator[SubscriptionSet]:
    """Sets that are no longer configured, and that somebody at the vendor still holds."""
    configured = {item.name for item in settings.subscription_sets}
    held = set(snapshot.target.holdings["set"].unique())
    for name, known in sorted(snapshot.memory.sets.items()):
        if name in held - configured - renamed.keys():
            yield SubscriptionSet(name=name, products=known.products, admin=known.admin)


def _confusable(cases: Iterable[SetCase]) -> Iterator[Finding]:
    """G4: two configured names, or a configured name and that of another group in Entra."""
    folded = {case.set.name: fold(case.set.name) for case in cases}
    for one, other in combinations(sorted(folded), 2):
        if folded[one] == folded[other]:
            yield finding(NAMES_CONFUSABLE, set_subject(one), other=other)
    for case in cases:
        near = (
            {group.name for group in case.read.near} - folded.keys() if case.read.exact else set()
        )
        for other in sorted(near):
            if is_near_miss(case.set.name, other):
                yield finding(NAMES_CONFUSABLE, set_subject(case.set.name), other=other)
