"""What one plan does to people that another one does not: for whoever has read the older one."""

from typing import Literal

from jobs.output.rows.users import DifferenceRow
from jobs.report.people import Row, rows_of
from reconciler.model.plan import Plan

Key = tuple[str, str]
"""A subject's kind and id."""


def difference(older: Plan, newer: Plan) -> list[DifferenceRow]:
    """A row for each person or set of whom the plans say different things; by name."""
    before, after = _by_subject(older), _by_subject(newer)
    rows = [
        DifferenceRow(
            difference=_difference(key, before, after),
            who=row.subject.name,
            id=row.subject.id,
            in_the_older=_said(before.get(key)),
            in_the_newer=_said(after.get(key)),
        )
        for key, row in (before | after).items()
        if _said(before.get(key)) != _said(after.get(key))
    ]
    return sorted(rows, key=lambda row: (row.who.casefold(), row.id))


def _by_subject(plan: Plan) -> dict[Key, Row]:
    return {(row.subject.kind, row.subject.id): row for row in rows_of(plan)}


def _difference(
    key: Key, before: dict[Key, Row], after: dict[Key, Row]
) -> Literal["added", "gone", "changed"]:
    if key not in before:
        return "added"
    return "changed" if key in after else "gone"


def _said(row: Row | None) -> str:
    """What happens to somebody, in words; nothing where nothing does."""
    if row is None:
        return ""
    moves = [] if row.after is None else [", ".join(row.after) or "no set"]
    return ": ".join(filter(None, [row.effect, "; ".join([*moves, *row.lines])]))
