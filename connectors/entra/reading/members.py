"""Reads the members of one group, and proves that none is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter

import pyarrow as pa
import pyarrow.compute as pc
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.groups.item.members.members_request_builder import MembersRequestBuilder
from msgraph.generated.groups.item.transitive_members.transitive_members_request_builder import (
    TransitiveMembersRequestBuilder,
)

from connectors.entra.reading.user_columns import GROUP, KIND, USER, Columns, of_kind, selected
from connectors.entra.reading.users import count_derived
from connectors.entra.transport import FORBIDDEN, GraphTransport, Page
from connectors.errors import CounterpartError, Refused, Unauthorized, Unreachable
from reconciler.model.phrasing import Plural

PAGE = 999
"""Members in one page: the most that Graph gives."""

UNSUPPORTED = frozenset({400, 404, 501})
"""Statuses by which Graph may say that it does not offer something."""

Query = MembersRequestBuilder.MembersRequestBuilderGetQueryParameters
NestedQuery = TransitiveMembersRequestBuilder.TransitiveMembersRequestBuilderGetQueryParameters


@dataclass(frozen=True)
class Members:
    """The distinct members of a group, as `Columns` has them; without groups if `nested`.

    `because` says why some may be missing, or "". `forbidden`: the app may not see the members.
    `uncounted` says why Graph did not count them.
    """

    table: pa.Table
    pages: int = 0
    duplicates: int = 0
    counted: int | None = None
    seconds: float = 0.0
    request_ids: tuple[str, ...] = ()
    because: str = ""
    forbidden: bool = False
    uncounted: str = ""


class Uncounted(Refused):
    """Graph does not offer the count of a group's members; some tenants do not for any group."""


async def read_members(
    transport: GraphTransport,
    group_id: str,
    attributes: Sequence[str],
    advance: Callable[[int], None],
    *,
    nested: bool = False,
) -> Members:
    """All pages of the direct members (`nested`: of transitive ones), compared with Graph's count.

    Users are counted, because Graph counts service principals that it does not list. The count also
    has members of types that Graph derives from user. It comes from another index, which lags
    behind. If it is higher, list and count are read a second time; if it still is, the group is not
    proven complete, even if both readings agree, since the same page may be lost twice. If it is
    lower, nobody can be missing.

    A fault here concerns this group only.

    Raises:
        Unauthorized: the token is no longer accepted; that concerns every group.
    """
    started = perf_counter()
    reading, counted = MemberReading(attributes), None
    because, uncounted, forbidden = "", "", False

    def begin() -> MemberReading:
        nonlocal reading
        reading = MemberReading(attributes, advance)
        return reading

    try:
        for _ in range(2):
            await _list(transport, group_id, attributes, nested, begin)
            counted = await count_users(transport, group_id, nested)
            users = await _users(transport, reading, counted)
            if users >= counted:
                break
        else:
            because = f"{Plural(users):user was|users were} read, Graph counts {counted}"
    except Uncounted as error:
        because = uncounted = str(error)
    except Unauthorized:
        raise
    except CounterpartError as error:
        because = str(error)
        forbidden = isinstance(error, Refused) and error.status == FORBIDDEN
    return Members(
        _members(reading, nested),
        pages=len(reading.request_ids),
        duplicates=reading.listed - len(reading.table),
        counted=counted,
        seconds=round(perf_counter() - started, 3),
        request_ids=tuple(reading.request_ids),
        because=because,
        forbidden=forbidden,
        uncounted=uncounted,
    )


async def proven_by_two_readings(
    transport: GraphTransport, group_id: str, members: Members, *, nested: bool
) -> Members:
    """The members where Graph does not count them: complete if a second reading has the same ones.

    Raises:
        Unauthorized: the token is no longer accepted.
    """
    try:
        second = _members(await list_members(transport, group_id, nested=nested), nested)
    except Unauthorized:
        raise
    except CounterpartError as error:
        return replace(members, because=str(error))
    one, other = (set(table["id"].to_pylist()) for table in (members.table, second))
    differ = (
        "" if one == other else f"two readings differ in {Plural(len(one ^ other)):member|members}"
    )
    return replace(members, because=differ)


class MemberReading:
    """One reading of a group's pages; `advance` is called with the number of members of each."""

    def __init__(
        self, attributes: Sequence[str], advance: Callable[[int], None] = lambda _: None
    ) -> None:
        self._columns, self._advance = Columns(attributes), advance
        self.request_ids: list[str] = []
        self.listed = 0

    def add(self, page: Page) -> None:
        self.request_ids.append(page.request_id)
        self._columns.add(page.resources)
        self.listed += len(page.resources)
        self._advance(len(page.resources))

    @cached_property
    def table(self) -> pa.Table:
        return self._columns.table()

    @property
    def users(self) -> int:
        return len(of_kind(self.table, USER))


async def _users(transport: GraphTransport, reading: MemberReading, counted: int) -> int:
    """How many members Graph counts as users; derived types are looked up only if some lack."""
    if reading.users >= counted:
        return reading.users
    ids, kinds = (reading.table[name].to_pylist() for name in ("id", KIND))
    return reading.users + await count_derived(transport, ids, kinds)


def _members(reading: MemberReading, nested: bool) -> pa.Table:
    table = reading.table
    return table.filter(pc.not_equal(table[KIND], GROUP)) if nested else table


async def list_members(
    transport: GraphTransport, group_id: str, *, nested: bool = False
) -> MemberReading:
    """The members as Graph lists them, ids only, without a proof; raises as `pages` does."""
    return await _list(transport, group_id, (), nested, lambda: MemberReading(()))


async def _list(
    transport: GraphTransport,
    group_id: str,
    attributes: Sequence[str],
    nested: bool,
    begin: Callable[[], MemberReading],
) -> MemberReading:
    request = _pages(transport, group_id, attributes, nested)
    return await transport.collected(request, begin, MemberReading.add)


def _pages(
    transport: GraphTransport, group_id: str, attributes: Sequence[str], nested: bool
) -> RequestInformation:
    group, select = transport.graph.groups.by_group_id(group_id), selected(attributes)
    if nested:
        return group.transitive_members.to_get_request_information(
            RequestConfiguration(query_parameters=NestedQuery(select=select, top=PAGE))
        )
    return group.members.to_get_request_information(
        RequestConfiguration(query_parameters=Query(select=select, top=PAGE))
    )


async def count_users(transport: GraphTransport, group_id: str, nested: bool = False) -> int:
    """Graph's own count of the users in a group.

    Raises:
        Uncounted: Graph does not offer a count; for others see `GraphTransport.pages`.
    """
    group = transport.graph.groups.by_group_id(group_id)
    users = group.transitive_members.graph_user if nested else group.members.graph_user
    headers = HeadersCollection()
    headers.add("ConsistencyLevel", "eventual")
    request = users.count.to_get_request_information(RequestConfiguration(headers=headers))
    try:
        answer = await transport.answer(request)
    except Refused as error:
        if error.status not in UNSUPPORTED:
            raise
        raise Uncounted("counting the members", error.status, error.why) from error
    try:
        return int(answer.content.decode("utf-8-sig", "replace"))
    except ValueError as error:
        raise Unreachable("counting the members", "the answer is not a number") from error
