"""Findings about sets and their groups, beside what freezes them."""

from collections.abc import Iterable, Iterator

from reconciler.facts.set_bindings import set_subject
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Finding, Operation
from reconciler.model.snapshot import Directory, Target
from reconciler.planning.evaluation import Evaluation
from reconciler.seats.ledger import Ledger
from reconciler.situations import RUN, finding
from reconciler.situations.groups import GROUP_CREATED, PRODUCT_ADDED, PRODUCT_REMOVED
from reconciler.situations.runs import EMPTY_GROUP
from reconciler.situations.users import NESTED_GROUP, NOT_A_PERSON
from reconciler.situations.vendor import GROUP_NEEDS_MEMBER


def member_findings(directory: Directory) -> Iterator[Finding]:
    """Members that are no users, per group: U14 and, for nested groups, U15."""
    others = directory.members[directory.members["kind"] != "user"]
    for name, members in others.groupby("set", sort=True):
        subject = set_subject(str(name))
        nested = int((members["kind"] == "group").sum())
        if nested:
            yield finding(NESTED_GROUP, subject, count=nested)
        if len(members) > nested:
            kinds = sorted(set(members["kind"]) - {"group"})
            yield finding(
                NOT_A_PERSON, subject, count=len(members) - nested, kinds=", ".join(kinds)
            )


def set_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """R8: an empty group; G15 and G16: a set's products changed under its members."""
    known, holders = evaluation.snapshot.memory.sets, evaluation.consequences.sets
    for at, item in enumerate(evaluation.judged.sets[: evaluation.judged.configured]):
        subject = set_subject(item.name)
        count = holders[item.name].now
        if not evaluation.facts.set_sizes[at] and not count and at not in evaluation.judged.frozen:
            yield finding(EMPTY_GROUP, subject)
        before = known.get(item.name)
        if before is None:
            continue
        if removed := [name for name in before.products if name not in item.products]:
            yield finding(
                PRODUCT_REMOVED, subject, products=", ".join(removed), count=count * len(removed)
            )
        if added := [name for name in item.products if name not in before.products]:
            shortage = _shortage(added, evaluation.ledger)
            yield finding(
                PRODUCT_ADDED, subject, products=", ".join(added), count=count, shortage=shortage
            )


def new_group_findings(operations: Iterable[Operation], target: Target) -> Iterator[Finding]:
    """G18: the plan creates the group of a set, and SCIM does not show whether the portal has the
    set. V21: it is created together with its first member.
    """
    joined = dict.fromkeys(name for operation in operations for name in operation.gained)
    new = [name for name in joined if not target.groups.get(name)]
    for name in sorted(new):
        yield finding(GROUP_CREATED, set_subject(name))
    if new and not target.empty_groups:
        yield finding(GROUP_NEEDS_MEMBER, RUN, sets=", ".join(f'"{name}"' for name in sorted(new)))


def _shortage(products: list[str], ledger: Ledger) -> str:
    missing = []
    for at, product in enumerate(ledger.products):
        bought = ledger.bought[at]
        if product in products and bought is not None and ledger.used[at] > bought:
            missing.append(f"{Plural(ledger.used[at] - bought):seat|seats} of {product} too few")
    return f"; {', '.join(missing)}" if missing else ""
