"""What one plan does to people that another one does not: for whoever has read the older one."""

from jobs.report.people import Row, rows_of
from reconciler.model.plan import Plan

HEADER = ("difference", "who", "id", "in_the_older", "in_the_newer")

ADDED, GONE, CHANGED = "added", "gone", "changed"

Key = tuple[str, str]
"""A subject's kind and id."""


def difference(older: Plan, newer: Plan) -> list[tuple[object, ...]]:
    """A row for each person or set of whom the plans say different things; by name."""
    before, after = _by_subject(older), _by_subject(newer)
    rows: list[tuple[str, ...]] = [
        (_kind(key, before, after), row.subject.name, row.subject.id, *said)
        for key, row in (before | after).items()
        if len({*(said := (_said(before.get(key)), _said(after.get(key))))}) > 1
    ]
    return [*sorted(rows, key=lambda row: (row[1].casefold(), row[2]))]


def _by_subject(plan: Plan) -> dict[Key, Row]:
    return {(row.subject.kind, row.subject.id): row for row in rows_of(plan)}


def _kind(key: Key, before: dict[Key, Row], after: dict[Key, Row]) -> str:
    if key not in before:
        return ADDED
    return CHANGED if key in after else GONE


def _said(row: Row | None) -> str:
    """What happens to somebody, in words; nothing where nothing does."""
    if row is None:
        return ""
    moves = [] if row.after is None else [", ".join(row.after) or "no set"]
    return ": ".join(filter(None, [row.effect, "; ".join([*moves, *row.lines])]))
