"""A stage of a run: a bar on a terminal while it lasts, and one event when it has ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from jobs.output.console import event, quiet

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Stage:
    """What is counted while it lasts: `advance` moves the bar, `count` fills in the event."""

    def __init__(self, bar: "Progress", task: "TaskID") -> None:
        self._bar, self._task = bar, task
        self.facts: dict[str, object] = {}

    def advance(self, count: int) -> None:
        """So many more things are done."""
        self._bar.advance(self._task, count)

    def count(self, **facts: object) -> None:
        """What the event says: ``users=60``; a count of requests includes repeated ones."""
        self.facts |= facts


@contextmanager
def stage(name: str, title: str, total: int | None = None) -> Iterator[Stage]:
    """The event has this name, its seconds, and what was counted; or the kind of error that ended
    the stage. Under cron there is no bar.
    """
    from rich.console import Console
    from rich.progress import Progress

    from jobs.output.progress import columns

    console, began = Console(stderr=True), monotonic()
    unseen = quiet() or not console.is_terminal
    with Progress(*columns(), console=console, disable=unseen, transient=True) as bar:
        under_way = Stage(bar, bar.add_task(title, total=total))
        try:
            yield under_way
        except BaseException as error:
            under_way.count(error=type(error).__name__)
            raise
        finally:
            event(name, **under_way.facts, seconds=round(monotonic() - began, 3))
