"""Tables: no name is cut, and none is folded as long as there is room."""

from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jobs.output.excerpt import Excerpt
from jobs.output.line_wrapping import folded, parts
from jobs.output.printable import shown

_BETWEEN = 2
"""Blanks between two columns, one of which the box has."""

Cell = str | Sequence[str]
"""A text, or several with a line each."""


_UNBROKEN = 1_000_000
"""Columns of what is no terminal: a pipe or a file has each row in one piece."""


def terminal() -> Console:
    """Standard output."""
    console = Console()
    return console if console.is_terminal else Console(width=_UNBROKEN)


def print_table(
    console: Console,
    title: str,
    header: Iterable[str],
    rows: Iterable[Iterable[Cell]],
    excerpt: Excerpt,
    styles: Mapping[str, str] | None = None,
    count: int | None = None,
) -> None:
    """A table, if it has rows; of a long one the beginning, and where the rest is.

    Columns in which nothing stands are left out, and numbers stand to the right. `styles` are those
    of texts. `count` is how many rows there are, where only the first are given.
    """
    content = [[_lines(cell) for cell in row] for row in rows]
    if not content:
        return
    columns = [
        (name, cells)
        for name, *cells in zip(header, *content[: excerpt.most], strict=True)
        if any(map(any, cells))
    ]
    widths = _widths([[[name], *cells] for name, cells in columns], console.width)
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, _BETWEEN - 1, 0, 0),
    )
    for (name, cells), width in zip(columns, widths, strict=True):
        numbers = all(line.replace(",", "").isdecimal() for cell in cells for line in cell)
        table.add_column(
            "\n".join(folded(name, width)), no_wrap=True, justify="right" if numbers else "left"
        )
    candidates = [
        [
            [piece for line in cell for piece in folded(line, width)]
            for cell, width in zip(row, widths, strict=True)
        ]
        for row in zip(*(cells for _, cells in columns), strict=True)
    ]
    shown_rows = excerpt.fitting(max(map(len, row)) for row in candidates)
    for row in candidates[:shown_rows]:
        table.add_row(*(Text("\n".join(cell), (styles or {}).get(cell[0], "")) for cell in row))
    console.print()
    _print_without_trailing_blanks(console, table)
    if rest := excerpt.rest(shown_rows, len(content) if count is None else count):
        console.print(Text(rest), soft_wrap=True)  # a command that is copied is one line


def _print_without_trailing_blanks(console: Console, table: Table) -> None:
    """Where the lines are to be broken by somebody else, blanks at their end would be lines."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as capture:
        console.print(table)
    lines = (line.rstrip() for line in capture.get().splitlines())
    console.out("\n".join(lines), highlight=False)


def _lines(cell: Cell) -> list[str]:
    return [shown(line) for line in ([cell] if isinstance(cell, str) else cell)] or [""]


def _widths(columns: Sequence[Sequence[Sequence[str]]], room: int) -> list[int]:
    """How wide each may be: its longest line where that fits, else its longest word, or part."""
    room -= _BETWEEN * (len(columns) - 1)
    lines = [[line for cell in column for line in cell] for column in columns]
    words = [[word for line in column for word in line.split() or [""]] for column in lines]
    joints = [[part for word in column for part in parts(word) or [""]] for column in words]
    widths = [0] * len(columns)
    for texts in (joints, words, lines):
        widths = _level([max(map(cell_len, column)) for column in texts], widths, room)
    return widths


def _level(wanted: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """As wanted, but for the widest, which share what is left; none is narrower than `least`."""
    for most in range(max(wanted), 0, -1):
        widths = [max(min(want, most), low) for want, low in zip(wanted, least, strict=True)]
        if sum(widths) <= room:
            return widths
    return [max(1, low) for low in least]
