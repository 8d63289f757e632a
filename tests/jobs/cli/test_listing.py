"""A listing in a table: values as people write them, and nothing twice."""

from datetime import UTC, datetime

import pytest

from jobs.cli.listing import print_rows, said
from jobs.output.rows import AccountRow


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
        ("ana", "ana"),
    ],
)
def test_a_value_is_told_as_people_write_it(value: object, text: str) -> None:
    assert said(value, json_only={"digest"}) == text


def test_an_account_names_its_user_where_that_is_another_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_rows("Accounts", [account("ana@x", "ana@x")], as_json=False, empty="")
    assert "User name" in (alike := capsys.readouterr().out)
    assert alike.count("ana@x") == 1
    print_rows("Accounts", [account("ana@x", "eva@x")], as_json=False, empty="")
    assert "eva@x" in capsys.readouterr().out


def test_no_rows_are_told_to_people_and_are_an_empty_list_for_programs(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    print_rows("Runs", [], as_json=False, empty="No run yet.")
    print_rows("Runs", [], as_json=True, empty="No run yet.")
    assert capfdbinary.readouterr().out == b"No run yet.\n[]\n"
