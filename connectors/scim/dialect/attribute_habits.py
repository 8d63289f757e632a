"""Attributes that the server keeps in its own way: seen when read back, and remembered."""

from collections import defaultdict
from collections.abc import Mapping

from connectors.scim.attribute_paths import Value
from connectors.scim.dialect.missing_attribute import missed
from connectors.scim.errors import ScimRefused
from reconciler.model.attribute_habits import Way, Ways, explanation, spelled
from reconciler.model.capabilities import MISSED, REQUIRED, Capabilities
from reconciler.model.unsendable_text import is_address

Kept = Mapping[str, str | None]
"""The attributes of an account by path, as they were read."""

_ONCE = "once"
"""Mark of a value that was not taken once, which may have a cause of its own. Twice is a habit."""

_IMMUTABLE = "mutability"  # RFC 7644, section 3.12


class Habits:
    """The server's habits, kept among its capabilities as ``{way}:{path}``."""

    def __init__(self, can: Capabilities) -> None:
        self._can = can

    @property
    def known(self) -> Ways:
        """The ways that are certain by now."""
        ways: defaultdict[str, set[Way]] = defaultdict(set)
        for feature, works in [*self._can.known.items()]:  # other workers learn meanwhile
            name, _, path = feature.partition(":")
            if works and path and name in set(Way):
                ways[path].add(Way(name))
        return {path: frozenset(some) for path, some in ways.items()}

    def is_fixed(self, path: str) -> bool:
        """Whether the server never changes this attribute of an account that exists."""
        return self._can.surely(f"{Way.FIXED}:{path}")

    def differing(self, asked: Mapping[str, Value], kept: Kept) -> tuple[str, ...]:
        """The paths whose values are not as asked for, other than by the server's known spelling.

        Another spelling of the same value is remembered as a habit.
        """
        for path, value in asked.items():
            if value is not None:
                self._see(path, str(value), kept)
        return tuple(p for p, value in asked.items() if not self._agrees(p, value, kept))

    def ignored(self, path: str) -> None:
        """Notes that a change was accepted, but the value is not the one that was asked for."""
        again = self._can.surely(f"{_ONCE}:{path}")
        self._can.learn(f"{Way.FIXED if again else _ONCE}:{path}", works=True)

    def refused(self, path: str, answer: ScimRefused) -> None:
        """Notes that a change of this attribute alone was refused."""
        if answer.scim_type == _IMMUTABLE:
            self._can.learn(f"{Way.FIXED}:{path}", works=True)

    @property
    def required(self) -> frozenset[str]:
        """The paths of attributes without which the server creates no account."""
        return self._marked(REQUIRED)

    def created(self, asked: Mapping[str, Value]) -> None:
        """Notes that an account was created with these attributes: it needs no others."""
        for mark in (MISSED, REQUIRED):
            for path in self._marked(mark).difference(asked):
                self._can.learn(f"{mark}:{path}", works=False)

    def not_created(self, asked: Mapping[str, Value], answer: ScimRefused) -> None:
        """Notes that the server refused to create an account with these attributes."""
        if path := missed(answer, asked):
            again = path in self._marked(MISSED)
            self._can.learn(f"{REQUIRED if again else MISSED}:{path}", works=True)

    def _marked(self, mark: str) -> frozenset[str]:
        known = [*self._can.known.items()]  # other workers learn meanwhile
        names = (feature.partition(":") for feature, works in known if works)
        return frozenset(path for name, _, path in names if name == mark and path)

    def _see(self, path: str, value: str, kept: Kept) -> None:
        said = kept.get(path)
        if said is None or said == value:
            return
        if ways := explanation(value, said):
            for way in ways - ({Way.CASE} if is_address(path) else set()):
                self._can.learn(f"{way}:{path}", works=True)
        elif path == "userName" and said.casefold() in _mails(kept):
            self._can.learn(f"{Way.MAIL}:{path}", works=True)

    def _agrees(self, path: str, asked: Value, kept: Kept) -> bool:
        if asked is None:
            return not kept.get(path)
        value = str(asked)
        said, ways = kept.get(path) or "", self.known.get(path, frozenset())
        if Way.MAIL in ways and said.casefold() in _mails(kept):
            return True
        if is_address(path):
            ways |= {Way.CASE}
        return spelled(value, ways) == spelled(said, ways)


def _mails(kept: Kept) -> set[str]:
    return {said.casefold() for path, said in kept.items() if said and path.startswith("emails")}
