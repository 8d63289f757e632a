"""A plan on a terminal: the verdict first, whoever loses something above the others."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jobs.output.printable import shown
from jobs.report.people import Effect, by_set, rows_of
from jobs.report.state import AS_MADE, State
from jobs.report.summary import summarise
from jobs.report.waiting import with_needs
from jobs.report.words import WORDS, by_code, called, notable, person
from reconciler.model.plan import Finding, Plan, Severity
from reconciler.situations import SITUATIONS

MOST_ROWS, FEW = 20, 3
"""Lines of anything, and findings of one code that have a line each."""

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


def print_plan(plan: Plan, console: Console, state: State = AS_MADE) -> None:
    """Headline, guards, seats, sets, people, who waits, and findings; long lists are cut short."""
    print_headline(plan, console, state)
    for verdict in plan.verdicts:
        if verdict.passed:
            console.print(Text(f"Passed ({verdict.code}): {shown(verdict.message)}", "dim"))
    rows = rows_of(plan)
    print_table(
        console,
        "Seats",
        ("Product", "Purchased", "Used now", "Lost", "Gained", "Used then", "Free", "Waiting"),
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
            for line in plan.seats
        ),
    )
    print_table(
        console,
        "Sets",
        ("Set", "Leave", "Join"),
        ((change.name, f"{change.leave:,}", f"{change.join:,}") for change in by_set(rows)),
    )
    print_table(
        console,
        "Who is concerned",
        ("What", "Who", "Now", "Then", "Why"),
        (row.cells for row in rows),
        EFFECTS,
    )
    print_table(
        console,
        "Waiting",
        ("#", "Who", "For", "Needs", "Free on"),
        (
            (
                entry.position,
                person(entry.user.name, called(plan, entry.user)),
                entry.set,
                needs,
                entry.free_on or "",
            )
            for entry, needs in with_needs(plan)
        ),
    )
    _print_findings(plan, console)


def _print_findings(plan: Plan, console: Console) -> None:
    """One line for each; those of one code that are many share one."""
    groups = by_code(notable(plan))
    lines = [
        line
        for group in groups
        for line in ([_many(group)] if len(group) > FEW else map(_finding, group))
    ]
    for line in lines[:MOST_ROWS]:
        console.print(line, soft_wrap=True)
    if len(lines) > MOST_ROWS:
        console.print(f"... and {len(lines) - MOST_ROWS:,} more lines, see errors.csv")


def _finding(found: Finding) -> Text:
    return Text.assemble(
        (WORDS[found.severity], STYLES[found.severity]),
        f" {shown(found.message)} ",
        (f"{shown(found.advice)} ({found.code})".strip(), "dim"),
    )


def _many(group: Sequence[Finding]) -> Text:
    first = group[0]
    return Text.assemble(
        (WORDS[first.severity], STYLES[first.severity]),
        f" {SITUATIONS[first.code].title}, {len(group):,} times, see errors.csv. The first: ",
        f"{shown(first.message)} ",
        (f"{shown(first.advice)} ({first.code})".strip(), "dim"),
    )


def print_headline(plan: Plan, console: Console, state: State = AS_MADE) -> None:
    """What the plan comes to, its digest, and the guards that object."""
    console.print(Text(f"Plan {plan.id}: {summarise(plan, state).headline}", "bold"))
    console.print(Text(plan.digest, "dim"))
    for verdict in plan.objections:
        console.print(Text.assemble((verdict.code, "bold red"), " ", shown(verdict.message)))
        console.print(Text(f"   {shown(verdict.advice)}"))


def print_table(
    console: Console,
    title: str,
    header: Iterable[str],
    rows: Iterable[Iterable[object]],
    styles: Mapping[str, str] | None = None,
    most: int | None = MOST_ROWS,
) -> None:
    """A table, if it has rows; of long ones the beginning, or all where `most` is None.

    Cells are folded and never cut, or two names would look alike. `styles` are those of texts.
    """
    content = [
        [Text(shown(value), (styles or {}).get(str(value), "")) for value in row] for row in rows
    ]
    if not content:
        return
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in header:
        table.add_column(name, overflow="fold")
    for row in content[:most]:
        table.add_row(*row)
    console.print(table)
    if more := len(content) - table.row_count:
        console.print(f"... and {more:,} more, see the reports")


def console() -> Console:
    """Standard output; wide when it is not a terminal, so that no row is broken."""
    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=200)
