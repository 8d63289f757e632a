"""The tenant as jobs use it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic

import pandas as pd
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.service_principals.service_principals_request_builder import (
    ServicePrincipalsRequestBuilder,
)

from config.settings import Directory as DirectorySettings
from config.settings import SubscriptionSet
from connectors.entra.columns import PRESENT, members_frame, people_frame, users
from connectors.entra.groups import Found, find_groups, quote
from connectors.entra.members import Members, read_members
from connectors.entra.pacing import Pacing
from connectors.entra.people import look_up, with_those_only_named
from connectors.entra.settle import settle
from connectors.entra.together import together
from connectors.entra.token import AppToken
from connectors.entra.transport import FORBIDDEN, Transport
from connectors.errors import Refused
from reconciler.model.snapshot import Directory, GroupRead

TIME_BUDGET = 900.0
"""Seconds for everything that one `Entra` asks of Graph."""

AT_ONCE = 8
"""Groups that are read at the same time."""

NEEDED_ROLES = frozenset({"GroupMember.Read.All", "User.Read.All"})

HIDDEN, SEES_HIDDEN = "HiddenMembership", "Member.Read.Hidden"
NOT_SHOWN = f"the group hides its members; the permission {SEES_HIDDEN} is missing"

SsoQuery = ServicePrincipalsRequestBuilder.ServicePrincipalsRequestBuilderGetQueryParameters


@dataclass(frozen=True)
class Access:
    """What the app may do, and what it finds.

    `single_sign_on` is the enterprise application's mode (saml, oidc, …), "" if none is set up,
    None if it was not asked for or may not be read.
    """

    roles: frozenset[str]
    reads: tuple[GroupRead, ...]
    single_sign_on: str | None


class Entra:
    """Reads one tenant. Nothing is ever written.

    Every method may raise `connectors.errors.Unreachable`, `Unauthorized` and `Refused` for what
    concerns the whole tenant; what concerns one group stands in its `GroupRead`.
    """

    def __init__(self, directory: DirectorySettings) -> None:
        self._directory = directory
        self._token = AppToken(directory)
        self._pacing = Pacing()
        self._seconds_left = TIME_BUDGET

    def read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        """Every set's group with all of its members, and these people, each once."""
        return asyncio.run(self._read_sets(sets, attributes, advance))

    def look_up(
        self, ids: Iterable[str], attributes: Sequence[str], advance: Callable[[int], None]
    ) -> pd.DataFrame:
        """The people of these object ids, present, deleted or gone; see `people.look_up`."""
        return asyncio.run(self._look_up(ids, attributes, advance))

    def settle(
        self, directory: Directory, sets: Sequence[SubscriptionSet], leavers: Iterable[str]
    ) -> Directory:
        """The directory without doubts about who moved meanwhile; see `settle.settle`."""
        return asyncio.run(self._settle(directory, sets, leavers))

    def check(self, sets: Sequence[SubscriptionSet]) -> Access:
        """What `seatsync check --online` tells: permissions, groups, single sign-on."""
        return asyncio.run(self._check(sets))

    async def _read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        async with self._transport() as transport:
            found = await find_groups(transport, sets)
            blind = await self._blind(found.values())
            gate = asyncio.Semaphore(AT_ONCE)

            async def read(item: SubscriptionSet) -> tuple[GroupRead, Members | None]:
                unread = _unread(item, found[item.name])
                if unread.group is None:
                    return unread, None
                if blind and unread.group.visibility == HIDDEN:
                    return replace(unread, complete=False, because=NOT_SHOWN, hidden=True), None
                async with gate:
                    members = await read_members(
                        transport, unread.group.id, attributes, advance, nested=_nested(item)
                    )
                return _read(unread, members), members

            answers = await together(read(item) for item in sets)
            tables = [(read.set, members.table) for read, members in answers if members]
            people = people_frame(users([table for _, table in tables], attributes), PRESENT)
            return self._priced(
                Directory(
                    tenant_id=self._directory.tenant_id,
                    reads=tuple(read for read, _ in answers),
                    members=members_frame(tables),
                    people=await with_those_only_named(transport, people, attributes, advance),
                )
            )

    async def _look_up(
        self, ids: Iterable[str], attributes: Sequence[str], advance: Callable[[int], None]
    ) -> pd.DataFrame:
        async with self._transport() as transport:
            return await look_up(transport, ids, attributes, advance)

    async def _settle(
        self, directory: Directory, sets: Sequence[SubscriptionSet], leavers: Iterable[str]
    ) -> Directory:
        nested = [item.name for item in sets if _nested(item)]
        async with self._transport() as transport:
            return self._priced(await settle(transport, directory, leavers, nested))

    def _priced(self, directory: Directory) -> Directory:
        """With everything that was asked of Graph until now."""
        return replace(
            directory,
            requests=self._pacing.requests,
            resource_units=self._pacing.resource_units,
        )

    async def _check(self, sets: Sequence[SubscriptionSet]) -> Access:
        async with self._transport() as transport:
            roles = await self._token.roles()
            found = await find_groups(transport, sets) if NEEDED_ROLES & roles else {}
            reads = tuple(_unread(item, found[item.name]) for item in sets if item.name in found)
            return Access(roles, reads, await self._single_sign_on(transport))

    async def _blind(self, found: Iterable[Found]) -> bool:
        """Whether hidden members are not shown to this app; nobody is asked if none are hidden."""
        groups = (group for one in found for group in (*one.exact, one.pinned) if group)
        if not any(group.visibility == HIDDEN for group in groups):
            return False
        return SEES_HIDDEN not in await self._token.roles()

    @asynccontextmanager
    async def _transport(self) -> AsyncIterator[Transport]:
        began = monotonic()
        try:
            async with Transport(
                self._directory, self._token, self._pacing, self._seconds_left
            ) as transport:
                yield transport
        finally:
            self._seconds_left -= monotonic() - began

    async def _single_sign_on(self, transport: Transport) -> str | None:
        """``preferredSingleSignOnMode`` of the enterprise application (Graph: servicePrincipal)."""
        name = self._directory.enterprise_app
        if name is None:
            return None
        request = transport.graph.service_principals.to_get_request_information(
            RequestConfiguration(
                query_parameters=SsoQuery(
                    filter=f"displayName eq {quote(name)}",
                    select=["id", "displayName", "preferredSingleSignOnMode"],
                )
            )
        )
        try:
            found = [item async for item in transport.resources(request)]
        except Refused as error:
            if error.status == FORBIDDEN:
                return None
            raise
        modes = {str(item.get("preferredSingleSignOnMode") or "") for item in found}
        return max(modes - {"notSupported"}, default="")


def _unread(item: SubscriptionSet, found: Found) -> GroupRead:
    """A pinned set has its pinned group or none."""
    return GroupRead(item.name, found.exact, found.near, found.pinned, found.deleted)


def _read(unread: GroupRead, members: Members) -> GroupRead:
    return replace(
        unread,
        complete=not members.because,
        because=members.because,
        hidden=members.hidden,
        pages=members.pages,
        members=len(members.table),
        duplicates=members.duplicates,
        counted=members.counted,
        seconds=members.seconds,
        request_ids=members.request_ids,
    )


def _nested(item: SubscriptionSet) -> bool:
    return item.nested == "expand"
