"""Reads the members of one group, and proves that it has them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from msgraph.generated.groups.item.members.members_request_builder import MembersRequestBuilder

from connectors.entra.people import believed
from connectors.entra.transport import Json, Transport
from connectors.errors import ConnectorError, Unauthorized, Unreachable

PAGE = 999
"""Members in one page: the most that Graph gives."""

Query = MembersRequestBuilder.MembersRequestBuilderGetQueryParameters


@dataclass(frozen=True)
class Members:
    """The distinct direct members of a group. `because` says why they are not all, or ""."""

    resources: tuple[Json, ...]
    pages: int
    counted: int | None
    seconds: float
    because: str = ""


async def read_members(
    transport: Transport, group_id: str, attributes: Sequence[str], advance: Callable[[int], None]
) -> Members:
    """All pages, compared with Graph's own count.

    The count comes from another index that may lag behind, so a difference is confirmed by a
    second look before it means anything. A fault here concerns this group alone.

    Raises:
        Unauthorized: the token is no longer accepted; that concerns every group.
    """
    started = perf_counter()
    resources: dict[str, Json] = {}
    pages, counted, because = 0, None, ""
    try:
        for _ in range(2):
            resources, pages = await _read_pages(transport, group_id, attributes)
            counted = await _count(transport, group_id)
            if len(resources) >= counted:
                break
        else:
            because = f"{len(resources)} members were read, Graph counts {counted}"
    except Unauthorized:
        raise
    except ConnectorError as error:
        because = str(error)
    advance(len(resources))
    seconds = round(perf_counter() - started, 3)
    return Members(tuple(resources.values()), pages, counted, seconds, because)


async def _read_pages(
    transport: Transport, group_id: str, attributes: Sequence[str]
) -> tuple[dict[str, Json], int]:
    builder = transport.graph.groups.by_group_id(group_id).members
    request = builder.to_get_request_information(
        RequestConfiguration(query_parameters=Query(select=list(attributes), top=PAGE))
    )
    found: dict[str, Json] = {}
    pages = 0
    async for page in transport.pages(request):
        pages += 1
        found.update((member["id"], member) for member in believed(page))
    return found, pages


async def _count(transport: Transport, group_id: str) -> int:
    builder = transport.graph.groups.by_group_id(group_id).members.count
    headers = HeadersCollection()
    headers.add("ConsistencyLevel", "eventual")
    request = builder.to_get_request_information(RequestConfiguration(headers=headers))
    text = (await transport.content(request)).decode("utf-8-sig", "replace")
    try:
        return int(text)
    except ValueError as error:
        raise Unreachable("counting the members", "the answer is not a number") from error
