"""Rows that say the same of many people, told as one."""

from collections.abc import Mapping, Sequence

from jobs.report.people import Row

FEW = 5
"""People of whom the same is said that have a row each."""


def folded(
    rows: Sequence[Row], results: Mapping[int, tuple[str, str]] | None = None
) -> list[list[Row]]:
    """Rows alike in all but who it is, at the place of the first; the others alone."""
    keys = [_said(row, results or {}) for row in rows]
    alike: dict[tuple[object, ...], list[Row]] = {}
    for key, row in zip(keys, rows, strict=True):
        alike.setdefault(key, []).append(row)
    groups = []
    for key, row in zip(keys, rows, strict=True):
        if len(alike[key]) <= FEW:
            groups.append([row])
        elif alike[key][0] is row:
            groups.append(alike[key])
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
