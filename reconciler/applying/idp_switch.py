"""Whether the vendor's switch looks off (T5): it accepts changes of groups, and makes none.

One that is ignored alone may be a seat that is not there. Where none at all takes effect, nothing
is known about seats; in two sets that is plain, and nothing more need be asked. Removals alone do
not make it plain: some vendors ignore these and nothing else.
"""

from collections.abc import Iterable

ENOUGH_SETS = 2


class Switch:
    """Learns what became of each change of a set's group that the vendor accepted.

    What is known of a vendor that ignores removals (`members_leave` is False) is left out.
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
        """A change of a group was accepted, and nothing is to be seen of it; of these sets it is
        certain that nothing came of it. A `removal` takes an account out, and puts it nowhere.
        """
        if removal and not self._members_leave:
            return
        self._only_removals &= removal
        self._sets.update(sets)
        self.ignored += 1

    @property
    def looks_off(self) -> bool:
        """All changes so far were ignored."""
        return self.ignored > 0 and not self._works

    @property
    def is_plainly_off(self) -> bool:
        """They were, in several sets: what is left would be ignored as well."""
        return self.looks_off and not self._only_removals and len(self._sets) >= ENOUGH_SETS
