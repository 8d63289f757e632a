"""A run in plain text, for whoever reads cron's mail: the verdict first, and no line too many."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from textwrap import wrap

from jobs.output.printable import shown
from jobs.report.folds import folded
from jobs.report.people import Effect, Row, rows_of
from jobs.report.seats_done import seats_done
from jobs.report.state import Stage, State
from jobs.report.summary import summarise
from jobs.report.words import (
    WORDS,
    approving,
    by_code,
    called,
    judgement,
    not_begun_in_words,
    notable,
    person,
    reason,
    seats_left,
)
from reconciler.model.plan import Finding, Outcome, Plan, SeatLine

WIDTH = 76
"""Characters of a line, unless a name is longer."""

MOST, FEW = 10, 3
"""Of every list so much is told, and of many who get the same so many are named."""


def mail_page(
    plan: Plan, state: State, vendor: str, report: str, told: Sequence[Finding] = ()
) -> str:
    """`report` is where the page is; `told` was found while the plan was applied."""
    at = state.now or plan.basis.planned_at
    sections = [
        _wrapped(summarise(plan, state).headline, ""),
        [f"seatsync for {shown(vendor)}, {at.day} {at:%B %Y, %H:%M} UTC"],
        *([*_wrapped(judgement(one)), *_wrapped(one.advice)] for one in plan.objections),
        _section("What next", _next(plan, state)),
        _section("Not done", _cut([*_undone(plan, state)])),
        _section("Who is affected", _cut([_people(group) for group in folded(rows_of(plan))])),
        _section("Seats", [_seats(line) for line in seats_done(plan, state)]),
        _section("Needs attention", _cut([*_found(told), *_found(_otherwise_notable(plan))])),
        [f"Plan {plan.id}", *([f"Report: {report}"] if report else [])],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _next(plan: Plan, state: State) -> list[str]:
    match state.stage(plan):
        case Stage.APPLIED:
            whole = len(state.results) == len(plan.operations) and not state.undone(plan)
            return [] if whole else ["The next plan has what is not done: seatsync plan"]
        case Stage.EXPIRED | Stage.SUPERSEDED:
            return ["seatsync plan"]
    if any(one.outcome is Outcome.REFUSED for one in plan.objections):
        return ["Resolve what stops it, then make a new plan: seatsync plan"]
    if not plan.operations:
        return []
    otherwise = "If it is not meant, put the groups right in Entra ID, then: seatsync plan"
    return [
        f"seatsync show {plan.id}",
        *([otherwise] if plan.objections else []),
        approving(plan),
        f"seatsync apply {plan.id}",
    ]


def _undone(plan: Plan, state: State) -> Iterator[str]:
    for subject, steps in state.undone(plan):
        yield f"{person(subject.name, called(plan, subject))}: {steps}"
    if rest := not_begun_in_words(state.not_begun(plan)):
        yield rest


def _people(group: Sequence[Row]) -> str:
    """What happens, to whom and why; of many who get something the first few are named."""
    row, most = group[0], MOST if group[0].effect is Effect.LOSES else FEW
    names = [person(one.subject.name, one.called) for one in group]
    who = ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if names[most:] else "")
    count = f"{len(group):,} people, " if len(group) > 1 else ""
    _, _, before, after, why = row.cells
    return f"{row.effect.value}: {count}{who}; {f'{before} -> ' if before else ''}{after}; {why}"


def _seats(line: SeatLine) -> str:
    if line.purchased is None:
        return f"{line.product}: {line.used_after:,} in use, nobody knows how many are purchased"
    left = seats_left(line) or f"{line.free:,} free"
    return f"{line.product}: {line.used_after:,} of {line.purchased:,} in use, {left}"


def _otherwise_notable(plan: Plan) -> list[Finding]:
    """What is no reason of an operation: that stands beside the people it is about."""
    reasons = {operation.reason for operation in plan.operations}
    return [found for found in notable(plan) if found.code not in reasons]


def _found(findings: Iterable[Finding]) -> Iterator[str]:
    for group in by_code(findings):
        first = group[0]
        times = f", {len(group):,} times" if len(group) > 1 else f": {first.message}"
        yield f"{WORDS[first.severity]}: {reason(first.code)}{times}"


def _cut(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST
    return [*islice(lines, MOST), *([f"... and {more:,} more"] if more > 0 else [])]


def _section(title: str, lines: Iterable[str]) -> list[str]:
    body = [part for line in lines for part in _wrapped(line)]
    return [title, *body] if body else []


def _wrapped(text: str, indent: str = "  ") -> list[str]:
    """What others wrote neither moves a cursor nor hides a letter."""
    return wrap(
        shown(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent and f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
