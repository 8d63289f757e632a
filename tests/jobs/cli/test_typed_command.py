"""A command is told again as a person can type it."""

import click
import pytest

from jobs.cli.main import main
from jobs.cli.store_commands import audit, list_
from jobs.cli.typed_command import typed
from jobs.cli.vendor_discovery_commands import discover


@pytest.mark.parametrize(
    ("arguments", "again"),
    [
        ([], "seatsync discover --limit 31"),
        (["--config", "a b.yaml"], "seatsync discover --limit 31 --config 'a b.yaml'"),
        (["--limit", "3"], "seatsync discover --limit 31"),
        (["-v", "--log-format", "json"], "seatsync discover --limit 31"),
    ],
)
def test_what_was_typed_stays_and_how_much_is_said_is_left_out(
    arguments: list[str], again: str
) -> None:
    program = click.Context(main, info_name="main")
    with discover.make_context("discover", arguments, program):
        assert typed(limit=31) == again


def test_a_command_of_a_group_has_its_name_before_it() -> None:
    program = click.Context(main, info_name="main")
    with list_.make_context("list", [], click.Context(audit, program, "audit")):
        assert typed(limit=31) == "seatsync audit list --limit 31"
