"""What the commands share: their options."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from click.core import ParameterSource

from jobs.output.console import Detail, LogFormat, say, set_detail, set_log_format

P = ParamSpec("P")
T = TypeVar("T")


class _Shared(click.Option):
    """It stands before the command or after it: what is not given after it is as given before."""

    def consume_value(
        self, ctx: click.Context, opts: Mapping[str, click.Parameter]
    ) -> tuple[Any, ParameterSource]:
        given = super().consume_value(ctx, opts)
        before = f"{__name__}.{self.name}"
        if given[1] is ParameterSource.COMMANDLINE or before not in ctx.meta:
            ctx.meta[before] = given
        value, source = ctx.meta[before]
        return value, source


def _set_detail(ctx: click.Context, _: click.Parameter, wanted: Detail | None) -> None:
    set_detail(wanted or Detail.USUAL)
    ctx.call_on_close(partial(set_detail, Detail.USUAL))


def _set_log_format(ctx: click.Context, _: click.Parameter, wanted: LogFormat | None) -> None:
    set_log_format(wanted)
    ctx.call_on_close(partial(set_log_format, None))


def _config(command: Callable[P, T], *, passed: bool) -> Callable[P, T]:
    return click.option(
        "--config",
        cls=_Shared,
        expose_value=passed,
        envvar="SEATSYNC_CONFIG",
        default="seatsync.yaml",
        show_default=True,
        type=click.Path(path_type=Path),
        help="The configuration file; or set SEATSYNC_CONFIG.",
    )(command)


def _detail(
    short: str, detail: Detail, help_text: str
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Of several that are given, the last counts."""
    return click.option(
        short,
        f"--{detail}",
        "detail",
        cls=_Shared,
        flag_value=detail,
        type=Detail,
        expose_value=False,
        callback=_set_detail,
        help=help_text,
    )


_VERBOSE = _detail(
    "-v",
    Detail.VERBOSE,
    "Log what each stage did: as text on a terminal, elsewhere as JSON.",
)
_QUIET = _detail(
    "-q",
    Detail.QUIET,
    "Say only what was asked for, of a new plan its id, and what somebody must see.",
)
_LOG_FORMAT = click.option(
    "--log-format",
    cls=_Shared,
    type=click.Choice(LogFormat, case_sensitive=False),
    envvar="SEATSYNC_LOG_FORMAT",
    expose_value=False,
    callback=_set_log_format,
    help="Log a dated line per stage and run on stderr; as json, with all else there. "
    "Or set SEATSYNC_LOG_FORMAT.",
)


def OUTPUT(command: Callable[P, T]) -> Callable[P, T]:  # noqa: N802  # a decorator like the others
    """How much is said on stderr, and in which form."""
    return _VERBOSE(_QUIET(_LOG_FORMAT(command)))


def CONFIG(command: Callable[P, T]) -> Callable[P, T]:  # noqa: N802
    """The options of every command that reads a configuration."""
    return _config(OUTPUT(command), passed=True)


def SHARED(command: Callable[P, T]) -> Callable[P, T]:  # noqa: N802
    """The same before the command."""
    return _config(OUTPUT(command), passed=False)


def FLEET(command: Callable[P, T]) -> Callable[P, T]:  # noqa: N802
    """The options of every command that reads a fleet's file."""
    return click.option(
        "--fleet",
        "file",
        envvar="SEATSYNC_FLEET",
        default="fleet.yaml",
        show_default=True,
        type=click.Path(path_type=Path),
        help="The fleet's file; or set SEATSYNC_FLEET.",
    )(OUTPUT(command))


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
LIMIT = click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="Print so many rows, not the default: 20 lines on a terminal, else all.",
)
GRANTS_ONLY = click.option(
    "--grants-only", is_flag=True, help="Leave out whatever would take something away."
)


def FORM(command: Callable[P, T]) -> Callable[P, T]:  # noqa: N802
    """Another form of a listing than a table; of several that are given, the last counts."""
    as_csv = click.option("--csv", "form", flag_value="csv", help="Print CSV, free of formulas.")
    return click.option("--json", "form", flag_value="json", help="Print JSON.")(as_csv(command))


@contextmanager
def printing() -> Iterator[None]:
    """What a run did stands, and so does its exit code, where what it came to cannot be printed."""
    try:
        yield
    except OSError as error:
        say(f"The result could not be printed ({error}); `seatsync show` has it.")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or its last flush fails
