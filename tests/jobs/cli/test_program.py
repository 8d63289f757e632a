"""What belongs to all commands: the sections of the help, and the options that they share."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from jobs.cli.errors import reporting
from jobs.cli.main import main
from jobs.output.exit_codes import Exit
from support.scenarios.company import Company


def run(*arguments: str, environment: dict[str, str] | None = None) -> Result:
    return CliRunner(env=environment).invoke(main, arguments)


def test_the_help_has_every_command_once_below_what_it_is_for() -> None:
    help_text = run("--help").stdout
    listed = re.findall(r"^  (\w+) +\S", help_text.partition("Setting up:")[2], re.MULTILINE)
    assert [name for name in listed if name in main.commands] == list(main.commands)
    assert help_text.index("Reviewing:") < help_text.index("\n  approve ")


GROUPS = [[], ["audit"], ["token"], ["sandbox"], ["sandbox", "portal"]]


@pytest.mark.parametrize("group", GROUPS, ids=" ".join)
def test_no_line_of_the_help_is_cut(group: list[str]) -> None:
    usage, _, printed = run(*group, "--help", environment={"COLUMNS": "80"}).stdout.partition("\n")
    assert usage.startswith("Usage: ")
    assert "..." not in printed


SHARED = {"config", "detail", "log_format"}


@pytest.mark.parametrize("group", GROUPS, ids=" ".join)
def test_a_commands_own_options_stand_before_those_of_all(group: list[str]) -> None:
    program: click.Command = main
    for name in group:
        assert isinstance(program, click.Group)
        program = program.commands[name]
    assert isinstance(program, click.Group)
    for command in program.commands.values():
        options = [one.name for one in command.params if isinstance(one, click.Option)]
        assert options == sorted(options, key=SHARED.__contains__), command.name


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        ("--config before.yaml history", "before.yaml"),
        ("history --config after.yaml", "after.yaml"),
        ("--config before.yaml history --config after.yaml", "after.yaml"),
        ("--config before.yaml audit list", "before.yaml"),
        ("history", "variable.yaml"),
    ],
)
def test_the_configuration_is_named_before_the_command_or_after_it(
    arguments: str, read: str
) -> None:
    result = run(*arguments.split(), environment={"SEATSYNC_CONFIG": "variable.yaml"})
    assert result.exit_code == 78
    assert result.stderr.startswith(f"{read}: ")


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ("init {}", 1),
        ("-q init {}", 0),
        ("init {} -q", 0),
        ("-q init {} -v", 1),
    ],
)
def test_quiet_is_asked_for_before_the_command_or_after_it(
    tmp_path: Path, arguments: str, lines: int
) -> None:
    result = run(*arguments.format(tmp_path / "new.yaml").split())
    assert result.exit_code == 0
    assert len(result.output.splitlines()) == lines
    again = run(*arguments.format(tmp_path / "new.yaml").split())
    assert "exists already" in again.stderr


def test_quietly_a_plan_is_its_id_and_what_goes_well_is_not_told(company: Company) -> None:
    planned = company.run("plan -q")
    assert planned.exit_code == 2
    assert planned.output == f"{company.json('show')['id']}\n"
    refused = company.run("apply -q latest")
    assert "P7" in refused.stderr
    assert company.run("approve -q", planned.stdout.strip(), "--reason", "r").output == ""
    assert company.run("apply -q latest").output == ""


def test_ctrl_c_at_a_question_is_no_error_that_nobody_knows() -> None:
    @reporting
    def command() -> Exit:
        raise click.Abort

    with pytest.raises(click.Abort):
        command()
