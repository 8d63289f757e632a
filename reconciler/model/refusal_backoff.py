"""A request that the vendor refused, and when it is made again: ever more rarely."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

ASKED_EVERY_TIME = 2
"""Refusals in a row before the first pause: one may have been a mishap."""

LONGEST_PAUSE = 7
"""Days."""


@dataclass(frozen=True)
class Refusal:
    """How often it was refused in a row, first and last (UTC), and what the vendor said last."""

    times: int
    since: datetime
    last: datetime
    why: str

    @property
    def again(self) -> date:
        """The first day (UTC) on which it is asked for again: after 2, 4, 7, 7, … days."""
        if self.times < ASKED_EVERY_TIME:
            return self.last.date()
        return self.last.date() + timedelta(days=min(2 ** (self.times - 1), LONGEST_PAUSE))


Refusals = Mapping[str, Refusal]
"""By the key of what was asked for (`reconciler.facts.vendor_refusals.key_of`)."""


def resting(refusals: Refusals, now: datetime) -> dict[str, Refusal]:
    """Those that are not asked for again today."""
    return {key: one for key, one in refusals.items() if now.date() < one.again}


def refusals_after(
    before: Refusals, refused: Mapping[str, str], done: Iterable[str], now: datetime
) -> dict[str, Refusal | None]:
    """What an apply has changed of them, by key; None: what was asked for is done.

    `refused` has what the vendor said.
    """
    after: dict[str, Refusal | None] = {key: None for key in done if key in before}
    for key, why in refused.items():
        first = before.get(key, Refusal(0, now, now, ""))
        after[key] = Refusal(first.times + 1, first.since, now, why)
    return after
