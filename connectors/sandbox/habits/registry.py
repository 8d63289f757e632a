"""Every habit by its name, in the order in which they stand between client and vendor.

Whoever makes lists of its own comes first: it asks those behind it for all that they have.
"""

from collections.abc import Callable, Iterable

from connectors.sandbox.habits.active import ACTIVE
from connectors.sandbox.habits.attributes import ATTRIBUTES
from connectors.sandbox.habits.habit import Habit
from connectors.sandbox.habits.identity import IDENTITY
from connectors.sandbox.habits.lists import LISTS
from connectors.sandbox.habits.members import MEMBERS
from connectors.sandbox.habits.patch import PATCH
from connectors.sandbox.habits.seats import SEATS
from connectors.sandbox.habits.sets_as_attribute import ATTRIBUTE_SETS

_MAKERS: tuple[Callable[[], Habit], ...] = (
    *PATCH,
    *LISTS,
    *MEMBERS,
    *ATTRIBUTES,
    *ACTIVE,
    *IDENTITY,
    *ATTRIBUTE_SETS,
    *SEATS,
)

HABITS: dict[str, Callable[[], Habit]] = {make().name: make for make in _MAKERS}


def habits_named(names: Iterable[str]) -> tuple[Habit, ...]:
    """New ones, each once; a name that is none is a KeyError."""
    wanted = {name: HABITS[name] for name in names}
    return tuple(make() for name, make in HABITS.items() if name in wanted)
