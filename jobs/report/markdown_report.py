"""A plan in Markdown, for a ticket or a pull request: at most 60 lines."""

from jobs.output.printable import shown
from jobs.report.people import rows_of
from jobs.report.seats_done import seats_done
from jobs.report.sets import by_set
from jobs.report.state import State
from jobs.report.summary import summarise
from jobs.report.words import WORDS, by_code, judgement, notable, reason
from reconciler.model.plan import Plan

_ESCAPES = {ord(mark): f"\\{mark}" for mark in "\\|*_[]<>#&~"}

MOST_LINES = 60
_MOST = 12
"""Rows of people, of sets, and of findings: with what stands around them they fit."""


def report_markdown(plan: Plan, state: State) -> bytes:
    """Verdict, guards that object, people (losers first), sets, seats and findings."""
    rows = rows_of(plan)
    parts = [
        [f"## {_text(summarise(plan, state).headline)}", "", f"Plan `{plan.id}`, `{plan.digest}`"],
        _objections(plan),
        _table(("What", "Who", "Before", "After", "Why"), [row.cells for row in rows], 2 * _MOST),
        _table(
            ("Set", "Leave", "Join", "State"),
            [
                (change.name, f"{change.leave:,}", f"{change.join:,}", change.frozen)
                for change in by_set(plan, rows)
            ],
            _MOST // 2,
        ),
        _table(
            ("Product", "Purchased", "Used before", "Used after", "Waiting"), _seats(plan, state), 4
        ),
        _findings(plan),
    ]
    lines = [line for part in parts if part for line in ("", *part)][1:]
    return ("\n".join(lines[:MOST_LINES]) + "\n").encode()


def _objections(plan: Plan) -> list[str]:
    return [
        f"- **{_text(reason(verdict.code))}**: {_text(judgement(verdict))} {_text(verdict.advice)}"
        for verdict in plan.objections[:4]
    ]


def _seats(plan: Plan, state: State) -> list[tuple[str, ...]]:
    return [
        (
            line.product,
            "unknown" if line.purchased is None else f"{line.purchased:,}",
            f"{line.used_before:,}",
            f"{line.used_after:,}",
            f"{line.waiting:,}",
        )
        for line in seats_done(plan, state)
    ]


def _findings(plan: Plan) -> list[str]:
    lines = [
        f"- {WORDS[group[0].severity]}: {_text(reason(group[0].code))}"
        + (f", {len(group):,} times" if len(group) > 1 else f": {_text(group[0].message)}")
        for group in by_code(notable(plan))
    ]
    return _cut(lines, _MOST // 2)


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]], most: int) -> list[str]:
    if not rows:
        return []
    head = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    body = [f"| {' | '.join(map(_text, row))} |" for row in rows]
    return [*head, *body[:most], *_more(len(body) - most)]


def _cut(lines: list[str], most: int) -> list[str]:
    return [*lines[:most], *_more(len(lines) - most)]


def _more(count: int) -> list[str]:
    return ["", f"… and {count:,} more."] if count > 0 else []


def _text(text: str) -> str:
    """Without a meaning in Markdown or HTML, whoever wrote it (CommonMark, backslash escapes)."""
    return shown(text).translate(_ESCAPES)
