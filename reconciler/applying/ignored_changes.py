"""Whether the vendor's switch seems to be off (T5): it accepts changes of groups and makes none.

A single ignored change may be for want of a seat. If no change at all takes effect, the switch
seems to be off; if that is so in two sets, it is certain enough to send no more. Ignored removals
alone are not enough: some vendors ignore removals and nothing else.
"""

from collections.abc import Iterable

ENOUGH_SETS = 2


class Switch:
    """Counts what became of each change of a set's group that the vendor accepted.

    Removals do not count where the vendor is known to ignore them (`members_leave` is False).
    """

    def __init__(self, members_leave: bool = True) -> None:
        self._members_leave = members_leave
        self._works = False
        self._only_removals = True
        self._sets: set[str] = set()
        self.ignored = 0
        """Changes that were accepted, and not made."""

    def made(self) -> None:
        """A change took effect: the switch is on."""
        self._works = True

    def ignore(self, sets: Iterable[str], *, removal: bool) -> None:
        """A change was accepted and had no effect, for certain in the groups of these `sets`.

        A `removal` takes an account out of a group and puts it into no other.
        """
        if removal and not self._members_leave:
            return
        self._only_removals &= removal
        self._sets.update(sets)
        self.ignored += 1

    @property
    def looks_off(self) -> bool:
        """Whether all changes so far were ignored, and there were any."""
        return self.ignored > 0 and not self._works

    @property
    def is_plainly_off(self) -> bool:
        """Whether they were ignored in several sets, so that all others would be ignored, too."""
        return self.looks_off and not self._only_removals and len(self._sets) >= ENOUGH_SETS
