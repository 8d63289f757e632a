"""A listing: a table for people, or for programs JSON of the same rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from jobs.output.console import print_bytes, print_json, print_line

if TYPE_CHECKING:
    from jobs.output.rows import Row


def print_rows(
    title: str, rows: "Sequence[Row]", as_json: bool, *, empty: str, left_out: int = 0
) -> None:
    """All rows, a column for each field.

    `empty` is said to people in place of no rows, and how many rows the caller left out.
    """
    import msgspec

    from jobs.output.table import print_table, terminal

    if as_json:
        print_json(msgspec.json.encode(rows))
    elif not rows:
        print_line(empty)
    else:
        header = (name.replace("_", " ").capitalize() for name in rows[0].columns)
        cells = (_cells(row, row.columns) for row in rows)
        print_table(terminal(), title, header, cells, most=None)
    if left_out and not as_json:
        print_line(f"... and {left_out:,} more; a higher --limit shows them")


def print_csv(kind: "type[Row]", rows: "Sequence[Row]") -> None:
    """All rows of a kind, a column for each field, also where there are none."""
    from jobs.report.tables import as_csv

    names = kind.__struct_fields__
    print_bytes(as_csv(names, (_cells(row, names) for row in rows)))


def _cells(row: "Row", names: Sequence[str]) -> list[str]:
    return [
        said(value, row.json_only) or row.none_as.get(name, "")
        for name in names
        for value in [row.in_table(name)]
    ]


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
            return ", ".join(f"{key} {one}" for key, one in sorted(told.items()))
        case tuple():
            return ", ".join(map(str, value))
    return str(value)
