"""What a plan does to sets, and which of them it leaves as they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.report.people import Row
from jobs.report.words import reason
from reconciler.model.plan import Plan
from reconciler.situations import SITUATIONS
from reconciler.situations.situation import Default


@dataclass(frozen=True)
class SetChanges:
    """How many users leave and join a set; `most` is the highest such number of all sets.

    `frozen` says why nobody in the set is changed, "" where they are.
    """

    name: str
    leave: int
    join: int
    most: int
    frozen: str


def by_set(plan: Plan, rows: Sequence[Row]) -> list[SetChanges]:
    """One for each set that somebody leaves or joins, or that is left as it is, by name."""
    leave, join = Counter[str](), Counter[str]()
    for row in rows:
        before, after = set(row.before or ()), set(row.after or ())
        leave.update(before - after)
        join.update(after - before)
    most = max([*leave.values(), *join.values()], default=1)
    frozen = _frozen(plan)
    return [
        SetChanges(name, leave[name], join[name], most, frozen.get(name, ""))
        for name in sorted({*leave, *join, *frozen})
    ]


def _frozen(plan: Plan) -> dict[str, str]:
    """Why, by the names of sets."""
    why: dict[str, list[str]] = {name: [] for name in plan.undecided}
    for found in plan.findings:
        if found.subject.kind == "set" and SITUATIONS[found.code].default is Default.FREEZE:
            why.setdefault(found.subject.name, []).append(reason(found.code))
    return {
        name: f"left as it is: {', '.join(reasons) or 'it could not be read'}"
        for name, reasons in why.items()
    }
