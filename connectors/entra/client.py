"""The tenant as jobs use it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from config.settings import Directory as DirectorySettings
from config.settings import SubscriptionSet
from connectors.entra.access import Access, read_access
from connectors.entra.groups import Found, find_groups
from connectors.entra.members import Members, read_members
from connectors.entra.people import PRESENT, look_up, people_frame, selected
from connectors.entra.token import AppToken
from connectors.entra.transport import Transport
from reconciler.model import frames
from reconciler.model.snapshot import Directory, GroupRead

TIME_BUDGET = 900.0
"""Seconds for everything that one method asks of Graph."""

AT_ONCE = 8
"""Groups that are read at the same time."""


class Entra:
    """Reads one tenant. Nothing is ever written.

    Every method may raise `connectors.errors.Unreachable`, `Unauthorized` and `Refused` for what
    concerns the whole tenant; what concerns one group stands in its `GroupRead`.
    """

    def __init__(self, directory: DirectorySettings) -> None:
        self._directory = directory
        self._token = AppToken(directory)

    def read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        """Every set's group with all of its direct members."""
        return asyncio.run(self._read_sets(sets, attributes, advance))

    def look_up(
        self, ids: Iterable[str], attributes: Sequence[str], advance: Callable[[int], None]
    ) -> pd.DataFrame:
        """The people of these object ids, present, deleted or gone; see `people.look_up`."""
        return asyncio.run(self._look_up(ids, attributes, advance))

    def check(self, sets: Sequence[SubscriptionSet]) -> Access:
        """What `seatsync check --online` tells; see `access.read_access`."""
        return asyncio.run(self._check(sets))

    async def _read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        async with self._transport() as transport:
            found = await find_groups(transport, sets)
            gate = asyncio.Semaphore(AT_ONCE)

            async def read(item: SubscriptionSet) -> tuple[GroupRead, Members | None]:
                group = _unread(item, found[item.name]).group
                if group is None:
                    return _unread(item, found[item.name]), None
                async with gate:
                    members = await read_members(transport, group.id, selected(attributes), advance)
                return _read(item, found[item.name], members), members

            answers = await asyncio.gather(*(read(item) for item in sets))
        rows = [
            (read.set, str(member["id"]), _kind(member), member)
            for read, members in answers
            if members
            for member in members.resources
        ]
        people = {member_id: member for _, member_id, kind, member in rows if kind == "user"}
        return Directory(
            tenant_id=self._directory.tenant_id,
            reads=tuple(read for read, _ in answers),
            members=frames.frame(
                frames.MEMBERS,
                ({"set": name, "id": at, "kind": kind} for name, at, kind, _ in rows),
            ),
            people=people_frame(list(people.values()), PRESENT, attributes),
        )

    async def _look_up(
        self, ids: Iterable[str], attributes: Sequence[str], advance: Callable[[int], None]
    ) -> pd.DataFrame:
        async with self._transport() as transport:
            return await look_up(transport, ids, attributes, advance)

    async def _check(self, sets: Sequence[SubscriptionSet]) -> Access:
        async with self._transport() as transport:
            return await read_access(transport, self._token, self._directory, sets)

    def _transport(self) -> Transport:
        return Transport(self._directory, self._token, TIME_BUDGET)


def _unread(item: SubscriptionSet, found: Found) -> GroupRead:
    """A pinned set has its pinned group or none."""
    return GroupRead(item.name, found.exact, found.near, found.pinned)


def _read(item: SubscriptionSet, found: Found, members: Members) -> GroupRead:
    return GroupRead(
        item.name,
        found.exact,
        found.near,
        found.pinned,
        complete=not members.because,
        because=members.because,
        pages=members.pages,
        members=len(members.resources),
        counted=members.counted,
        seconds=members.seconds,
    )


def _kind(member: dict[str, object]) -> str:
    return str(member.get("@odata.type") or "user").rpartition(".")[2]
