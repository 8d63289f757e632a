"""The program: its commands by what one does with them, and the exit codes of wrong usage."""

import gc
from typing import Any

import click

from jobs.output.console import express_everything
from jobs.output.exit_codes import Exit

GARBAGE = 100_000
"""New objects before Python looks for cycles of them that nobody uses. Its own 700 are reached
hundreds of times while modules load, which make no garbage, and that takes a tenth of a command's
time."""


class Program(click.Group):
    """Commands in sections, in the order in which they were added; wrong usage ends with 64."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sections: dict[str, tuple[click.Command, ...]] = {}

    def add_section(self, title: str, *commands: click.Command) -> None:
        """Commands that stand together in the help."""
        self._sections[title] = commands
        for command in commands:
            self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """By section, and not by the alphabet."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A list for each section, all with columns of the same width."""
        longest = max(map(len, self.commands))
        for title, commands in self._sections.items():
            with formatter.section(title):
                room = formatter.width - longest - 4  # indented by two, two between the columns
                formatter.write_dl(
                    [
                        (f"{command.name:{longest}}", command.get_short_help_str(room))
                        for command in commands
                    ]
                )

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As click's, with the exit codes of this program."""
        express_everything()
        gc.set_threshold(GARBAGE)
        try:
            return super().main(*args, **kwargs | {"standalone_mode": False})
        except click.exceptions.Exit as error:
            raise SystemExit(error.exit_code) from None
        except click.ClickException as error:
            error.show()
            raise SystemExit(int(Exit.USAGE)) from None
        except click.Abort:
            raise SystemExit(int(Exit.FAILED)) from None
