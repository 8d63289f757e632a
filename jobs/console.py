"""What is said to whoever started a command."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from reconciler.model.plan import Finding


def tell(found: "Finding") -> None:
    """A finding, with its advice, on stderr."""
    say(f"{found.code}: {found.message} {found.advice}".strip())


def say(text: str) -> None:
    """One line on stderr; that nobody can read it changes nothing of what was done."""
    from jobs.printable import shown

    with suppress(OSError):
        click.echo(shown(text), err=True)


def print_line(text: object) -> None:
    """One line on stdout. Whatever others wrote in it neither moves a cursor nor hides a letter."""
    from jobs.printable import shown

    click.echo(shown(text))
