"""A year of a company of which is known who uses a seat: what is made of it, against the truth."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from statistics import fmean
from typing import Protocol

from reconciler.forecast import Wanted, forecast
from support.scenarios.workforce import ADMINS, BEFORE, PROTECTED, Workforce, night

BACK_SOON = timedelta(days=30)
BACK_FROM_LEAVE = 14
"""Days within which nobody would call somebody idle who was away for months."""

RETENTION = timedelta(days=30)
"""That Entra ID P1 keeps sign-ins."""

WEEK, FOUR_WEEKS = 7, 28
AHEAD = (4, 13, 26)
"""Weeks for which a forecast is made, every four weeks."""

WITHOUT_A_RUN, READ_IN_PART = 0.03, 0.02
"""A night's chance for each."""


@dataclass(frozen=True)
class Night:
    """What a night came to, by the names of users: who was called `idle` (None where nobody could
    be, for sign-ins are not known), whose seat was `reclaimed`, who holds one now. `waiting` for a
    seat are so many users, and `wanted` are so many seats.
    """

    idle: frozenset[str] | None
    reclaimed: frozenset[str]
    holders: frozenset[str]
    waiting: int
    wanted: int


class Product(Protocol):
    """How nights are run: by the rules alone, or by commands."""

    def holders(self) -> frozenset[str]:
        """Who holds a seat before the first night."""

    def run_night(self, day: int, *, reclaim: bool, read_in_part: bool) -> Night:
        """What is made of the workforce as it is now."""


@dataclass
class Forecasts:
    """So many weeks ahead: in how many cases what came was in the range, and by how many seats the
    forecast was off, and how many "as today" would have been.
    """

    covered: list[bool] = field(default_factory=list)
    off: list[float] = field(default_factory=list)
    as_today_off: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{sum(self.covered)} of {len(self.covered)} in the range of 80 %,"
            f" {fmean(self.off):.1f} seats off (as today {fmean(self.as_today_off):.1f})"
        )


@dataclass
class Tally:
    """Seat-nights, counted by what was said and what is true.

    `wrong` are those named, or reclaimed, that must never be: by who it is. `idle` are seats that
    nobody has used for so long, by the whole truth, `found` those of them that are named; `watched`
    and `watched_found` the same from the night on which sign-ins were watched for so long; nights
    on which nobody could be called idle are only counted, as `unknown`. `named` are users who were
    named, `back_soon` those who used the seat within 30 days after they were first named, without
    having been asked; `back_from_leave` those who were named within 14 days after their leave.
    `waiting` counts the days of all users in the queue, `asked_again` who signed in after that
    theirs was reclaimed.
    """

    runs: int = 0
    unknown: int = 0
    named: int = 0
    back_soon: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    idle: int = 0
    found: int = 0
    watched: int = 0
    watched_found: int = 0
    waiting: int = 0
    reclaimed: int = 0
    asked_again: int = 0
    back_from_leave: set[str] = field(default_factory=set)
    forecasts: dict[int, Forecasts] = field(
        default_factory=lambda: {weeks: Forecasts() for weeks in AHEAD}
    )


class IdleYear:
    """`reclaim_every` so many days seats that are `idle` are announced to be taken back, and those
    are whose grace is over; None: never.

    After the last night life goes on for as long as forecasts reach.
    """

    def __init__(
        self, workforce: Workforce, product: Product, *, idle: timedelta, reclaim_every: int | None
    ) -> None:
        self.tally = Tally()
        self._workforce, self._product = workforce, product
        self._idle, self._reclaim_every = idle, reclaim_every
        self._random = Random(workforce.seed)  # noqa: S311
        self._held_since = dict.fromkeys(product.holders(), night(-BEFORE))
        self._watched_since: datetime | None = None
        self._first_named: dict[str, datetime] = {}
        self._taken: dict[str, datetime] = {}
        self._last_reclaim = 0
        self._waiting = 0
        self._wanted: list[Wanted] = []
        self._people: list[int] = []

    def live(self, days: int, step: int) -> Tally:
        """`step`: a run in so many nights, or the next one after a failure; life goes on between
        them.
        """
        due = 0
        for day in range(days):
            fails, in_part = (self._random.random() < p for p in (WITHOUT_A_RUN, READ_IN_PART))
            if day >= due and not fails:
                self._run(day, read_in_part=in_part)
                due = day + (1 if in_part else step)
            self.tally.waiting += self._waiting
            self._live(day)
        self._ask_who_came_back()
        for day in range(days, days + WEEK * max(AHEAD)):
            self._live(day)
        self._judge_forecasts(days)
        return self.tally

    def _live(self, day: int) -> None:
        self._people.append(len(self._workforce.people))
        self._workforce.live(day)

    def _run(self, day: int, *, read_in_part: bool) -> None:
        now, tally = night(day), self.tally
        every = self._reclaim_every
        reclaim = every is not None and day - self._last_reclaim >= every and not read_in_part
        if reclaim:
            self._last_reclaim = day
        self._forget_who_left()
        done = self._product.run_night(day, reclaim=reclaim, read_in_part=read_in_part)
        self._judge(done.reclaimed, day)
        if done.idle is None:
            tally.unknown += 1
        else:
            self._watched_since = self._watched_since or now
            self._judge(done.idle, day)
            self._recall(done.idle, day)
        tally.runs += 1
        self._waiting = done.waiting
        tally.reclaimed += len(done.reclaimed)
        self._taken |= dict.fromkeys(done.reclaimed, now)
        self._held_since = {name: self._held_since.get(name, now) for name in done.holders}
        self._wanted.append((now.date(), done.wanted))

    def _judge(self, named: Collection[str], day: int) -> None:
        """Whether any of them is called idle who must not be."""
        now, wrong = night(day), self.tally.wrong
        on_leave = self._workforce.on_leave(day)
        for name in named:
            person = self._workforce.people[name]
            self._first_named.setdefault(name, now)
            wrong["new starters"] += now - self._held_since[name] < self._idle
            wrong["people on leave"] += name in on_leave
            wrong["protected people"] += name in PROTECTED
            wrong["admins"] += person.set == ADMINS
            wrong["people who used it"] += now - self._workforce.last_use(name) < self._idle
            if person.on_leave and 0 <= day - person.on_leave.stop < BACK_FROM_LEAVE:
                self.tally.back_from_leave.add(name)

    def _recall(self, named: Collection[str], day: int) -> None:
        now, workforce, tally = night(day), self._workforce, self.tally
        never = {*PROTECTED, *workforce.on_leave(day)}
        truly = {
            name
            for name, since in self._held_since.items()
            if name in workforce.people.keys() - never
            and workforce.people[name].set != ADMINS
            and now - max(workforce.last_use(name), since) >= self._idle
        }
        tally.idle += len(truly)
        tally.found += len(truly.intersection(named))
        if self._watched_since and now - self._watched_since >= self._idle:
            tally.watched += len(truly)
            tally.watched_found += len(truly.intersection(named))

    def _forget_who_left(self) -> None:
        people = self._workforce.people
        self._held_since = {name: at for name, at in self._held_since.items() if name in people}

    def _ask_who_came_back(self) -> None:
        uses = self._workforce.uses
        self.tally.named = len(self._first_named)
        self.tally.back_soon = sum(
            any(at < used <= at + BACK_SOON for used in uses.get(name, ()))
            for name, at in self._first_named.items()
        )
        self.tally.asked_again = sum(
            any(used > at for used in uses.get(name, ())) for name, at in self._taken.items()
        )

    def _judge_forecasts(self, days: int) -> None:
        """Every four weeks what is forecast by the plans until then, against how many came."""
        for day in range(FOUR_WEEKS, days, FOUR_WEEKS):
            found = forecast([one for one in self._wanted if one[0] <= night(day).date()])
            for weeks, judged in self.tally.forecasts.items():
                if found and found.weeks >= weeks:
                    came, (low, high) = self._people[day + WEEK * weeks], found.after(weeks)
                    judged.covered.append(low <= came <= high)
                    judged.off.append(abs(came - found.expected(weeks)))
                    judged.as_today_off.append(abs(came - found.wanted))
