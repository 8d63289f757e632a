"""People of whom is known when they use their seat: they come and go, and are away or on leave.

Everything is drawn from one seed; days are counted from the first night.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from reconciler.model.sign_ins import SignIn
from support.worlds.world import guid

NEVER = 10_000
"""A day that does not come."""

BEFORE = 200
"""Days of life before the first night: who uses a seat does not begin with the watch."""

SETS = {"Sales Team": ["Sales"], "Portal Admins": ["Sales"]}
TEAM, ADMINS = SETS
ON_LEAVE = "HR on leave"
PROTECTED = tuple(f"protected{at}" for at in range(3))
DOMAIN = "example.org"

FIRST_NIGHT = datetime(2027, 1, 4, 3, tzinfo=UTC)
LEAVING, JOINING = 0.010, 0.0125
"""A week's chance for each: the company grows by an eighth in a year, more or less."""


def night(day: int) -> datetime:
    return FIRST_NIGHT + timedelta(days=day)


@dataclass
class Person:
    """`first` is the day from which on the person uses the seat, `last` the day after which they do
    not; `away` are days of holidays, `on_leave` those of which the directory has a group. `often`
    is the chance to sign in on a workday.
    """

    name: str
    set: str = TEAM
    first: int = 0
    last: int = NEVER
    often: float = 0.6
    away: range = range(0)
    on_leave: range = range(0)

    def signs_in(self, day: int) -> bool:
        """By a chance that depends on nothing else that happens."""
        chance = Random(f"{self.name} {day}").random()  # noqa: S311
        there = self.first <= day <= self.last and day not in self.away
        return there and day not in self.on_leave and day % 7 < 5 and chance < self.often


@dataclass
class Workforce:
    """Who is there, and who signed in until now: `log` has all of it, the oldest first."""

    seed: int
    size: int
    people: dict[str, Person] = field(default_factory=dict)
    log: list[SignIn] = field(default_factory=list)
    uses: dict[str, list[datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311
        for at in range(self.size):
            person = self._colleague(at)
            self.people[person.name] = person
        for day in range(-BEFORE, 0):
            self.live(day)

    def live(self, day: int) -> None:
        """Once a week some leave and others join; whoever wants to use the seat signs in."""
        if day >= 0 and day % 7 == 0:
            self._leave_and_join(day)
        for person in self.people.values():
            if person.signs_in(day):
                at = night(day) + timedelta(hours=7)
                self.uses.setdefault(person.name, []).append(at)
                self.log.append(SignIn(guid(f"{person.name} {day}"), guid(person.name), at, True))

    def on_leave(self, day: int) -> set[str]:
        return {name for name, person in self.people.items() if day in person.on_leave}

    def last_use(self, name: str) -> datetime:
        return self.uses.get(name, [night(-BEFORE)])[-1]

    def _colleague(self, at: int) -> Person:
        """Three are protected and never sign in, four are admins, who hardly do. Of the others a
        tenth seldom signs in, a seventh stops some day, a twentieth never began, some go on leave.
        """
        draw = self._random
        if at < len(PROTECTED):
            return Person(PROTECTED[at], often=0.0)
        if at < 7:
            return Person(f"admin{at}", ADMINS, -BEFORE, often=0.005)
        person, what = Person(f"user{at}", first=-BEFORE), draw.random()
        if what < 0.10:
            person.often = 0.04
        elif what < 0.25:
            person.last = draw.randrange(-60, 330)
        elif what < 0.30:
            person.first = NEVER
        elif what < 0.37:
            begin = draw.randrange(-30, 200)
            person.on_leave = range(begin, begin + draw.randrange(100, 250))
        holidays = draw.randrange(300)
        person.away = range(holidays, holidays + draw.randrange(10, 40))
        return person

    def _leave_and_join(self, day: int) -> None:
        draw = self._random
        ordinary = [name for name in self.people if name.startswith(("user", "new"))]
        gone = [name for name in ordinary if draw.random() < LEAVING]
        joining = sum(draw.random() < JOINING for _ in self.people)
        for name in gone:
            del self.people[name]
        for at in range(joining):
            often = 0.6 if draw.random() < 0.9 else 0.0
            person = Person(f"new{day}-{at}", first=day + draw.randrange(75), often=often)
            self.people[person.name] = person
