"""What is too long for its column goes on below, and a name is parted where one would part it."""

import pytest
from rich.cells import cell_len

from jobs.output.line_wrapping import folded

GIA = "gia.lindqvist@harbour.example"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("in step", 7, ["in step"]),
        ("User in several sets (U1)", 12, ["User in", "several sets", "(U1)"]),
        (GIA, 29, [GIA]),
        (GIA, 28, ["gia.lindqvist", "@harbour.example"]),
        (f"of {GIA}", 20, ["of", "gia.lindqvist", "@harbour.example"]),
        ("Sales-Marketing-Team", 19, ["Sales-Marketing-", "Team"]),
        ("2026-11-30 09:15 UTC", 12, ["2026-11-30", "09:15 UTC"]),
        ("035900a47d95430d", 10, ["035900a47d", "95430d"]),
        ("two  blanks", 20, ["two  blanks"]),
        ("", 10, [""]),
        ("\u5c71\u7530\u592a\u90ce", 4, ["\u5c71\u7530", "\u592a\u90ce"]),
    ],
)
def test_lines_end_where_one_would_end_them(text: str, width: int, lines: list[str]) -> None:
    assert folded(text, width) == lines


@pytest.mark.parametrize("width", range(2, 60))
def test_nothing_is_wider_than_its_column_and_no_letter_is_lost(width: int) -> None:
    text = f"{GIA} \u2192 \u5c71\u7530-Team@x, 1,204 seats: emails[type eq work].value"
    printed = folded(text, width)
    assert max(map(cell_len, printed)) <= width
    assert "".join(printed).replace(" ", "") == text.replace(" ", "")
