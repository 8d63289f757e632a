"""How far a stage has got is told in numbers, as soon as there are any."""

from io import StringIO

import pytest
from rich.console import Console
from rich.progress import Progress

from jobs.output.progress import columns


def told(total: int | None, *done_each_second: int) -> str:
    """The line of a stage in which so much was done in each second so far."""
    now = [100.0]
    console = Console(width=100, file=StringIO())
    bar = Progress(*columns(), console=console, auto_refresh=False, get_time=lambda: now[0])
    task = bar.add_task("Reading", total=total)
    for done in done_each_second:
        now[0] += 1
        bar.advance(task, done)
    with console.capture() as shown:
        console.print(bar.get_renderable())
    return " ".join(shown.get().split()).lstrip("-\\|/ ")


@pytest.mark.parametrize(
    ("total", "done", "line"),
    [
        (None, [], "Reading"),
        (None, [999], "Reading 999"),
        (None, [999, 999, 999], "Reading 2,997, 999/s"),
        (None, [1] + [0] * 3 + [1], "Reading 2, 15/min"),
    ],
)
def test_without_a_total_count_and_rate(total: None, done: list[int], line: str) -> None:
    assert told(total, *done) == line


@pytest.mark.parametrize(
    ("total", "done", "line"),
    [
        (3_972, [], "0 of 3,972"),
        (3_972, [50, 50, 50], "150 of 3,972, 50/s, 77 s left"),
        (39_720, [50, 50, 50], "150 of 39,720, 50/s, 13 min left"),
        (2, [1, 1], "2 of 2, 1/s"),
    ],
)
def test_with_a_total_also_the_time_that_is_left(total: int, done: list[int], line: str) -> None:
    assert told(total, *done).endswith(line)


def test_a_bar_shows_how_much_is_done_where_that_is_known() -> None:
    assert "\u2501" in told(2, 1)
    assert "\u2501" not in told(None, 1)
