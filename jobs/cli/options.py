"""What the commands share: their options, and tables for people and for programs."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from jobs.output.console import print_json, say, show_events

P = ParamSpec("P")
T = TypeVar("T")

_CONFIG = click.option(
    "--config",
    envvar="SEATSYNC_CONFIG",
    default="seatsync.yaml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The configuration file; or set SEATSYNC_CONFIG.",
)
_VERBOSE = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    expose_value=False,
    callback=lambda _, __, wanted: show_events(verbose=wanted),
    help="Say on stderr what each stage did: counts, requests, seconds.",
)
_LOG_JSON = click.option(
    "--log-json",
    is_flag=True,
    envvar="SEATSYNC_LOG_JSON",
    expose_value=False,
    callback=lambda _, __, wanted: show_events(as_json=wanted),
    help="The same, and all else on stderr, as a line of JSON each; or set SEATSYNC_LOG_JSON=1.",
)


def CONFIG(command: Callable[P, T]) -> Callable[P, T]:  # noqa: N802  # a decorator like the others
    """The options of every command that reads a configuration."""
    return _CONFIG(_VERBOSE(_LOG_JSON(command)))


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
GRANTS_ONLY = click.option(
    "--grants-only", is_flag=True, help="Leave out whatever would take something away."
)


def print_rows(
    title: str, header: tuple[str, ...], rows: list[tuple[object, ...]], as_json: bool
) -> None:
    """A table on a terminal, or a list of objects whose keys are `header`'s."""
    from jobs.report.terminal import console, print_table

    if as_json:
        import orjson

        print_json(orjson.dumps([dict(zip(header, row, strict=True)) for row in rows]))
    else:
        print_table(console(), title, (key.replace("_", " ") for key in header), rows, most=None)


@contextmanager
def printing() -> Iterator[None]:
    """What a run did stands, and so does its exit code, where what it came to cannot be printed."""
    try:
        yield
    except (OSError, SystemExit) as error:  # rich ends the program where a pipe was closed
        say(f"The result could not be printed ({error}); `seatsync show` has it.")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or its last flush fails
