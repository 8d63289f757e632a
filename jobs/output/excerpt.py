"""Long lists: what is read at a glance, and then where all of it is.

Whoever asks for a list sees `GLANCE` lines of it on a terminal, and gets it whole in a pipe or a
file. What a command tells besides is never longer than that, anywhere: schedulers mail it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate

GLANCE = 20
"""Lines of a table or a list."""

Where = Callable[[int], str]
"""Where so many entries are: the command that shows them, or a file."""


@dataclass(frozen=True)
class Excerpt:
    """At most so many `entries` and so many `lines` of a list; None is no limit."""

    where: Where
    entries: int | None = None
    lines: int | None = GLANCE

    @property
    def most(self) -> int | None:
        """More entries than these are never shown: each has one line at least."""
        limits = [limit for limit in (self.entries, self.lines) if limit is not None]
        return min(limits, default=None)

    def fitting(self, heights: Iterable[int]) -> int:
        """How many of the first entries, so many lines high each, are shown; one in any case."""
        bottoms = [*accumulate(heights)]
        if self.lines is None or not bottoms:
            return len(bottoms)
        return max(1, sum(bottom <= self.lines for bottom in bottoms))

    def rest(self, shown: int, count: int) -> str:
        """What is said below so many of `count` entries; nothing where none is left out."""
        left_out = count - shown
        return f"... {left_out:,} more; all of them: {self.where(count)}" if left_out else ""
