"""Which of the vendor's groups is bound to which set: by the exact name, as the guide says."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.scim.attribute_paths import Resource
from connectors.scim.reading.previously_seen import NOTHING_KNOWN, Known


@dataclass(frozen=True)
class BoundGroups:
    """Groups by id, with the names that seatsync knows; the rest as in `protocol.Held`."""

    names: Mapping[str, str]
    vendor_names: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[str, ...] = ()

    def of(self, sets: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Per set's name the ids of its groups."""
        found: dict[str, tuple[str, ...]] = {}
        for group, name in self.names.items():
            if name in sets:
                found[name] = (*found.get(name, ()), group)
        return found


class GroupNames:
    """What is kept of a list of groups: their names by their ids."""

    def __init__(self) -> None:
        self.by_id: dict[str, str] = {}

    def add(self, groups: Sequence[Resource]) -> None:
        """Adds some groups."""
        self.by_id |= {str(group["id"]): display_name(group) for group in groups}


def bind(
    listed: GroupNames,
    sets: Collection[str],
    known: Known = NOTHING_KNOWN,
    name_of: Callable[[str], str | None] = lambda _: None,
) -> BoundGroups:
    """Finds the groups of the sets by name.

    Some vendors change the name of a group that they create: then the name that it got counts as
    the set's. A known group that is not listed is asked for by its id.
    """
    names = dict(listed.by_id)
    vendor_names: dict[str, str] = {}
    pending: list[str] = []
    for name in sorted(set(sets).difference(names.values())):
        for group in known.groups.get(name, ()):
            shown = names[group] if group in names else name_of(group)
            if shown is None and group in known.not_found:
                pending.append(name)
            if shown is not None and shown in {name, known.vendor_names.get(name)}:
                names[group] = name
                vendor_names |= {name: shown} if shown != name else {}
    return BoundGroups(names, vendor_names, tuple(pending))


def display_name(group: Resource) -> str:
    """Its displayName; of a group without one, the id."""
    return str(group.get("displayName") or group["id"])
