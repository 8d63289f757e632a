"""A table shows every name whole, and nothing that is not there."""

from io import StringIO

import pytest
from rich.console import Console

from jobs.output.excerpt import GLANCE, Excerpt
from jobs.output.table import Cell, print_table

NAME = "gia.lindqvist@harbour.example"
SENTENCE = "the account at the vendor is deactivated, and the seat is free"


def lines(
    width: int,
    header: tuple[str, ...],
    *rows: tuple[Cell, ...],
    excerpt: Excerpt = Excerpt("seatsync users --limit {}".format),  # noqa: B008  # is immutable
) -> list[str]:
    console = Console(width=width, record=True, file=StringIO())
    print_table(console, "Users", header, rows, excerpt)
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_names_make_neither_pictures_nor_styles() -> None:
    name = ":skull: [bold]ana[/bold] \\"
    assert lines(80, ("Who",), (name,))[-1] == name


def test_a_name_stands_in_one_line_while_sentences_make_room() -> None:
    for width in (50, 60, 80, 200):
        assert any(NAME in line for line in lines(width, ("Who", "What"), (NAME, SENTENCE)))


@pytest.mark.parametrize("width", [5, 20, 30])
def test_where_there_is_no_room_a_name_is_folded_and_not_cut(width: int) -> None:
    printed = "".join(lines(width, ("Who",), (NAME,)))
    assert NAME in printed.replace(" ", "")


def test_a_column_without_anything_in_it_is_left_out() -> None:
    assert lines(80, ("Who", "Admin", "Set"), ("ana", "", "A"), ("bob", "", ""))[2] == "Who  Set"


def test_numbers_stand_to_the_right() -> None:
    assert lines(80, ("Used", "Of"), ("3", "A"), ("1,204", "B"))[4:] == ["    3  A", "1,204  B"]


def test_several_lines_of_a_cell_stay_several() -> None:
    assert lines(80, ("Who", "What"), ("ana", ["leaves A", "joins B"]))[4:] == [
        "ana  leaves A",
        "     joins B",
    ]


def test_a_long_list_says_what_is_left_out_and_where_it_is() -> None:
    users = [(f"user {number}",) for number in range(1_050)]
    printed = lines(80, ("Who",), *users)
    assert printed[-1] == "... 1,030 more; all of them: seatsync users --limit 1050"
    assert printed[-2] == "user 19"
    assert lines(80, ("Who",)) == []


@pytest.mark.parametrize("width", [30, 80])
def test_twenty_lines_are_few_rows_where_rows_are_high(width: int) -> None:
    printed = lines(width, ("Who", "What"), *[(NAME, [SENTENCE, "moves"])] * 30)
    body, rest = printed[4:-1], printed[-1]
    assert GLANCE - 12 < len(body) <= GLANCE
    assert rest.startswith(f"... {30 - sum('moves' in line for line in body)} more;")
