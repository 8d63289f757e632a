"""The tenant of an export as jobs use it, in the place of `connectors.entra.client.Entra`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property

import pandas as pd

from config.directory import DirectoryFile
from config.field_types import is_guid
from config.subscription_set import SubscriptionSet
from connectors.entra_export.validation import Export, ExportedGroup, read_export
from connectors.errors import CounterpartError
from connectors.graph_group import group_of, latest
from reconciler.columns import frames
from reconciler.model.group_names import fold
from reconciler.model.group_read import ExportRead, ExportSize, Group, GroupRead
from reconciler.model.snapshot import Directory


class ExportedDirectory(AbstractContextManager["ExportedDirectory"]):
    """Reads the file once. Every method may raise `connectors.errors.CounterpartError`."""

    def __init__(self, directory: DirectoryFile) -> None:
        self._directory = directory

    def __exit__(self, *_: object) -> None:
        """There is nothing to give back."""

    @cached_property
    def content(self) -> Export:
        """The whole file."""
        return read_export(self._directory.file)

    @property
    def _export(self) -> ExportRead:
        content = self.content
        members = sum(_members_of(group) for group in content.groups.values())
        size = ExportSize(len(content.users), len(content.groups), members)
        return ExportRead(content.made, size, content.unproven)

    @cached_property
    def _groups_alike(self) -> dict[str, list[Group]]:
        alike: dict[str, list[Group]] = {}
        for one in self.content.groups.values():
            alike.setdefault(fold(one["displayName"]), []).append(group_of(one))
        return alike

    @cached_property
    def _deleted_groups(self) -> list[Group]:
        return [group_of(one) for one in self.content.deleted_groups.values()]

    def read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        """Every set's group with all of its members."""
        answers = [self._read(item) for item in sets]
        rows = [
            {"set": read.set, "id": member, "kind": kind}
            for read, members in answers
            for member, kind in members.items()
        ]
        advance(len(rows))
        people = dict.fromkeys(row["id"] for row in rows if row["kind"] == "user")
        return Directory(
            tenant_id=self._directory.tenant_id,
            reads=tuple(read for read, _ in answers),
            members=frames.frame(frames.MEMBERS, rows),
            people=self._frame(people, attributes),
            export=self._export,
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

    def confirms(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing_by: Callable[[], Mapping[str, Collection[str]]],
        attributes: Sequence[str],
    ) -> bool:
        """Yes: there is nothing else to ask."""
        return True

    def recheck(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing: Mapping[str, Collection[str]],
        gaining: Callable[[Directory], Collection[str]],
    ) -> Directory:
        """As it is: nobody moves in a file while it is read."""
        return directory

    def _read(self, item: SubscriptionSet) -> tuple[GroupRead, dict[str, str]]:
        """A group is incomplete where it has members of whom the file says nothing."""
        found = self._find(item)
        if found.group is None:
            return replace(found, complete=not self.content.cut, because=self.content.cut), {}
        members, because = self._members(found.group.id, expand=item.nested == "expand")
        because = self.content.cut or because
        return replace(
            found, complete=not because, because=because, pages=1, members=len(members)
        ), members

    def _find(self, item: SubscriptionSet) -> GroupRead:
        alike = self._groups_alike.get(fold(item.name), [])
        exact = tuple(group for group in alike if group.name == item.name)
        pinned = self.content.groups.get(item.group_id or "")
        unbound = not pinned if item.group_id else not exact
        return GroupRead(
            item.name,
            exact=exact,
            near=tuple(group for group in alike if group.name != item.name),
            pinned=group_of(pinned) if pinned else None,
            deleted=latest(self._deleted_groups, item) if unbound else None,
        )

    def _members(self, group_id: str, *, expand: bool) -> tuple[dict[str, str], str]:
        """Ids with their kinds, and why these are not all, or nothing.

        As with Graph, nobody in the recycle bin is a member, and of an expanded group the groups
        inside are none.
        """
        content = self.content
        people: dict[str, str] = {}
        unknown: set[str] = set()
        cuts: list[str] = []
        groups = [group_id]
        for at in groups:  # grows while it is walked
            group = content.groups[at]
            cuts += _cut(group)
            for member in group.get("members", ()):
                if member in content.users:
                    people[member] = "user"
                elif member not in content.deleted:
                    unknown.add(member)
            inner = group.get("memberGroups", ())
            if not expand:
                people |= dict.fromkeys(inner, "group")
                break
            unknown.update(one for one in inner if one not in content.groups)
            groups += [one for one in inner if one in content.groups and one not in groups]
        if unknown:
            cuts.append(f"the export has nothing of {len(unknown)} of its members")
        return people, "; ".join(cuts)

    def _frame(self, ids: Iterable[str], attributes: Iterable[str]) -> pd.DataFrame:
        rows = [self._person(value) for value in ids]
        for row in rows:
            for name in attributes:
                if not isinstance(row.get(name), str | bool | None):
                    what = f"reading the export {self._directory.file}"
                    raise CounterpartError(what, f"{name} of user {row['id']} is no text")
        return frames.frame(frames.PEOPLE, rows, extra=attributes)

    def _person(self, value: str) -> Mapping[str, object]:
        content = self.content
        if value in content.users:
            return {**content.users[value], "presence": "present"}
        if value in content.deleted:
            return {**content.deleted[value], "presence": "deleted"}
        return {"id": value, "presence": "gone"}


def _cut(group: ExportedGroup) -> Iterator[str]:
    """What the group's annotations say is missing of it."""
    if cut := group.get("cut"):
        yield cut
    said = group.get("counted", {}).get("members")
    there = _members_of(group)
    if said is not None and said != there:
        yield f'"members@odata.count" says {said}, and the export has {there}'


def _members_of(group: ExportedGroup) -> int:
    """As Graph counts them: nested groups among them."""
    return len(group.get("members", ())) + len(group.get("memberGroups", ()))
