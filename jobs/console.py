"""What is said to whoever started a command: results on stdout, all the rest on stderr."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.model.plan import Finding


def tell(found: "Finding") -> None:
    """A finding, with its advice, on stderr."""
    say(f"{found.code}: {found.message} {found.advice}".strip())


def say(text: str) -> None:
    """One line on stderr; that nobody can read it changes nothing of what was done."""
    from jobs.printable import shown

    with suppress(OSError):
        print(shown(text), file=sys.stderr, flush=True)


def print_line(text: object) -> None:
    """One line on stdout. Whatever others wrote in it neither moves a cursor nor hides a letter."""
    from jobs.printable import shown

    print(shown(text), flush=True)


def print_json(document: bytes) -> None:
    """One line on stdout for a program: UTF-8, whatever the terminal's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(document + b"\n")
    sys.stdout.buffer.flush()
