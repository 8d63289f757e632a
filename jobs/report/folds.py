"""Rows that say the same of many people, told as one."""

from collections.abc import Mapping, Sequence

from jobs.report.people import Row

FEW = 5
"""People of whom the same is said that have a row each."""


def alike(
    rows: Sequence[Row], results: Mapping[int, tuple[str, str]] | None = None
) -> list[list[Row]]:
    """Rows alike in all but who it is, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(_said(row, results or {}), []).append(row)
    return list(groups.values())


def folded(
    rows: Sequence[Row], results: Mapping[int, tuple[str, str]] | None = None
) -> list[list[Row]]:
    """Many rows alike, at the place of the first; the others alone, in their order."""
    of = {id(row): group for group in alike(rows, results) for row in group}
    groups = []
    for row in rows:
        if len(of[id(row)]) <= FEW:
            groups.append([row])
        elif of[id(row)][0] is row:
            groups.append(of[id(row)])
    return groups


def _said(row: Row, results: Mapping[int, tuple[str, str]]) -> tuple[object, ...]:
    return (
        row.subject.kind,
        row.effect,
        row.before,
        row.after,
        row.frees,
        row.takes,
        row.lines,
        row.reasons,
        *row.results(results),
    )
