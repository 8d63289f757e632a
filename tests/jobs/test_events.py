"""A run says what it is doing: one event per stage, for people and for machines."""

import json
import re

import pytest

from support.scenarios.company import Company

STAGES = [
    "begin_run",
    "read_directory",
    "read_vendor",
    "look_up_former_members",
    "decide",
    "write_reports",
    "end_run",
]


def events(stderr: str) -> dict[str, dict[str, object]]:
    """By name, in their order."""
    told = [json.loads(line) for line in stderr.splitlines()]
    return {event["event"]: event for event in told}


def test_a_run_that_goes_well_says_nothing_unless_it_is_asked_to(company: Company) -> None:
    assert company.run("plan").stderr == ""


def test_for_people_each_stage_is_a_dated_line_with_its_counts(company: Company) -> None:
    lines = company.run("plan", "--log-format", "text").stderr.splitlines()
    assert [line.split()[1] for line in lines] == [f"event={name}" for name in STAGES]
    assert all(re.match(r"at=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d+Z ", line) for line in lines)
    assert len({re.findall(" run=([0-9a-f]+) ", line)[0] for line in lines}) == 1
    assert " groups=5 members=50 users=50 requests=" in lines[1]
    assert " operations=105 " in lines[4]


def test_for_machines_every_line_of_stderr_is_json(company: Company) -> None:
    told = events(company.run("plan", "--log-format", "json").stderr)
    assert list(told) == STAGES
    assert told["read_directory"]["users"] == 50
    assert {event["run"] for event in told.values()} == {company.json("history")[0]["run"]}
    assert all(isinstance(told[name]["seconds"], float) for name in STAGES[1:])
    ended = told["end_run"]
    assert (ended["kind"], ended["exit_code"], ended["operations"]) == ("plan", 2, 105)


def test_a_log_names_nobody(approved: Company) -> None:
    told = approved.run("apply", "latest", "--log-format", "json").stderr
    people = [user["userPrincipalName"] for user in approved.sandbox.tenant.users.values()]
    assert not [name for name in people if name in told]


def test_an_apply_says_how_its_operations_ended_and_how_many_requests_that_took(
    approved: Company,
) -> None:
    execute = events(approved.run("apply", "latest", "--log-format", "json").stderr)["execute"]
    assert (execute["done"], execute["failed"], execute["unknown"]) == (105, 0, 0)
    assert isinstance(execute["requests"], int)
    assert approved.writes <= execute["requests"] < 2 * 105


def test_a_stage_that_fails_is_told_and_so_is_what_to_do(company: Company) -> None:
    (company.folder / "scim-token").write_text("revoked meanwhile")
    told = events(company.run("plan", "--log-format", "json").stderr)
    assert told["read_vendor"]["error"] == "Unauthorized"
    assert told["finding"]["code"] == "T2"
    assert str(told["finding"]["text"]).startswith("T2: ")


@pytest.mark.parametrize("asked", ["-v", "--log-format=text", "--log-format=json"])
def test_the_next_command_of_the_same_process_is_silent_again(company: Company, asked: str) -> None:
    company.run("plan", asked)
    assert company.run("plan").stderr == ""
