"""The table of `make benchmarks`: a row per goal, with the figure that was measured.

Rows are Markdown on stdout; what else a benchmark has to tell is a note, on stderr. Run as a
program this module prints the table's head, and the machine as a note.
"""

import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np

GROWTH = 1.05
"""The largest exponent that passes for linear."""


def at_most(goal: float, figure: float, unit: str, what: str) -> None:
    """Prints the row of a `figure` that is the better the smaller it is."""
    _row(what, f"≤ {goal:g} {unit}", f"{_digits(figure)} {unit}", met=figure <= goal)


def at_least(goal: float, figure: float, unit: str, what: str) -> None:
    """Prints the row of a `figure` that is the better the larger it is."""
    _row(what, f"≥ {goal:g} {unit}", f"{_digits(figure)} {unit}", met=figure >= goal)


def grows_linearly(seconds: Mapping[int, float], what: str) -> None:
    """Prints the row of the exponent by which `seconds` grow with the size that is their key."""
    exponent = np.polyfit(np.log(list(seconds)), np.log(list(seconds.values())), 1)[0]
    sizes = ", ".join(f"{size:,}" for size in seconds)
    at_most(GROWTH, float(exponent), "as exponent", f"{what}: growth over {sizes}")


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _row(what: str, goal: str, figure: str, *, met: bool) -> None:
    print(f"| {what} | {goal} | {figure} | {'yes' if met else '**no**'} |", flush=True)


def _digits(figure: float) -> str:
    """Three digits that count, and none behind the point that do not."""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def machine() -> str:
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors "
        f"({platform.machine()}), {platform.system()}, Python {platform.python_version()}; "
        f"load of the last 1, 5 and 15 minutes: {load}"
    )


if __name__ == "__main__":
    note(machine())
    print("| what | goal | figure | met |\n|---|---|---|---|", flush=True)
