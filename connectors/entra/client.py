"""The tenant as jobs use it."""

import asyncio
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

import pandas as pd

from config.directory import DirectorySettings
from config.subscription_set import SubscriptionSet
from connectors.concurrency import gather_all, run
from connectors.entra.auth.app_token import AppToken
from connectors.entra.pacing import Pacing
from connectors.entra.permissions import SEES_HIDDEN, Access, credential_end, is_hidden, read_access
from connectors.entra.reading.find_set_groups import find_groups
from connectors.entra.reading.group_search import search_groups
from connectors.entra.reading.member_groups import check_member_groups
from connectors.entra.reading.members import Members, proven_by_two_readings, read_members
from connectors.entra.reading.recheck import Losing, recheck
from connectors.entra.reading.sign_ins import read_sign_ins
from connectors.entra.reading.unread_group_members import Gaining, with_unread_groups
from connectors.entra.reading.user_columns import PRESENT, members_frame, people_frame, users
from connectors.entra.reading.users import look_up, with_those_only_named
from connectors.entra.transport import GraphTransport
from connectors.errors import CounterpartError
from connectors.http.run_limits import Allowance
from reconciler.model.group_read import Group, GroupRead
from reconciler.model.sign_ins import SignInsRead
from reconciler.model.snapshot import Directory

T = TypeVar("T")

TIME_BUDGET = 900.0
"""Seconds for everything that one `Entra` asks of Graph."""

AT_ONCE = 8
"""Groups that are read at the same time."""

NOT_REACHED = (
    "the app's permissions do not reach its members: GroupMember.Read.All (application permission) "
    "is missing or not consented to"
)
NOT_SHOWN = f"the group hides its members; the permission {SEES_HIDDEN} is missing"


class Entra:
    """Reads one tenant. Nothing is ever written.

    Within `with` all questions share connections; one that is asked without has its own.

    Every method may raise `connectors.errors.Unreachable`, `Unauthorized` and `Refused` for faults
    that concern the whole tenant; faults of one group are in its `GroupRead`.
    """

    def __init__(self, directory: DirectorySettings) -> None:
        self._directory = directory
        self._token = AppToken(directory)
        self._pacing = Pacing()
        self._allowance = Allowance()
        self._seconds_left = TIME_BUDGET
        self._runner: asyncio.Runner | None = None
        self._connected: GraphTransport | None = None

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        runner, self._runner = self._runner, None
        connected, self._connected = self._connected, None
        if runner:
            with runner:
                if connected:
                    runner.run(connected.close())

    def _ask(self, question: Coroutine[Any, Any, T]) -> T:
        if self._runner:
            return run(question, self._runner)
        with self:
            return self._ask(question)

    def read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        """Every set's group with all of its members, and these users, each once."""
        return self._ask(self._read_sets(sets, attributes, advance))

    def look_up(
        self, ids: Iterable[str], attributes: Sequence[str], advance: Callable[[int], None]
    ) -> pd.DataFrame:
        """The users of these object ids: present, deleted or gone; see `reading.users.look_up`."""
        return self._ask(self._look_up(ids, attributes, advance))

    def confirms(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing_by: Callable[[], Losing],
        attributes: Sequence[str],
    ) -> bool:
        """Always true: the groups themselves were read."""
        return True

    def recheck(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing: Losing,
        gaining: Gaining,
    ) -> Directory:
        """The directory, corrected for users who moved while it was read (`reading.recheck`), and
        for those who may also be in a group that was not read (`reading.unread_group_members`).
        """
        return self._ask(self._recheck(directory, sets, losing, gaining))

    def check(self) -> Access:
        """What `seatsync check --online` reports of the app; see `permissions.read_access`."""
        return self._ask(self._check())

    def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
        """Those of the groups (object ids) that the user is in; none for an unknown user."""
        return self._ask(self._groups_of(user, groups))

    def search_groups(self, words: str) -> tuple[Group, ...]:
        """Groups by words of their names; see `reading.group_search`."""
        return self._ask(self._search_groups(words))

    def read_sign_ins(self, application: str, since: datetime, now: datetime) -> SignInsRead:
        """Who signed in to the application since then; see `reading.sign_ins`."""
        return self._ask(self._read_sign_ins(application, since, now))

    async def _read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        async with self._transport() as transport:
            found = await self._find(transport, sets)
            directory = await self._read(transport, found, sets, attributes, advance)
            expires = await self._credential_end(transport)
            return self._priced(replace(directory, credential_expires=expires))

    async def _find(
        self, transport: GraphTransport, sets: Sequence[SubscriptionSet]
    ) -> dict[str, GroupRead]:
        """The sets' groups, whose members are still to be read; of hidden ones they are not."""
        found = await find_groups(transport, sets)
        if not await self._blind(found.values()):
            return found
        return {
            name: replace(read, complete=False, because=NOT_SHOWN, hidden=True)
            if is_hidden(read)
            else read
            for name, read in found.items()
        }

    async def _read(
        self,
        transport: GraphTransport,
        found: Mapping[str, GroupRead],
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        """Reads the members of the groups that were found."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def read(item: SubscriptionSet) -> tuple[GroupRead, Members | None]:
            unread = found[item.name]
            if unread.group is None or unread.hidden:
                return unread, None
            async with gate:
                members = await read_members(
                    transport, unread.group.id, attributes, advance, nested=is_nested(item)
                )
            return _as_read(unread, members), members

        async def prove(
            item: SubscriptionSet, unread: GroupRead, members: Members | None
        ) -> tuple[GroupRead, Members | None]:
            if unread.group is None or members is None or not members.uncounted:
                return unread, members
            async with gate:
                proven = await proven_by_two_readings(
                    transport, unread.group.id, members, nested=is_nested(item)
                )
            return _as_read(unread, proven), proven

        answers = await gather_all(read(item) for item in sets)
        uncounted = _uncounted(members for _, members in answers)
        if uncounted:
            answers = await gather_all(
                prove(item, *answer) for item, answer in zip(sets, answers, strict=True)
            )
        tables = [(read.set, members.table) for read, members in answers if members]
        people = people_frame(users([table for _, table in tables], attributes), PRESENT)
        return Directory(
            tenant_id=self._directory.tenant_id,
            reads=tuple(read for read, _ in answers),
            members=members_frame(tables),
            people=await with_those_only_named(transport, people, attributes, advance),
            uncounted=uncounted,
        )

    async def _look_up(
        self, ids: Iterable[str], attributes: Sequence[str], advance: Callable[[int], None]
    ) -> pd.DataFrame:
        async with self._transport() as transport:
            return await look_up(transport, ids, attributes, advance)

    async def _recheck(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing: Losing,
        gaining: Gaining,
    ) -> Directory:
        nested = [item.name for item in sets if is_nested(item)]
        async with self._transport() as transport:
            rechecked = await recheck(transport, directory, losing, nested)
            return self._priced(await with_unread_groups(transport, rechecked, gaining))

    def _priced(self, directory: Directory) -> Directory:
        """The directory with the requests and resource units spent so far, and the clock skew."""
        return replace(
            directory,
            requests=self._pacing.requests,
            resource_units=self._pacing.resource_units,
            clock_skew=self._pacing.clock_skew,
        )

    async def _groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
        async with self._transport() as transport:
            found = await check_member_groups(transport, {user: groups})
        return frozenset(found[user] or ())

    async def _check(self) -> Access:
        async with self._transport() as transport:
            return await read_access(transport, self._token, self._directory)

    async def _search_groups(self, words: str) -> tuple[Group, ...]:
        async with self._transport() as transport:
            return await search_groups(transport, words)

    async def _read_sign_ins(self, application: str, since: datetime, now: datetime) -> SignInsRead:
        async with self._transport() as transport:
            return await read_sign_ins(transport, application, since, now)

    async def _credential_end(self, transport: GraphTransport) -> date | None:
        """The last day of the app's credential; None if it cannot be read, which is no error."""
        try:
            return await credential_end(transport, self._token, self._directory)
        except CounterpartError:
            return None

    async def _blind(self, found: Iterable[GroupRead]) -> bool:
        """Whether this app may not see hidden members; asked only if a group may have some."""
        return any(map(is_hidden, found)) and SEES_HIDDEN not in await self._token.roles()

    @asynccontextmanager
    async def _transport(self) -> AsyncIterator[GraphTransport]:
        """For one question; what passes between two questions is no time of theirs."""
        began = monotonic()
        try:
            if self._connected:
                self._connected.begin(self._seconds_left)
            else:
                self._connected = GraphTransport(
                    self._directory, self._token, self._pacing, self._allowance, self._seconds_left
                )
            yield self._connected
        finally:
            self._seconds_left -= monotonic() - began


def is_nested(item: SubscriptionSet) -> bool:
    """Whether the groups in the set's group are read, too."""
    return item.nested == "expand"


def _uncounted(every: Iterable[Members | None]) -> str:
    """Graph's refusal to count members if it counts those of no group, else "".

    Then the tenant does not offer `$count`. If it counts those of any group, a refusal is a fault
    of that one group.
    """
    read = [members for members in every if members]
    if any(members.counted is not None for members in read):
        return ""
    return next((members.uncounted for members in read if members.uncounted), "")


def _as_read(unread: GroupRead, members: Members) -> GroupRead:
    """A refusal is a hidden membership only if the group says that it has one."""
    hidden = members.forbidden and is_hidden(unread)
    missing = members.forbidden and not hidden
    return replace(
        unread,
        complete=not members.because,
        because=f"{members.because}; {NOT_REACHED}" if missing else members.because,
        hidden=hidden,
        pages=members.pages,
        members=len(members.table),
        duplicates=members.duplicates,
        counted=members.counted,
        seconds=members.seconds,
        request_ids=members.request_ids,
    )
