"""The matrix of habits and events: a small company's life beside each habit of a vendor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import time_machine
from scim2_models import Email, Group, Name, User

from connectors.sandbox.habits.habit import Habit
from connectors.sandbox.habits.identity import CreatingTakesOver, UserNamesNotUnique
from connectors.sandbox.habits.lists import CursorPages
from connectors.sandbox.habits.registry import HABITS, habits_named
from connectors.sandbox.habits.sets_as_attribute import ATTRIBUTE, ATTRIBUTE_SETS, NoGroups
from support.counterparts.small_tenant import guid
from support.scenarios.four_nights import FourNights
from support.scenarios.habit_outcomes import FAULTS, SERVED, Counts
from support.scenarios.small_company import EVENTS, MEMBERS, SALES, Changes

ORDINARY = {**dict.fromkeys(EVENTS, SERVED), "seats full": "S8"}
"""What becomes of whom beside a tidy vendor: everybody is served until no seat is left."""

FIRST_NIGHT = datetime(2027, 1, 4, 3, tzinfo=UTC)

SMALL = 5
"""Of habits that have a size: resources on a page, members that are shown."""


@dataclass(frozen=True)
class Row:
    """Habits that a vendor has at once; `otherwise` are the outcomes that are not ordinary.

    `odd` is what Entra ID says of some people, and `there` puts at the vendor what was there first.
    """

    habits: tuple[str, ...] = ()
    otherwise: Mapping[str, str] = field(default_factory=dict)
    odd: Changes = field(default_factory=dict)
    there: Callable[[FourNights], None] = lambda _: None

    @property
    def outcomes(self) -> dict[str, str]:
        """Per event: served, or the code of the situation that is told."""
        return {**ORDINARY, **self.otherwise}

    def differences(self, outcomes: Mapping[str, str]) -> dict[str, str]:
        """What became of somebody and is not expected; where chance decides, both are."""
        expected = {event: told.split(" or ") for event, told in self.outcomes.items()}
        return {event: told for event, told in outcomes.items() if told not in expected[event]}

    def live(self, folder: Path) -> tuple[dict[str, str], Counts]:
        """A whole life: what became of whom, and what was wrong with it."""
        habits = [_small(habit) for habit in habits_named(self.habits)]
        attribute = ATTRIBUTE if NoGroups.name in self.habits else ""
        with time_machine.travel(FIRST_NIGHT) as clock:
            life = FourNights(folder, habits, attribute, self.odd)
            with life.sandbox:
                self.there(life)
                return life.live(clock)


def _small(habit: Habit) -> Habit:
    if hasattr(habit, "most"):
        habit.most = SMALL
    return habit


def everybody_is_there(life: FourNights) -> None:
    """The sellers have accounts that are linked, and are in their group."""
    sellers = [_stored(life, User, **_user(name)) for name in MEMBERS[0][SALES].split()]
    members = [Group.Members(value=seller) for seller in sellers]
    _stored(life, Group, display_name=SALES, members=members)


def cyds_name_is_taken(life: FourNights) -> None:
    """The portal knows somebody else of cyd's user name."""
    said = _user("cyd") | {"external_id": None, "name": Name(given_name="Other", family_name="One")}
    _stored(life, User, **{**said, "emails": [Email(value="other@moor.example", type="work")]})


def _user(name: str) -> dict[str, Any]:
    address = f"{name}@harbour.example"
    return {
        "user_name": address,
        "external_id": guid(name),
        "name": Name(given_name=name.title(), family_name="Abel"),
        "emails": [Email(value=address, type="work", primary=True)],
        "active": True,
    }


def _stored(life: FourNights, model: type[Any], **attributes: Any) -> str:
    vendor = life.sandbox.vendor
    kind = vendor.service.get_resource_type(model.__name__)
    return str(vendor.storage.create(kind, model(**attributes)).id)


INNER: Changes = {"ann": {"mail": "ann@corp.local"}}
UNUSUAL: Changes = {"ben": {"surname": "Mu\u0308ller"}, "cyd": {"surname": "Abel "}}

_SPECIAL = {
    "tidy": Row(),
    "tidy, with an inner mail address": Row(odd=INNER),
    "tidy, with everybody there before": Row(there=everybody_is_there),
    "cursor-pages, names not unique, with everybody there before": Row(
        (CursorPages.name, UserNamesNotUnique.name), there=everybody_is_there
    ),
    CreatingTakesOver.name: Row(
        (CreatingTakesOver.name,), {"first connection": "A5"}, there=cyds_name_is_taken
    ),
    "names-normalised": Row(("names-normalised",), odd=UNUSUAL),
}

SETS_IN_AN_ATTRIBUTE = {make().name for make in ATTRIBUTE_SETS}


def _all_but(*events: str, code: str) -> dict[str, str]:
    return {event: code for event in EVENTS if event not in events}


_STUCK = {"move": "V18", "seats full": "S2"}
"""Where nobody can leave a set, and so no seat becomes free."""

OTHERWISE: dict[str, dict[str, str]] = {
    "first-page-only": _all_but("first connection", "return", code="R3"),
    "total-counts-the-hidden": _all_but("leave", "disable", code="R3"),
    "pages-without-order": {event: f"{told} or R3" for event, told in ORDINARY.items()},
    "user-names-immutable": {"rename": "V13"},
    "formatted-name-required": _all_but("leave", "disable", code="V20"),
    "last-member-stays": {"leave": "V17, V18"},
    "groups-need-a-member": {"leave": "V17, V18"},
    "members-cannot-be-removed": {**_STUCK, "leave": "V17, V18", "disable": "V18"},
    "members-never-removed": {**_STUCK, "leave": "V10, V17, V18", "disable": "V10, V18"},
}
"""Per habit the outcomes that are not ordinary. What cannot be read is left as it is, and told.

Where pages come in another order each time, chance decides whether everybody is seen.
"""


def _row(name: str) -> Row:
    otherwise = OTHERWISE.get(name, {})
    if name in SETS_IN_AN_ATTRIBUTE:
        return Row((NoGroups.name, name), {"seats full": "S2", **otherwise})
    return Row((name,), otherwise)


ROWS: dict[str, Row] = {**_SPECIAL, **{name: _row(name) for name in HABITS if name not in _SPECIAL}}


def drawn(number: int, seed: int) -> list[str]:
    """Some rows by chance, the tidy vendor always among them, in the matrix' order."""
    others = Random(seed).sample([name for name in ROWS if name != "tidy"], number)  # noqa: S311
    return [name for name in ROWS if name == "tidy" or name in others]


def table(counts: Mapping[str, Counts]) -> str:
    """Per row how often each fault was seen, and how many requests beyond a tidy vendor's."""
    tidy = counts["tidy"].requests if "tidy" in counts else 0
    width = max(map(len, counts))
    lines = ["  ".join(["habit".ljust(width), *FAULTS, "requests"])]
    for name, one in counts.items():
        numbers = [str(n).rjust(len(fault)) for n, fault in zip(one.numbers, FAULTS, strict=True)]
        lines.append("  ".join([name.ljust(width), *numbers, f"{one.requests - tidy:+8}"]))
    return "\n".join(lines)


def documentation() -> str:
    """A line per habit: what it imitates, where that was seen, and what comes of it here."""
    lines = ["| habit | imitates | seen | seatsync | so that |", "| --- | --- | --- | --- | --- |"]
    for name, make in HABITS.items():
        habit = make()
        told = (f"`{name}`", habit.imitates, habit.source, habit.does, _so_that(name))
        lines.append(f"| {' | '.join(told)} |")
    return "\n".join(lines)


def _so_that(name: str) -> str:
    events: dict[str, list[str]] = {}
    for event, outcome in ROWS[name].otherwise.items():
        events.setdefault(outcome, []).append(event)
    told = "; ".join(f"{', '.join(those)}: {outcome}" for outcome, those in events.items())
    return told or "everybody is served while there are seats"
