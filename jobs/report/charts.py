"""Widths and lines of the page's pictures, in percent: SVG stretches them to their place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.vendor import VendorSettings
from connectors.store.plans import SeatLines
from reconciler.model.plan import SeatLine

MOMENT = 0.5
"""Of the width of a picture, in percent."""


@dataclass(frozen=True)
class Bars:
    """Widths of a product's bars, in percent of the longer one."""

    kept: int
    whole: int

    @classmethod
    def of_product(cls, line: SeatLine) -> "Bars":
        """Now above then, against what was purchased."""
        kept = line.used_before - line.frees
        whole = max(line.purchased or 0, line.used_before, kept + line.takes + line.waiting, 1)
        return cls(kept, whole)

    def of(self, count: int) -> str:
        """So many seats."""
        return f"{100 * count / self.whole:.2f}"


@dataclass(frozen=True)
class Use:
    """A product's seats at several times, oldest first: in use, waited for, purchased, and used by
    nobody; of the last two None is not known.
    """

    product: str
    times: tuple[datetime, ...]
    used: tuple[int, ...]
    waiting: tuple[int, ...]
    purchased: tuple[int | None, ...]
    idle: tuple[int | None, ...]

    @property
    def most(self) -> int:
        """The height of the picture, in seats."""
        return max(*self.used, *self.waiting, *(count or 0 for count in self.purchased), 1)

    @property
    def used_line(self) -> str:
        """The points of an SVG polyline."""
        return self._line(self.used)

    @property
    def waiting_line(self) -> str:
        """The points of an SVG polyline; "" where nobody ever waited."""
        return self._line(self.waiting) if any(self.waiting) else ""

    @property
    def purchased_path(self) -> str:
        """An SVG path in steps, for nobody buys half a seat; interrupted where it is unknown."""
        return self._path(self.purchased, "H{x} V{y}")

    @property
    def idle_path(self) -> str:
        """An SVG path, interrupted where it is unknown; "" where no seat ever was idle."""
        return self._path(self.idle, "L{x} {y}") if any(self.idle) else ""

    def _path(self, counts: tuple[int | None, ...], step: str) -> str:
        path, drawn = [], False
        for at, count in zip(self.times, counts, strict=True):
            if count is not None:
                x, _, y = self._point(at, count).partition(",")
                path.append((step if drawn else "M{x} {y}").format(x=x, y=y))
            drawn = count is not None
        return " ".join(path)

    def _line(self, counts: tuple[int, ...]) -> str:
        """Of several plans of one moment the last is drawn: a line straight up looks like a
        mistake.
        """
        at = [self._x(time) for time in self.times]
        points = zip(at, [*at[1:], math.inf], map(self._point, self.times, counts), strict=True)
        return " ".join(
            point for x, following, point in points if x == 0 or following - x >= MOMENT
        )

    def _x(self, at: datetime) -> float:
        span = max((self.times[-1] - self.times[0]).total_seconds(), 1)
        return 100 * (at - self.times[0]).total_seconds() / span

    def _point(self, at: datetime, count: int) -> str:
        """100 wide and 40 high, with room for the lines' own width."""
        return f"{self._x(at):.2f},{38 - 36 * count / self.most:.2f}"


def use_over_time(history: Sequence[tuple[datetime, SeatLines]]) -> list[Use]:
    """One for each product of the latest plan that earlier ones have, too."""
    latest = history[-1][1] if history else ()
    found = []
    for product in (line.product for line in latest):
        rows = [(at, one) for at, lines in history for one in lines if one.product == product]
        if len(rows) > 1:
            times, lines = zip(*rows, strict=True)
            numbers = ((one.used_before, one.waiting, one.purchased, one.idle) for one in lines)
            found.append(Use(product, times, *zip(*numbers, strict=True)))
    return found


@dataclass(frozen=True)
class TokenDays:
    """Of the vendor's API token: the days left of its whole life, and the day on which it ends."""

    left: int
    whole: int
    ends: date

    @classmethod
    def of_vendor(cls, vendor: VendorSettings, today: date) -> "TokenDays | None":
        """On the plan's day, for a page stays as it is; None of a token that is younger."""
        if vendor.token_issued > today:
            return None
        left = max((vendor.token_expires - today).days, 0)
        return cls(left, vendor.token_lifetime // timedelta(days=1), vendor.token_expires)

    @property
    def share(self) -> str:
        """In percent."""
        return f"{100 * self.left / self.whole:.2f}"
