"""Tables on a terminal: no name is cut, and none is folded as long as there is room."""

from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jobs.output.printable import shown

MOST_ROWS = 20
"""Of a list that is cut short."""

_BETWEEN = 2
"""Blanks between two columns, one of which the box has."""

Cell = str | Sequence[str]
"""A text, or several with a line each."""


def terminal() -> Console:
    """Standard output; wide when it is not a terminal, so that no row is broken."""
    console = Console()
    return console if console.is_terminal else Console(width=200)


def print_table(
    console: Console,
    title: str,
    header: Iterable[str],
    rows: Iterable[Iterable[Cell]],
    styles: Mapping[str, str] | None = None,
    most: int | None = MOST_ROWS,
    where: str = "the reports",
) -> None:
    """A table, if it has rows; of long ones the beginning, or all where `most` is None.

    Columns in which nothing stands are left out, and numbers stand to the right. `styles` are those
    of texts; `where` are the rows that were left out.
    """
    content = [[_lines(cell) for cell in row] for row in rows]
    if not content:
        return
    columns = [
        (name, lines)
        for name, *lines in zip(header, *content[:most], strict=True)
        if any(map(any, lines))
    ]
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, _BETWEEN - 1, 0, 0),
    )
    widths = _widths([[[name], *lines] for name, lines in columns], console.width)
    for (name, lines), width in zip(columns, widths, strict=True):
        numbers = all(line.replace(",", "").isdecimal() for cell in lines for line in cell)
        table.add_column(
            name, overflow="fold", max_width=width, justify="right" if numbers else "left"
        )
    for row in zip(*(lines for _, lines in columns), strict=True):
        table.add_row(*(Text("\n".join(cell), (styles or {}).get(cell[0], "")) for cell in row))
    console.print()
    console.print(table)
    if more := len(content) - table.row_count:
        console.print(f"... and {more:,} more, see {where}")


def _lines(cell: Cell) -> list[str]:
    return [shown(line) for line in ([cell] if isinstance(cell, str) else cell)] or [""]


def _widths(columns: Sequence[Sequence[Sequence[str]]], room: int) -> list[int]:
    """How wide each may be at most: its longest line where that fits, else its longest word."""
    room -= _BETWEEN * (len(columns) - 1)
    natural = [max(cell_len(line) for cell in column for line in cell) for column in columns]
    words = [
        max(cell_len(word) for cell in column for line in cell for word in line.split() or [""])
        for column in columns
    ]
    widths = _level(words, [0] * len(words), room)
    return _level(natural, widths, room)


def _level(wanted: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """As wanted, but for the widest, which share what is left; none is narrower than `least`."""
    for most in range(max(wanted), 0, -1):
        widths = [max(min(want, most), low) for want, low in zip(wanted, least, strict=True)]
        if sum(widths) <= room:
            return widths
    return [max(1, low) for low in least]
