"""Texts in narrow columns: lines end between words, or in a long name where it has its joints."""

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

# Before the @ of an address; behind a hyphen or a slash, which in a date or a number parts nothing.
_JOINT = re.compile(r"(?=@)|(?<=[^\W\d][-/])(?=\w)")


def parts(word: str) -> list[str]:
    """A word where it may be parted: ``gia.lindqvist``, ``@harbour.example``."""
    return [part for part in _JOINT.split(word) if part]


def folded(text: str, width: int) -> list[str]:
    """The text in lines of so many columns. No letter of it is lost, but blanks where lines end."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines += _fitting(word, width)
    return [line for line in lines if line] or [""]


def _fitting(word: str, width: int) -> Iterator[str]:
    """A word in as few lines as its joints allow; in pieces, where there is no other way."""
    line = ""
    for part in parts(word) if cell_len(word) > width else [word]:
        for piece in chop_cells(part, width) if cell_len(part) > width else [part]:
            if line and cell_len(line + piece) > width:
                yield line
                line = ""
            line += piece
    yield line
