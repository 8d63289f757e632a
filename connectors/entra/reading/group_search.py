"""Finds groups by a word of their names, for whoever sets seatsync up."""

from contextlib import suppress

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection

from connectors.entra.reading.find_set_groups import SELECTED, Query, named_from
from connectors.entra.transport import GraphTransport
from connectors.errors import Refused
from connectors.graph_group import group_of
from reconciler.model.group_read import Group


async def search_groups(transport: GraphTransport, words: str) -> tuple[Group, ...]:
    """Groups whose name begins with the words, or has a word that begins with each, by name.

    Two ways, since Graph's `$search` lags behind: a group that was made a minute ago may be found
    by the beginning of its name alone. Tenants of Azure AD B2C do not offer `$search` (Graph: "List
    groups").
    """
    found = {group.id: group for group in await named_from(transport, words)}
    with suppress(Refused):
        found |= {group.id: group for group in await _having(transport, words)}
    return tuple(sorted(found.values(), key=lambda group: (group.name.casefold(), group.id)))


async def _having(transport: GraphTransport, words: str) -> list[Group]:
    """Graph: "Use the $search query parameter"; it needs the header, and knows backslashes."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    headers = HeadersCollection()
    headers.add("ConsistencyLevel", "eventual")
    query = Query(search=f'"displayName:{escaped}"', select=SELECTED, top=999)
    request = transport.graph.groups.to_get_request_information(
        RequestConfiguration(query_parameters=query, headers=headers)
    )
    return [group_of(item) for item in await transport.resources(request)]
