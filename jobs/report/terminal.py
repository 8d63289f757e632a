"""A plan on a terminal: the verdict first, whoever loses something above the others."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from jobs.output.excerpt import Excerpt
from jobs.output.printable import shown
from jobs.output.table import Cell, print_table
from jobs.report.people import Effect, Row, rows_of
from jobs.report.seats_done import seats_done
from jobs.report.sets import by_set
from jobs.report.state import AS_MADE, State
from jobs.report.summary import summarise
from jobs.report.waiting import with_needs
from jobs.report.words import WORDS, by_code, called, judgement, notable, person, reason
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Finding, Plan, Severity
from reconciler.situations import SITUATIONS

FEW = 3
"""Findings of one code that have a line each."""

NEAR = 0.75
"""The share of its limit from which on a guard that passes is told of."""

_INDENT = 2
"""Blanks before a paragraph's lines but the first."""

STYLES = {
    Severity.INFORMATION: "blue",
    Severity.WARNING: "yellow",
    Severity.ERROR: "red",
    Severity.BLOCK: "bold red",
}
EFFECTS = {
    Effect.LOSES.value: "bold red",
    Effect.MOVES.value: "blue",
    Effect.GAINS.value: "green",
}


def print_plan(
    plan: Plan, console: Console, state: State = AS_MADE, excerpt: Excerpt | None = None
) -> None:
    """Headline, guards, seats, sets, people, who waits, and findings: an excerpt of each."""
    excerpt = excerpt or Excerpt(lambda count: f"seatsync show {plan.id} --limit {count}")
    print_headline(plan, console, state)
    _print_passed(plan, console, excerpt)
    rows = rows_of(plan)
    print_table(
        console,
        "Seats",
        ("Product", "Purchased", "Used before", "Lost", "Gained", "Used after", "Free", "Waiting"),
        (
            (
                line.product,
                "unknown" if line.purchased is None else f"{line.purchased:,}",
                f"{line.used_before:,}",
                f"{line.frees:,}",
                f"{line.takes:,}",
                f"{line.used_after:,}",
                "" if line.free is None else f"{line.free:,}",
                f"{line.waiting:,}",
            )
            for line in seats_done(plan, state)
        ),
        excerpt,
    )
    print_table(
        console,
        "Sets",
        ("Set", "Leave", "Join", "State"),
        (
            (change.name, f"{change.leave:,}", f"{change.join:,}", change.frozen)
            for change in by_set(plan, rows)
        ),
        excerpt,
    )
    print_table(
        console,
        "Who is affected",
        ("What", "Who, from what to what", "Why"),
        (_person(row) for row in rows),
        excerpt,
        EFFECTS,
    )
    print_table(
        console,
        "Waiting",
        ("#", "Who", "For", "Needs", "Free on"),
        (
            (
                f"{entry.position:,}",
                person(entry.user.name, called(plan, entry.user)),
                entry.set,
                needs,
                str(entry.free_on or ""),
            )
            for entry, needs in with_needs(plan)
        ),
        excerpt,
    )
    _print_findings(plan, console, excerpt)


def _print_passed(plan: Plan, console: Console, excerpt: Excerpt) -> None:
    """Guards that do not object, the nearest to its limit first; at a glance only near ones."""
    passed = sorted(
        (verdict for verdict in plan.verdicts if verdict.passed), key=lambda one: -one.used
    )
    near = sum(verdict.used >= NEAR for verdict in passed)
    printed = near if excerpt.lines is not None else len(passed[: excerpt.entries])
    for verdict in passed[:printed]:
        word = ("Near its limit", "yellow") if verdict.used >= NEAR else ("Passed", "dim")
        console.print(Text.assemble(word, f" ({verdict.code}): {shown(verdict.message)}"))
    if left_out := len(passed) - printed:
        passes = format(Plural(left_out), "guard passes|guards pass")
        line = Text(f"{passes}; their numbers: {excerpt.where(len(passed))}", "dim")
        console.print(line, soft_wrap=True)


def _person(row: Row) -> tuple[Cell, ...]:
    """A line for who it is, one for what happens to them, and one for each changed attribute."""
    what, who, before, *_ = row.cells
    moves = [] if row.after is None else [f"{before} \u2192 {', '.join(row.after) or 'no set'}"]
    happens = "; ".join([*moves, *row.deeds])
    return what, [who, *filter(None, [happens]), *row.changed], [*map(reason, row.reasons)]


def _print_findings(plan: Plan, console: Console, excerpt: Excerpt) -> None:
    """A paragraph for each; those of one code that are many share one."""
    paragraphs = [
        paragraph
        for group in by_code(notable(plan))
        for paragraph in ([_many(group)] if len(group) > FEW else map(_finding, group))
    ]
    if not paragraphs:
        return
    console.print()
    first = [one.wrap(console, console.width - _INDENT) for one in paragraphs[: excerpt.most]]
    printed = excerpt.fitting(map(len, first))
    for lines in first[:printed]:
        console.print(Text("\n" + " " * _INDENT).join(lines))
    if rest := excerpt.rest(printed, len(paragraphs)):
        console.print(rest, soft_wrap=True)


def _finding(found: Finding) -> Text:
    return Text.assemble(
        (WORDS[found.severity], STYLES[found.severity]),
        f": {shown(found.message)} ",
        (f"{shown(found.advice)} ({found.code})".strip(), "dim"),
    )


def _many(group: Sequence[Finding]) -> Text:
    first = group[0]
    return Text.assemble(
        (WORDS[first.severity], STYLES[first.severity]),
        f": {SITUATIONS[first.code].title}, {len(group):,} times, see errors.csv. The first: ",
        f"{shown(first.message)} ",
        (f"{shown(first.advice)} ({first.code})".strip(), "dim"),
    )


def print_headline(plan: Plan, console: Console, state: State = AS_MADE) -> None:
    """What the plan comes to, its digest, and the guards that object."""
    console.print(Text(f"Plan {plan.id}: {summarise(plan, state).headline}", "bold"))
    console.print(Text(plan.digest, "dim"))
    for verdict in plan.objections:
        console.print(Text.assemble((verdict.code, "bold red"), " ", shown(judgement(verdict))))
        console.print(Text(f"   {shown(verdict.advice)}"))
