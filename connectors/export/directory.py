"""The tenant of an export as jobs use it, in the place of `connectors.entra.client.Entra`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import pandas as pd

from config.settings import DirectoryFile, SubscriptionSet
from config.values import is_guid
from connectors.errors import ConnectorError
from connectors.export.content import Export, ExportedGroup, read_export
from reconciler.model import frames
from reconciler.model.snapshot import Directory, Group, GroupRead
from reconciler.names import fold


class ExportedDirectory:
    """Reads the file once. Every method may raise `connectors.errors.ConnectorError`."""

    def __init__(self, directory: DirectoryFile) -> None:
        self._directory = directory

    @cached_property
    def content(self) -> Export:
        """The whole file."""
        return read_export(self._directory.file)

    @cached_property
    def _groups_alike(self) -> dict[str, list[Group]]:
        alike: dict[str, list[Group]] = {}
        for one in self.content.groups.values():
            alike.setdefault(fold(one["displayName"]), []).append(_group(one))
        return alike

    def read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        """Every set's group with its members, those of groups inside it where so configured."""
        reads = tuple(self._read(item) for item in sets)
        rows = [
            {"set": read.set, "id": member, "kind": kind}
            for item, read in zip(sets, reads, strict=True)
            if read.group
            for member, kind in self._members(item, read.group.id)
        ]
        advance(len(rows))
        people = dict.fromkeys(row["id"] for row in rows if row["kind"] == "user")
        return Directory(
            tenant_id=self._directory.tenant_id,
            reads=reads,
            members=frames.frame(frames.MEMBERS, rows),
            people=self._frame(people, attributes),
        )

    def look_up(
        self, ids: Iterable[str], attributes: Sequence[str], advance: Callable[[int], None]
    ) -> pd.DataFrame:
        """The people of these object ids: present, deleted, or gone where the file has them not.

        Ids that are no GUIDs are nobody's here.
        """
        wanted = sorted({value.lower() for value in ids if is_guid(value)})
        advance(len(wanted))
        return self._frame(wanted, attributes)

    def settle(
        self, directory: Directory, sets: Sequence[SubscriptionSet], leavers: Iterable[str]
    ) -> Directory:
        """The same: nobody moves in a file."""
        return directory

    def _read(self, item: SubscriptionSet) -> GroupRead:
        """A group is incomplete where it has members of whom the file says nothing."""
        alike = self._groups_alike.get(fold(item.name), [])
        pinned = self.content.groups.get(item.group_id or "")
        found = GroupRead(
            item.name,
            exact=tuple(group for group in alike if group.name == item.name),
            near=tuple(group for group in alike if group.name != item.name),
            pinned=_group(pinned) if pinned else None,
        )
        if found.group is None:
            return found
        unknown = self._unknown(self.content.groups[found.group.id])
        return GroupRead(
            found.set,
            found.exact,
            found.near,
            found.pinned,
            complete=not unknown,
            because=f"the export has nothing of {unknown} of its members" if unknown else "",
            pages=1,
            members=sum(1 for _ in self._members(item, found.group.id)),
        )

    def _members(self, item: SubscriptionSet, group_id: str) -> Iterator[tuple[str, str]]:
        """Ids and kinds, each once; as with Graph, nobody in the recycle bin is a member."""
        groups = self._with_nested(group_id) if item.nested == "expand" else [group_id]
        members = (at for one in groups for at in self.content.groups[one].get("members", ()))
        for member in dict.fromkeys(members):
            if member in self.content.users:
                yield member, "user"
        if item.nested == "skip":
            for nested in dict.fromkeys(self.content.groups[group_id].get("memberGroups", ())):
                yield nested, "group"

    def _with_nested(self, group_id: str) -> list[str]:
        """The group and all groups in it, at any depth; some contain one another."""
        found = [group_id]
        for one in found:
            inner = self.content.groups[one].get("memberGroups", ())
            found += [at for at in inner if at in self.content.groups and at not in found]
        return found

    def _unknown(self, group: ExportedGroup) -> int:
        users, deleted = self.content.users, self.content.deleted
        return sum(at not in users and at not in deleted for at in set(group.get("members", ())))

    def _frame(self, ids: Iterable[str], attributes: Iterable[str]) -> pd.DataFrame:
        rows = [self._person(value) for value in ids]
        for row in rows:
            for name in attributes:
                if not isinstance(row.get(name), str | bool | None):
                    what = f"reading the export {self._directory.file}"
                    raise ConnectorError(what, f"{name} of user {row['id']} is no text")
        return frames.frame(frames.PEOPLE, rows, extra=attributes)

    def _person(self, value: str) -> Mapping[str, object]:
        content = self.content
        if value in content.users:
            return {**content.users[value], "presence": "present"}
        if value in content.deleted:
            return {**content.deleted[value], "presence": "deleted"}
        return {"id": value, "presence": "gone"}


def _group(exported: ExportedGroup) -> Group:
    return Group(exported["id"], exported["displayName"])
