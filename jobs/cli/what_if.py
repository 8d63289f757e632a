"""`plan --what-if` and its likes: what is assumed, and what would be otherwise then."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from jobs.cli.listing import print_rows
from jobs.cli.options import printing
from jobs.output.console import print_json, print_line
from jobs.output.exit_codes import Exit

if TYPE_CHECKING:
    from jobs.what_if import Assumption

P = ParamSpec("P")
T = TypeVar("T")

Texts = tuple[str, ...]


def _numbers(given: Texts) -> dict[str, int]:
    numbers = {}
    for product, text in _pairs(given, "Sales=60"):
        if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_DIGITS:
            raise click.BadParameter(f'"{text}" is not a number of seats, such as Sales=60.')
        numbers[product] = int(text)
    return numbers


def _bundles(given: Texts) -> dict[str, Texts]:
    pairs = _pairs(given, "NA Sales=Sales,Marketing")
    return {name: tuple(filter(None, map(str.strip, text.split(",")))) for name, text in pairs}


def _pairs(given: Texts, example: str) -> Iterator[tuple[str, str]]:
    for text in given:
        name, _, value = map(str.strip, text.rpartition("="))
        if not name or not value:
            raise click.BadParameter(f'"{text}" is not of the form "{example}".')
        yield name, value


def _read_by(parse: Callable[[Texts], object]) -> Callable[..., Texts]:
    """A callback that leaves what was typed as it is, so that it can be typed again."""

    def callback(_: click.Context, __: click.Parameter, given: Texts) -> Texts:
        parse(given)
        return given

    return callback


_MOST_DIGITS = 9
_FILE = click.Path(path_type=Path)


def ASSUMPTION(command: Callable[P, T]) -> Callable[P, T]:  # noqa: N802  # as those in `options`
    """What would be otherwise; any of it makes a question of the plan."""
    for option in (
        click.option(
            "--product",
            "products",
            metavar="SET=PRODUCT,...",
            multiple=True,
            callback=_read_by(_bundles),
            help="What if the set had these products.",
        ),
        click.option(
            "--seats",
            metavar="PRODUCT=N",
            multiple=True,
            callback=_read_by(_numbers),
            help="What if so many seats were purchased.",
        ),
        click.option("--compare", "other", type=_FILE, help="What if this were the configuration."),
        click.option(
            "--what-if",
            "patch",
            type=_FILE,
            help="What if this YAML were merged into the configuration.",
        ),
    ):
        command = option(command)
    return command


def assumption_of(
    patch: Path | None, other: Path | None, seats: Texts, products: Texts
) -> "Assumption | None":
    """None if nothing is assumed."""
    if patch and other:
        raise click.UsageError("--what-if changes this configuration, --compare names another one.")
    if not (patch or other or seats or products):
        return None
    from jobs.what_if import Assumption

    return Assumption(patch, other, _numbers(seats), _bundles(products))


def show_what_if(
    config: Path, assumption: "Assumption", grants_only: bool, as_json: bool, limit: int | None
) -> Exit:
    """Prints the difference; see `jobs.what_if`."""
    from msgspec.json import encode

    from jobs.context import working
    from jobs.report.words import judgement
    from jobs.what_if import what_if

    with working(config) as context:
        found, exit_code = what_if(context, config, assumption, grants_only)
    with printing():
        if as_json:
            print_json(encode(found))
            return exit_code
        nobody = "Nobody would hold or wait for another seat than by today's plan."
        print_rows("What would be otherwise", found.differences, False, limit, empty=nobody)
        print_rows("Seats", found.seats, False, limit, empty="No product is sold.")
        for verdict in found.objections:
            print_line(f"That plan would be {verdict.outcome}, today's not: {judgement(verdict)}")
    return exit_code
