"""The tenant as jobs use it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.service_principals.service_principals_request_builder import (
    ServicePrincipalsRequestBuilder,
)

from config.settings import Directory as DirectorySettings
from config.settings import SubscriptionSet
from connectors.entra.groups import Found, find_groups, quote
from connectors.entra.members import Members, read_members
from connectors.entra.people import PRESENT, look_up, people_frame, selected
from connectors.entra.token import AppToken
from connectors.entra.transport import Transport
from connectors.errors import Refused
from reconciler.model import frames
from reconciler.model.snapshot import Directory, GroupRead

TIME_BUDGET = 900.0
"""Seconds for everything that one method asks of Graph."""

AT_ONCE = 8
"""Groups that are read at the same time."""

FORBIDDEN = 403

NEEDED_ROLES = frozenset({"GroupMember.Read.All", "User.Read.All"})

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
            roles = await self._token.roles()
            found = await find_groups(transport, sets) if NEEDED_ROLES & roles else {}
            reads = tuple(_unread(item, found[item.name]) for item in sets if item.name in found)
            return Access(roles, reads, await self._single_sign_on(transport))

    def _transport(self) -> Transport:
        return Transport(self._directory, self._token, TIME_BUDGET)

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
            found = [item async for page in transport.pages(request) for item in page]
        except Refused as error:
            if error.status == FORBIDDEN:
                return None
            raise
        modes = {str(item.get("preferredSingleSignOnMode") or "") for item in found}
        return max(modes - {"notSupported"}, default="")


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
