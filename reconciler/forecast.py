"""When the seats of a product will not do any more, by how many were wanted until now.

What is wanted is taken for a random walk with drift, from week to week: R. J. Hyndman and
G. Athanasopoulos, "Forecasting: Principles and Practice" (3rd edition), 5.2 "Drift method" and 5.5
"Prediction intervals"; in logarithms, for companies grow in percent. Most groups hardly grow at
all, and a drift that cannot be told from chance makes forecasts worse; so it is shrunk towards
none, by as much as chance alone would make of it (the positive-part estimator of W. James and
C. Stein). docs/how-to/forecast.md has how often that was right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import NormalDist, fmean, stdev

LEAST_WEEKS = 13
"""Of less history nothing is said."""

MOST_WEEKS = 52
"""What was before says nothing of what will be."""

CONFIDENCE = 0.8
"""The share of cases in which what comes lies within the range that was told."""

_DEVIATIONS = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)

Wanted = tuple[date, int]
"""How many seats were wanted on a day."""


@dataclass(frozen=True)
class Forecast:
    """`wanted` now; of the `weeks` until now the `drift` per week and the standard deviation of a
    week's change, both of the logarithm of one more than was wanted.

    Nothing is said of more weeks than are known.
    """

    wanted: int
    weeks: int
    drift: float
    deviation: float

    def expected(self, weeks: int) -> float:
        """What will be wanted then, if only the drift goes on."""
        return math.expm1(math.log1p(self.wanted) + self.drift * weeks)

    def after(self, weeks: int) -> tuple[int, int]:
        """The range in which the seats that will be wanted lie, with `CONFIDENCE`."""
        middle = math.log1p(self.wanted) + self.drift * weeks
        spread = _DEVIATIONS * self.deviation * math.sqrt(weeks * (1 + weeks / self.weeks))
        low, high = math.expm1(middle - spread), math.expm1(min(middle + spread, _LARGEST))
        return max(0, math.floor(low + _ROUNDING)), math.ceil(high - _ROUNDING)

    def runs_out(self, purchased: int) -> tuple[int | None, int | None]:
        """After how many weeks more than these may be wanted, and are sure to be, with
        `CONFIDENCE`; None where no such week is among those of which something is said.
        """
        ranges = [(week, *self.after(week)) for week in range(1, self.weeks + 1)]
        earliest = next((week for week, _, high in ranges if high > purchased), None)
        latest = next((week for week, low, _ in ranges if low > purchased), None)
        return earliest, latest


_LARGEST = math.log1p(10**9)
"""Of a number of seats; see `reconciler.seats.trusted_counts`."""

_ROUNDING = 1e-6
"""Of seats: what logarithms make of a whole number is not quite one."""


def forecast(history: Sequence[Wanted]) -> Forecast | None:
    """By what was wanted on some days, in their order; None where that is too short a time."""
    weekly = by_week(history)[-MOST_WEEKS - 1 :]
    if len(weekly) <= LEAST_WEEKS:
        return None
    changes = [after - before for before, after in pairwise(map(math.log1p, weekly))]
    drift, deviation = fmean(changes), stdev(changes)
    by_chance = deviation**2 / len(changes)
    shrunk = drift * max(0.0, 1 - by_chance / drift**2) if drift else 0.0
    return Forecast(weekly[-1], len(changes), shrunk, deviation)


def by_week(history: Sequence[Wanted]) -> list[int]:
    """What was wanted when each week ended, the last with the last day; as was known then."""
    if not history:
        return []
    last = history[-1][0].toordinal()
    weeks = (last - history[0][0].toordinal()) // 7
    weekly, known = [], iter(history)
    following, value = next(known, None), 0
    for day in range(last - 7 * weeks, last + 1, 7):
        while following and following[0].toordinal() <= day:
            value, following = following[1], next(known, None)
        weekly.append(value)
    return weekly
