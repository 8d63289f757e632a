"""Rows that say the same of many people, told as one."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from jobs.report.people import Effect, Row

FEW = 5
"""People of whom the same is said that have a row each."""


class Said(NamedTuple):
    """What may be said of several people alike; see `Row`. Each result has its words."""

    kind: str
    effect: Effect
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    frees: tuple[str, ...]
    takes: tuple[str, ...]
    lines: tuple[str, ...]
    reasons: tuple[str, ...]
    results: tuple[tuple[str, str], ...]


def alike(
    rows: Sequence[Row], results: Mapping[int, tuple[str, str]] | None = None
) -> list[list[Row]]:
    """Rows alike in all but who it is, in the order of the first of each."""
    groups: dict[Said, list[Row]] = {}
    for row in rows:
        groups.setdefault(said(row, results or {}), []).append(row)
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


def said(row: Row, results: Mapping[int, tuple[str, str]]) -> Said:
    """What the row says beside whom it says it of."""
    return Said(
        row.subject.kind,
        row.effect,
        row.before,
        row.after,
        row.frees,
        row.takes,
        row.lines,
        row.reasons,
        tuple(row.results(results)),
    )
