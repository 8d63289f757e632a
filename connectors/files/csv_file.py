"""Tables in CSV files, as Excel, PowerShell and administrators by hand write them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from connectors.errors import CounterpartError
from connectors.files.column_names import ColumnNames
from connectors.files.disk import read_text

SEPARATORS = ",;\t"
"""Excel writes a semicolon where the comma is in numbers. No column's name has one of them."""

CLOSING = "#end"


@dataclass(frozen=True)
class CsvFile:
    """Rows by their columns' names, each with its line in the file; cells are as written.

    `closing` are the cells of a last row that begins with ``#end``.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    closing: tuple[str, ...] | None = None


def read_csv_file(path: Path, what: str, names: ColumnNames) -> CsvFile:
    """The table of a CSV file. Its separator is the one that is most often in the header.

    Raises:
        CounterpartError: it cannot be read, is no CSV in UTF-8, has a column of another name, or a
            row has not as many cells as its header; `what` begins the text.
    """
    (_, header), *lines = [*_lines(read_text(path, what), what)] or [(1, ())]
    try:
        columns = names.all_known(header)
    except ValueError as error:
        raise CounterpartError(f"{what}, line 1", f"column {error}") from None
    closing = lines.pop()[1] if lines and lines[-1][1][0].strip() == CLOSING else None
    for line, cells in lines:
        if len(cells) != len(columns):
            raise CounterpartError(f"{what}, line {line}", "it has not as many cells as the header")
    rows = tuple((line, dict(zip(columns, cells, strict=True))) for line, cells in lines)
    return CsvFile(columns, rows, closing)


def _lines(text: str, what: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, tuple(cells)
    except csv.Error:
        raise CounterpartError(f"{what}, line {reader.line_num + 1}", "it is not CSV") from None
