"""A listing: a table for people, or for programs JSON of the same rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from jobs.cli.typed_command import typed
from jobs.output.console import print_bytes, print_json, print_line
from jobs.output.excerpt import GLANCE, Excerpt

if TYPE_CHECKING:
    from jobs.output.rows.row import Row


def asked_for(limit: int | None, **typed_so: object) -> Excerpt:
    """What is shown of a list that this command was asked for: as many entries as `limit` says.

    Without it what is read at a glance on a terminal, and everything in a pipe or a file. All of
    it is shown by the same command with a higher limit, and with what is `typed_so`.
    """
    from jobs.output.table import terminal

    def where(count: int) -> str:
        return typed(**typed_so, limit=count)

    glance = GLANCE if limit is None and terminal().is_terminal else None
    return Excerpt(where, entries=limit, lines=glance)


def print_rows(
    title: str,
    rows: "Sequence[Row]",
    as_json: bool,
    limit: int | None,
    *,
    empty: str,
    count: int | None = None,
) -> None:
    """The rows, a column for each field, as many as `limit` lets through.

    `empty` is said to people in place of no rows. `count` is how many there are, where the caller
    read only the first.
    """
    import msgspec

    from jobs.output.table import print_table, terminal

    if as_json:
        print_json(msgspec.json.encode(rows[:limit]))
    elif not rows:
        print_line(empty)
    else:
        header = (name.replace("_", " ").capitalize() for name in rows[0].columns)
        cells = ([_cell(row, name, row.in_table(name)) for name in row.columns] for row in rows)
        print_table(terminal(), title, header, cells, asked_for(limit), count=count)


def rows_wanted(limit: int | None, as_json: bool) -> int | None:
    """How many rows are to be read of a list that grows every day; None is all."""
    return limit if as_json else asked_for(limit).most


def print_csv(kind: "type[Row]", rows: "Sequence[Row]", limit: int | None) -> None:
    """The rows of a kind, a column for each field, also where there are none."""
    from jobs.report.csv_files import as_csv

    names = kind.__struct_fields__
    cells = ([_csv_cell(row, name) for name in names] for row in rows[:limit])
    print_bytes(as_csv(names, cells))


def _cell(row: "Row", name: str, value: object) -> str:
    return said(value, row.json_only) or row.none_as.get(name, "")


def _csv_cell(row: "Row", name: str) -> str | int:
    """A number stays one, for a spreadsheet to reckon with."""
    value = getattr(row, name)
    return value if type(value) is int else _cell(row, name, value)


def said(value: object, json_only: Collection[str] = ()) -> str:
    """As people read it: 1,204; 2026-11-30 09:15 UTC; yes, or nothing for no."""
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case int():
            return f"{value:,}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case Mapping():
            told = {key: one for key, one in value.items() if one != "" and key not in json_only}
            return ", ".join(f"{key} {said(one)}" for key, one in sorted(told.items()))
        case tuple() | list():
            return ", ".join(map(str, value))
    return str(value)
