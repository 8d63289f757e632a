"""A year of a company of which is known who uses a seat: what the idle rule makes of it.

The rules are those of the product (`reconciler.idle`, `reconcile`), on rows in memory: every night
at 3:00 sign-ins are read on, what is idle is named, and the plan is carried out. What is
random is drawn from one seed, and the same whether idle seats are taken back or not.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from reconciler.columns import frames
from reconciler.idle.idle_seats import idle_seats
from reconciler.idle.watch import continued, read_from
from reconciler.model.sign_ins import SeatUse, SignIn, SignInsRead, Watch
from reconciler.planning.evaluation import Evaluation
from reconciler.reconcile import plan_of
from support.worlds.world import NOW, World, guid

APPLICATION = "app"
IDLE = timedelta(days=90)
RETENTION = timedelta(days=30)
"""That Entra ID P1 keeps sign-ins."""

BEFORE = 200
"""Days of life before the first night: who uses a seat does not begin with the watch."""

BACK_SOON = timedelta(days=30)
BACK_FROM_LEAVE = 14
"""Days within which nobody would call somebody idle who was away for months."""

SETS = {"Sales Team": ["Sales"], "Portal Admins": ["Sales"]}
TEAM, ADMINS = SETS
NIGHTS_WITHOUT_A_RUN, READ_IN_PART = 0.03, 0.02


@dataclass
class Person:
    """Days are counted from the first night. `first` is the day from which on the person uses the
    seat, `last` the day after which they do not; `away` are days of leave or holidays, `on_leave`
    those of which the directory has a group. `often` is the chance to sign in on a workday.
    """

    name: str
    joined: int
    first: int = 0
    last: int = 10_000
    often: float = 0.6
    away: list[range] = field(default_factory=list)
    on_leave: range = range(0)

    def signs_in(self, day: int, chance: float) -> bool:
        present = self.first <= day <= self.last and not any(day in some for some in self.away)
        return present and day not in self.on_leave and day % 7 < 5 and chance < self.often


@dataclass
class Tally:
    """Seat-nights, counted by what the rule said and what is true.

    `wrong` are those named that must never be: by who it is. `idle` are seats that nobody has used
    for 90 days, by the whole truth, `found` those of them that are named; `watched` and
    `watched_found` the same from the night on which sign-ins were watched for 90 days. `named` are
    users who were named, `back_soon` those who used the seat within 30 days after they were first
    named, without having been asked; `back_from_leave` those who were named within 14 days after
    their leave. `waiting` counts user-nights in the queue.
    """

    nights: int = 0
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


class IdleYear:
    """`reclaiming`: after every 30 nights whoever is named is taken out of the group; they ask to
    be put in again on the day on which they would have used the seat.
    """

    def __init__(self, seed: int, *, people: int = 120, seats: int = 112, reclaiming: bool) -> None:
        self._random, self._reclaiming = Random(seed), reclaiming  # noqa: S311
        self.tally = Tally()
        self.world = World(
            sets=SETS,
            seats={"Sales": seats},
            admins=(ADMINS,),
            policy={"protected": [f"protected{at}@example.org" for at in range(3)]},
        )
        self.people: dict[str, Person] = {}
        self._signed_in: dict[str, list[datetime]] = {}
        self._log: list[SignIn] = []
        self._watch: Watch | None = None
        self._last: dict[str, datetime] = {}
        self._held: dict[tuple[str, str], datetime] = {}
        self._got: dict[str, datetime] = {}
        self._first_named: dict[str, datetime] = {}
        self._out: set[str] = set()
        self._last_reclaim = 0
        for at in range(people):
            self._begin_with(at)
        for day in range(-BEFORE, 0):
            self._live(day)

    def live(self, nights: int, step: int = 1) -> Tally:
        """`step`: a run in so many nights; life goes on between them."""
        for day in range(nights):
            if day % 7 == 0:
                self._one_comes_and_one_goes(day)
            if day % step == 0 and self._random.random() >= NIGHTS_WITHOUT_A_RUN:
                self._run(day)
            self._live(day)
        self.tally.nights = nights
        self.tally.named = len(self._first_named)
        self.tally.back_soon = sum(
            any(at < used <= at + BACK_SOON for used in self._signed_in.get(name, ()))
            for name, at in self._first_named.items()
        )
        return self.tally

    # The company

    def _begin_with(self, at: int) -> None:
        """A tenth seldom signs in, a seventh stops some day, a twentieth never began, some go on
        leave; all of them had their seat for long.
        """
        draw = self._random
        if at < 7:
            kind, group = ("protected", TEAM) if at < 3 else ("admin", ADMINS)
            person = Person(f"{kind}{at}", -BEFORE, often=0.0 if at < 3 else 0.005)
        else:
            group, person = TEAM, Person(f"user{at}", -BEFORE)
            what = draw.random()
            if what < 0.10:
                person.often = 0.04
            elif what < 0.25:
                person.last = draw.randrange(-60, 330)
            elif what < 0.30:
                person.first = 10_000
            elif what < 0.37:
                begin = draw.randrange(-30, 200)
                person.on_leave = range(begin, begin + draw.randrange(100, 250))
            holidays = draw.randrange(300)
            person.away.append(range(holidays, holidays + draw.randrange(10, 40)))
        self._joins(person, group)
        self.world.account(person.name, group)
        self._got[person.name] = _night(-BEFORE)

    def _joins(self, person: Person, group: str) -> None:
        self.people[person.name] = person
        self.world.person(person.name, group)

    def _one_comes_and_one_goes(self, day: int) -> None:
        draw = self._random
        gone = draw.choice([name for name in self.people if name.startswith(("user", "new"))])
        del self.people[gone]
        self.world.people.pop(guid(gone))
        self._leaves_the_group(gone)
        self._out.discard(gone)
        often = 0.6 if draw.random() < 0.9 else 0.0
        self._joins(Person(f"new{day}", day, day + draw.randrange(75), often=often), TEAM)

    def _leaves_the_group(self, name: str) -> None:
        self.world.members = [row for row in self.world.members if row[1] != guid(name)]

    def _live(self, day: int) -> None:
        """Who has a seat and wants to use it signs in; who wants to and was taken out asks."""
        for name, person in list(self.people.items()):
            chance = Random(f"{name} {day}").random()  # noqa: S311  # the same in both lives
            wants = person.signs_in(day, chance)
            if wants and name in self._got:
                self._signs_in(name, day)
            elif wants and name in self._out:
                self._out.discard(name)
                self.world.members.append((TEAM, guid(name), "user"))
                self.tally.asked_again += 1

    def _signs_in(self, name: str, day: int) -> None:
        at = _night(day) + timedelta(hours=7)
        self._signed_in.setdefault(name, []).append(at)
        self._log.append(SignIn(f"{name} {day}", guid(name), at, succeeded=True))

    # The night

    def _run(self, day: int) -> None:
        now = self.world.now = _night(day)
        use = self._read_sign_ins(now)
        evaluation = self.world.evaluation(f"{day:08x}")
        on_leave = [name for name, one in self.people.items() if day in one.on_leave]
        named = self._named(evaluation, use, on_leave)
        self._count(named, on_leave, now)
        if self._reclaiming and day - self._last_reclaim >= 30:
            self._last_reclaim = day
            self._reclaim(named)
            evaluation = self.world.evaluation(f"{day:08x}")
        plan = plan_of(evaluation)
        self.tally.waiting += len(plan.waiting)
        self.world.apply(plan)
        self._note_who_holds(now)

    def _read_sign_ins(self, now: datetime) -> SeatUse:
        """What of the log is there yet, from where the last run stopped; sometimes not all."""
        held = {(name, account) for name, account in self.world.holdings}
        self._held = {pair: self._held.get(pair, now) for pair in sorted(held)}
        since = max(read_from(self._watch, APPLICATION, now), now - RETENTION)
        begin = bisect_left(self._log, since, key=lambda one: one.at)
        because = "a page is missing" if self._random.random() < READ_IN_PART else ""
        read = SignInsRead(now, tuple(self._log[begin:]), because)
        self._watch, _ = continued(self._watch, APPLICATION, read)
        self._last |= {one.user: one.at for one in read.sign_ins}
        return SeatUse(
            self._watch,
            frames.frame(
                frames.LAST_SIGN_INS, ({"id": i, "last": at} for i, at in self._last.items())
            ),
            frames.frame(
                frames.HELD_SINCE,
                ({"set": s, "account": a, "since": at} for (s, a), at in self._held.items()),
            ),
        )

    def _named(self, evaluation: Evaluation, use: SeatUse, on_leave: list[str]) -> set[str]:
        if use.watch is None:
            return set()
        excluded = {guid(name) for name in on_leave}
        seats = idle_seats(evaluation, use, use.watch, excluded, IDLE)
        return {seat.user.name.removesuffix("@example.org") for seat in seats}

    def _count(self, named: set[str], on_leave: list[str], now: datetime) -> None:
        never = {"protected": "protected people", "admin": "admins"}
        for name in named:
            self._first_named.setdefault(name, now)
            if now - self._got[name] < IDLE:
                self.tally.wrong["new starters"] += 1
            if name in on_leave:
                self.tally.wrong["people on leave"] += 1
            for prefix, who in never.items():
                self.tally.wrong[who] += name.startswith(prefix)
            self.tally.wrong["people who used it"] += now - self._last_use(name) < IDLE
            if self._is_just_back(name, now):
                self.tally.back_from_leave.add(name)
        truly = {
            name
            for name in self.people.keys() & self._got.keys()
            if name.startswith(("user", "new"))
            and name not in on_leave
            and now - max(self._last_use(name), self._got[name]) >= IDLE
        }
        self.tally.idle += len(truly)
        self.tally.found += len(truly & named)
        if self._watch and now - self._watch.since >= IDLE:
            self.tally.watched += len(truly)
            self.tally.watched_found += len(truly & named)

    def _is_just_back(self, name: str, now: datetime) -> bool:
        leave = self.people[name].on_leave
        return bool(leave) and 0 <= (now - _night(leave.stop)).days < BACK_FROM_LEAVE

    def _last_use(self, name: str) -> datetime:
        return self._signed_in.get(name, [_night(-BEFORE)])[-1]

    def _reclaim(self, named: set[str]) -> None:
        for name in named:
            self._leaves_the_group(name)
            self._out.add(name)
        self.tally.reclaimed += len(named)

    def _note_who_holds(self, now: datetime) -> None:
        """Per name since when."""
        accounts = {row["externalId"]: at for at, row in self.world.accounts.items()}
        holders = {account for _, account in self.world.holdings}
        self._got = {
            name: self._got.get(name, now)
            for name in self.people
            if accounts.get(guid(name)) in holders
        }


def _night(day: int) -> datetime:
    return NOW + timedelta(days=day)
