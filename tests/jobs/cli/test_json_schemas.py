"""What `--json` prints is what its JSON Schema says, for every command that has it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, FormatChecker

from jobs.cli.json_schemas import NAMES, PRINTED, schema_of
from jobs.cli.main import main
from support.scenarios.company import Company


def with_json(group: click.Group, path: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from with_json(command, f"{path}{name} ")
        elif any(getattr(parameter, "help", "") == "Print JSON." for parameter in command.params):
            yield f"{path}{name}"


def keys_of(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        schema = [*schema.values()]
    if isinstance(schema, list):
        for part in schema:
            yield from keys_of(part)


def test_every_command_that_prints_json_has_a_schema() -> None:
    assert sorted(with_json(main)) == sorted(PRINTED)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_printed_and_its_keys_are_in_snake_case(name: str) -> None:
    printed = CliRunner().invoke(main, ["schema", *name.split()])
    schema = json.loads(printed.stdout)
    Draft202012Validator.check_schema(schema)
    keys = {*keys_of(schema)}
    assert keys
    assert [key for key in keys if not re.fullmatch("[a-z][a-z0-9_]*", key)] == []


def test_all_that_is_printed_is_as_its_schema_says(settled: Company) -> None:
    """One plan from its making to its undoing, in which every command is called.

    Those of fleets and of sign-ins have tests of their own.
    """
    portal = ("--at", settled.sandbox.portal_url)
    first, seen = settled.json("show")["id"], set[str]()

    def printed(command: str, *arguments: str) -> Any:
        asked = [*command.split(), "--json", *arguments]
        if not command.startswith("sandbox"):
            asked += ["--config", str(settled.config)]
        said = json.loads(CliRunner().invoke(main, asked).stdout)
        validator = Draft202012Validator(schema_of(command), format_checker=FormatChecker())
        assert [fault.message for fault in validator.iter_errors(said)] == []
        seen.add(command)
        return said

    planned = printed("plan")
    assert planned["status"] == "waiting for review"
    assert planned["paths"]["report"].endswith(f"/{planned['id']}/report.html")
    assert {"grant", "create_account"} <= {operation["kind"] for operation in planned["operations"]}
    refused = printed("apply", "latest")
    assert [finding["code"] for finding in refused["objections"]] == ["P7"]
    settled.let_pass("--reason", "r")
    applied = printed("apply", "latest")
    shown = printed("show")
    assert shown["digest"] == planned["digest"] == applied["digest"]
    assert (shown["status"], shown["approvals"][0]["reason"]) == ("applied", "r")
    assert {operation["result"] for operation in shown["operations"]} == {"done"}
    assert "results" in shown["paths"]
    assert printed("diff", first)
    assert printed("undo", "latest")["undoes"] == shown["applied_by"]
    assert printed("run")["status"] == "nothing to do"
    assert printed("reconcile", "ada.abel@harbour.example")["only"]
    for command in ("audit list", "check", "history", "pull", "seats", "sets", "status", "users"):
        assert printed(command)
    assert printed("discover")
    products = printed("forecast")["products"]
    assert {row["product"] for row in products} == {*settled.sandbox.portal.seats}
    assert printed("drift") == []
    assert printed("replay", "--since", "2020-01-01")["plans"]
    assert printed("mapping test", "--user", "ada.abel@harbour.example")
    assert printed("sandbox habits")
    assert printed("sandbox portal show", *portal)
    assert seen == {name for name in PRINTED if not name.startswith(("fleet ", "idle"))}
