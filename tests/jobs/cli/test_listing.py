"""A listing in a table: values as people write them, and nothing twice."""

import json
from datetime import UTC, datetime
from typing import Literal, get_origin

import click
import pytest
from click.testing import CliRunner

from jobs.cli.json_schemas import PRINTED
from jobs.cli.listing import print_csv, print_rows, said
from jobs.cli.main import main
from jobs.demo.sandbox import habit_rows
from jobs.output.excerpt import GLANCE
from jobs.output.rows.users import AccountRow, UserRow


def account(user_name: str, user: str) -> AccountRow:
    return AccountRow(
        user_name=user_name,
        standing="managed",
        by=("externalId",),
        user=user,
        sets=("Sales Team",),
        state="active",
        situation="A1",
        account="3202d866",
        object_id="404e3985",
    )


def run(*arguments: str, **environment: str) -> list[str]:
    result = CliRunner(env=environment).invoke(main, arguments)
    assert result.exit_code == 0
    return click.unstyle(result.stdout).splitlines()


def on_a_terminal(*arguments: str) -> list[str]:
    return run(*arguments, FORCE_COLOR="1", COLUMNS="1000", TERM="xterm")


HABITS, NAMES = ("sandbox", "habits"), [row.habit for row in habit_rows()]
"""A long listing for which nobody is asked, and what it lists."""

LISTINGS = [
    name
    for name, types in PRINTED.items()
    if get_origin(types[0]) is list and name not in {"check", "fleet check", "mapping test"}
]
"""Commands with a table; of what was checked or mapped each line may be the one that matters."""


@pytest.mark.parametrize("name", [*LISTINGS, "show"])
def test_every_listing_has_the_same_limit(name: str) -> None:
    command: click.Command = main
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.commands[word]
    (limit,) = (one for one in command.params if one.name == "limit")
    assert isinstance(limit, click.Option)
    assert limit.help == "Print so many rows, not the default: 20 lines on a terminal, else all."


def rows(printed: list[str]) -> list[str]:
    """The habit of each row: below a blank, the title, the header and its rule."""
    return [line.split()[0] for line in printed[4:]]


def test_a_terminal_is_shown_a_glance_and_the_command_for_all_of_it() -> None:
    *glance, rest = on_a_terminal(*HABITS)
    told, _, command = rest.partition("; all of them: seatsync ")
    assert rows(glance) == NAMES[: len(rows(glance))]
    assert len(rows(glance)) == GLANCE
    assert told == f"... {len(NAMES) - len(rows(glance))} more"
    assert rows(on_a_terminal(*command.split())) == NAMES


def test_a_pipe_gets_every_row_in_one_piece() -> None:
    piped = run(*HABITS, COLUMNS="40")
    assert rows(piped) == NAMES
    assert not any(line.endswith(" ") for line in piped)


def test_a_limit_is_what_it_says_in_every_form() -> None:
    *printed, rest = run(*HABITS, "--limit", "3")
    assert rows(printed) == NAMES[:3]
    assert rest.startswith(f"... {len(NAMES) - 3} more;")
    (as_json,) = run(*HABITS, "--limit", "3", "--json")
    assert [row["habit"] for row in json.loads(as_json)] == NAMES[:3]


def test_csv_has_the_limit_too(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_csv(AccountRow, [account("ana@x", "ana@x")] * 5, limit=2)
    assert len(capfdbinary.readouterr().out.splitlines()) == 1 + 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, ""),
        (31_557, "31,557"),
        (datetime(2026, 11, 30, 9, 15, tzinfo=UTC), "2026-11-30 09:15 UTC"),
        (("Sales", "Talent"), "Sales, Talent"),
        ({"run": "8f2", "plan": "41d", "digest": "sha256:0", "why": ""}, "plan 41d, run 8f2"),
        ({"codes": ["P6", "P7"], "count": 1204}, "codes P6, P7, count 1,204"),
        ("ana", "ana"),
    ],
)
def test_a_value_is_told_as_people_write_it(value: object, text: str) -> None:
    assert said(value, json_only={"digest"}) == text


def test_an_account_names_its_user_where_that_is_another_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_rows("Accounts", [account("ana@x", "ana@x")], as_json=False, limit=None, empty="")
    assert "User name" in (alike := capsys.readouterr().out)
    assert alike.count("ana@x") == 1
    print_rows("Accounts", [account("ana@x", "eva@x")], as_json=False, limit=None, empty="")
    assert "eva@x" in capsys.readouterr().out


def test_no_rows_are_told_to_people_and_are_an_empty_list_for_programs(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    print_rows("Runs", [], as_json=False, limit=None, empty="No run yet.")
    print_rows("Runs", [], as_json=True, limit=None, empty="No run yet.")
    assert capfdbinary.readouterr().out == b"No run yet.\n[]\n"


@pytest.mark.parametrize(
    ("state", "told"),
    [("active", "in step"), ("inactive", "inactive; in step"), ("none", "no account; in step")],
)
def test_a_user_has_the_account_told_with_the_state_unless_it_is_active(
    state: Literal["active", "inactive", "none"], told: str
) -> None:
    user = UserRow(user="ana@x", set="", account=state, last_change=None, state="in step")
    assert user.in_table("state") == told
    assert "account" not in user.columns
