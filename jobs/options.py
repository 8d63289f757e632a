"""What the commands share: their options, and tables for people and for programs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from jobs.errors import UnusablePath, say

CONFIG = click.option(
    "--config",
    envvar="SEATSYNC_CONFIG",
    default="seatsync.yaml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The configuration file; or set SEATSYNC_CONFIG.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
GRANTS_ONLY = click.option(
    "--grants-only", is_flag=True, help="Leave out whatever would take something away."
)


@contextmanager
def given_path(path: Path) -> Iterator[None]:
    """A path of the command line that cannot be used is wrong usage (64), told with the path."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL in its name
        why = getattr(error, "strerror", None) or str(error)
        at = getattr(error, "filename", None) or path
        raise UnusablePath(f"{at}: {why}") from None


def print_line(text: object) -> None:
    """One line on stdout. Whatever others wrote in it neither moves a cursor nor hides a letter."""
    from jobs.report.clean import shown

    click.echo(shown(text))


def print_rows(
    title: str, header: tuple[str, ...], rows: list[tuple[object, ...]], as_json: bool
) -> None:
    """A table on a terminal, or a list of objects."""
    from jobs.report.terminal import console, print_table

    if as_json:
        import orjson

        click.echo(orjson.dumps([dict(zip(header, row, strict=True)) for row in rows]))
    else:
        print_table(console(), title, header, rows, most=None)


@contextmanager
def printing() -> Iterator[None]:
    """What a run did stands, and so does its exit code, where what it came to cannot be printed."""
    try:
        yield
    except (OSError, SystemExit) as error:  # rich ends the program where a pipe was closed
        say(f"The result could not be printed ({error}); `seatsync show` has it.")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or its last flush fails
