"""How far a stage has got, on a terminal: a count, its rate, and how long the rest takes."""

from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text


class _Pace(ProgressColumn):
    """``1,204 of 3,972, 56/s, 49 s left``; without a total the count and the rate."""

    def render(self, task: Task) -> Text:
        done = f"{task.completed:,.0f}" if task.completed or task.total else ""
        count = f"{done} of {task.total:,.0f}" if task.total else done
        return Text(", ".join(filter(None, [count, _rate(task.speed), _left(task)])), "dim")


class _Bar(BarColumn):
    """Only where it is known how much there is: nothing is to look like half done that is not."""

    def render(self, task: Task) -> Text:  # type: ignore[override]  # nothing is no bar
        return super().render(task) if task.total else Text()  # type: ignore[return-value]


def columns() -> tuple[ProgressColumn, ...]:
    """Of a `rich.progress.Progress`."""
    return (
        SpinnerColumn("line"),
        TextColumn("{task.description}"),
        _Bar(bar_width=20),
        _Pace(Column(no_wrap=True)),
    )


def _rate(speed: float | None) -> str:
    if not speed:
        return ""
    return f"{speed:,.0f}/s" if speed >= 1 else f"{speed * 60:,.0f}/min"


def _left(task: Task) -> str:
    """Until there is a rate to tell it by, nothing."""
    seconds = task.time_remaining
    if not seconds or not task.total:
        return ""
    return f"{seconds:.0f} s left" if seconds < 120 else f"{seconds / 60:,.0f} min left"
