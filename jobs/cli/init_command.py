"""The command that writes a configuration, and says how the app it needs is registered."""

import shlex
import sys
from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.options import OUTPUT
from jobs.output.console import confirm, print_bytes, say
from jobs.output.exit_codes import Exit
from jobs.output.failures import given_path

USUAL = Path("seatsync.yaml")

SCRIPTS = {"az": "app-registration.sh", "powershell": "app-registration.ps1"}
"""For the Azure CLI, and for the PowerShell module Microsoft.Graph."""


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=USUAL)
@click.option(
    "--interactive",
    is_flag=True,
    help="Ask for everything, search the groups in Entra ID, and try credential and token.",
)
@click.option(
    "--prepare-app",
    type=click.Choice(list(SCRIPTS)),
    help="Write nothing; print the commands that make the app registration in Entra ID.",
)
@OUTPUT
@reporting
def init(path: Path, interactive: bool, prepare_app: str | None) -> Exit:
    """Write a commented starting configuration.

    No secret is ever in it, only where each is. With --prepare-app, the app that is made may read
    groups and users, and nothing else.
    """
    if prepare_app:
        from config.examples import STARTING_FILE

        print_bytes((STARTING_FILE.parent / SCRIPTS[prepare_app]).read_bytes())
        return Exit.OK
    with given_path(path):
        there = path.exists()
    if there:
        return _there_already(path)
    if not interactive:
        return _written(path, _template(), "Fill it in, then run")
    if not at_a_terminal():
        say(
            "init --interactive asks questions, and there is no terminal to ask them at. Run "
            "`seatsync init`, fill the file in, then run `seatsync check --online`."
        )
        return Exit.USAGE
    try:
        content = _answers(path)
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)  # the line of the question is not ended
        say("Nothing was written.")
        return Exit.FAILED
    return _written(path, content, "Next")


def config_option(config: Path) -> str:
    """What a command that is to be typed needs beside its own words."""
    return "" if config == USUAL else f" --config {shlex.quote(str(config))}"


def at_a_terminal() -> bool:
    """Whether there is somebody to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _template() -> bytes:
    from config.examples import starting_file
    from jobs.clock import utc_now

    return starting_file(utc_now().date())


def _answers(path: Path) -> bytes:
    """Of somebody who says at the end that the file is to be written."""
    from jobs.cli.interview.interview import interview
    from jobs.clock import utc_now

    content = interview(path.parent, utc_now().date())
    click.confirm(f"Write {path}?", default=True, abort=True)
    return content


def _written(path: Path, content: bytes, then: str) -> Exit:
    with given_path(path):
        try:
            with path.open("xb") as file:  # not through a link, either
                file.write(content)
        except FileExistsError:
            return _there_already(path)
    confirm(f"Wrote {path}. {then}: seatsync check --online{config_option(path)}")
    return Exit.OK


def _there_already(path: Path) -> Exit:
    say(f"{path} exists already; nothing was written.")
    return Exit.FAILED
