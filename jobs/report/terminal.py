"""The same for a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jobs.printable import shown
from jobs.report.summary import summarise
from jobs.report.words import in_words
from reconciler.model.plan import Plan, Severity
from reconciler.situations import titled

MOST_ROWS = 20

STYLES = {
    Severity.INFORMATION: "blue",
    Severity.WARNING: "yellow",
    Severity.ERROR: "red",
    Severity.BLOCK: "bold red",
}


def print_plan(plan: Plan, console: Console) -> None:
    """Headline, guards, seats, operations, findings and who waits; long lists are cut short."""
    print_headline(plan, console)
    for verdict in plan.verdicts:
        if verdict.passed:
            console.print(Text(f"{verdict.code} passed: {shown(verdict.message)}", "dim"))
    print_table(
        console,
        "Seats",
        ("Product", "Purchased", "Used now", "Freed", "Taken", "Used then", "Free", "Waiting"),
        (
            (
                line.product,
                "unknown" if line.purchased is None else line.purchased,
                line.used_before,
                line.frees,
                line.takes,
                line.used_after,
                "" if line.free is None else line.free,
                line.waiting,
            )
            for line in plan.seats
        ),
    )
    print_table(
        console,
        "Operations",
        ("#", "Kind", "Who", "What", "Why"),
        (
            (o.index, str(o.kind).replace("_", " "), o.subject.name, in_words(o), titled(o.reason))
            for o in plan.operations
        ),
    )
    print_table(
        console,
        "Waiting",
        ("#", "Who", "For", "Not free", "Free on"),
        (
            (
                entry.position,
                entry.user.name,
                entry.set,
                ", ".join(entry.blocked_by),
                entry.free_on or "",
            )
            for entry in plan.waiting
        ),
    )
    needed = [finding for finding in plan.findings if finding.severity is not Severity.INFORMATION]
    for finding in needed[:MOST_ROWS]:
        line = Text.assemble(
            (f"{finding.severity} {finding.code}", STYLES[finding.severity]),
            f" {shown(finding.message)} ",
            (shown(finding.advice), "dim"),
        )
        console.print(line, soft_wrap=True)
    if len(needed) > MOST_ROWS:
        console.print(f"... and {len(needed) - MOST_ROWS} more, see errors.csv")


def print_headline(plan: Plan, console: Console) -> None:
    """What the plan comes to, its digest, and the guards that object."""
    console.print(Text(f"Plan {plan.id}: {summarise(plan).headline}", "bold"))
    console.print(Text(plan.digest, "dim"))
    for verdict in plan.objections:
        console.print(Text.assemble((verdict.code, "bold red"), " ", shown(verdict.message)))
        console.print(Text(f"   {shown(verdict.advice)}"))


def print_table(
    console: Console,
    title: str,
    header: Iterable[str],
    rows: Iterable[Iterable[object]],
    most: int | None = MOST_ROWS,
) -> None:
    """A table, if it has rows; of long ones the beginning, or all where `most` is None."""
    content = [[Text(shown(value)) for value in row] for row in rows]
    if not content:
        return
    table = Table(*header, title=title, title_justify="left", title_style="bold")
    for row in content[:most]:
        table.add_row(*row)
    console.print(table)
    if more := len(content) - table.row_count:
        console.print(f"... and {more} more, see the reports")


def console() -> Console:
    """Standard output; wide when it is not a terminal, so that no row is broken."""
    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=200)
