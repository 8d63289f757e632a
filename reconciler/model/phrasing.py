"""How lists, numbers and times are written in a sentence."""

from collections.abc import Sequence

NAMED_AT_MOST = 20
"""Names in one message; the waiting list and the CSV files have all of them."""


def named(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" and {more:,} more" if more > 0 else "")


def time_in_words(seconds: float) -> str:
    """A length of time in its largest unit, such as 2 h, 1.5 h, or 40 s."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{round(seconds / length, 1):g} {unit}"
    return f"{seconds:.0f} s"


class Plural(int):
    """A number, such as 1,204, with the words that follow it: ``{count:user holds|users hold}``."""

    def __format__(self, words: str) -> str:
        one, _, many = words.partition("|")
        return f"{int(self):,} {one if self == 1 else many}" if many else f"{int(self):,{words}}"
