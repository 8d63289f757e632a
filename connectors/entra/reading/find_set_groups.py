"""Finds the group of each subscription set: by its pinned id, or by exactly its name."""

from collections.abc import Iterable, Iterator, Sequence

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.directory.deleted_items.graph_group.graph_group_request_builder import (
    GraphGroupRequestBuilder,
)
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder

from config.subscription_set import SubscriptionSet
from connectors.concurrency import gather_all
from connectors.entra.answers import Json, with_ids
from connectors.entra.transport import FORBIDDEN, ExpiredPageToken, GraphTransport
from connectors.errors import Refused
from connectors.graph_group import group_of, latest
from reconciler.model.group_names import is_near_miss
from reconciler.model.group_read import Group, GroupRead

IN_FILTER = 15
"""Values that Graph takes in one `in` filter."""

LOOKED_THROUGH = 20_000
"""Groups that are searched for a name that is nearly a set's: about 20 requests."""

SELECTED = [
    "id",
    "displayName",
    "groupTypes",
    "securityEnabled",
    "membershipRuleProcessingState",
    "isAssignableToRole",
    "visibility",
    "deletedDateTime",
]

DeletedQuery = GraphGroupRequestBuilder.GraphGroupRequestBuilderGetQueryParameters
Query = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters


async def find_groups(
    transport: GraphTransport, sets: Sequence[SubscriptionSet]
) -> dict[str, GroupRead]:
    """Per set's name its groups, whose members are still to be read.

    It takes about one request for fifteen sets, and one for each set without a group. If any set
    has none, all groups and the recycle bin are searched once.
    """
    names = [item.name for item in sets]
    pins = [item.group_id for item in sets if item.group_id]
    by_name = await _query_all(transport, "displayName", names)
    by_id = {group.id: group for group in await _query_all(transport, "id", pins)}
    # Graph compares without regard to case, the vendor does not.
    exact = {name: tuple(g for g in by_name if g.name == name) for name in names}
    missing = [name for name in names if not exact[name]]
    near_of = await _alike(transport, missing)
    unbound = {
        item.name
        for item in sets
        if (item.group_id not in by_id if item.group_id else not exact[item.name])
    }
    deleted = await _deleted(transport) if unbound else []
    return {
        item.name: GroupRead(
            item.name,
            exact[item.name],
            near_of.get(item.name, ()),
            by_id.get(item.group_id or ""),
            latest(deleted, item) if item.name in unbound else None,
        )
        for item in sets
    }


def chunks(values: Iterable[str], attribute: str) -> Iterator[str]:
    """Filters for all the values, each for as many as Graph takes."""
    quoted = [quote(value) for value in dict.fromkeys(values)]
    for start in range(0, len(quoted), IN_FILTER):
        yield f"{attribute} in ({','.join(quoted[start : start + IN_FILTER])})"


def quote(text: str) -> str:
    """The text as a string in an OData filter."""
    return "'" + text.replace("'", "''") + "'"


async def _deleted(transport: GraphTransport) -> list[Group]:
    """The groups in the recycle bin; none where Group.Read.All is not granted."""
    request = transport.graph.directory.deleted_items.graph_group.to_get_request_information(
        RequestConfiguration(query_parameters=DeletedQuery(select=SELECTED, top=999))
    )
    try:
        return [group_of(item) for item in await transport.resources(request)]
    except Refused as error:
        if error.status == FORBIDDEN:
            return []
        raise


async def _query_all(
    transport: GraphTransport, attribute: str, values: Sequence[str]
) -> list[Group]:
    answers = await gather_all(_query(transport, text) for text in chunks(values, attribute))
    return [group for groups in answers for group in groups]


async def _alike(transport: GraphTransport, missing: Sequence[str]) -> dict[str, tuple[Group, ...]]:
    """Per name its near misses: groups that begin with the same word, and if none of these is
    one, all groups, up to `LOOKED_THROUGH`: a name may begin with a blank or a Greek letter.
    """
    begin = await gather_all(_begin_alike(transport, name) for name in missing)
    near = {name: _near(name, groups) for name, groups in zip(missing, begin, strict=True)}
    if not all(near.values()):
        everything = await _looked_through(transport)
        near = {name: groups or _near(name, everything) for name, groups in near.items()}
    return near


def _near(name: str, groups: Iterable[Group]) -> tuple[Group, ...]:
    alike = (group for group in groups if is_near_miss(name, group.name))
    return tuple(sorted(alike, key=lambda group: (group.name, group.id)))


async def _begin_alike(transport: GraphTransport, name: str) -> list[Group]:
    first_word = "".join(c if c.isalnum() else " " for c in name).split()[:1] or [name]
    return await named_from(transport, first_word[0])


async def named_from(transport: GraphTransport, beginning: str) -> list[Group]:
    """The groups whose names begin so, in whatever case."""
    return await _query(transport, f"startswith(displayName,{quote(beginning)})")


async def _looked_through(transport: GraphTransport) -> list[Group]:
    """All groups, or the first ones: they only serve for hints, so they need not be complete."""
    found: list[Json] = []
    try:
        async for page in transport.pages(_asked(transport, None)):
            found.extend(page.resources)
            if len(found) >= LOOKED_THROUGH:
                break
    except ExpiredPageToken:
        pass
    return [group_of(item) for item in with_ids(found)]


async def _query(transport: GraphTransport, text: str) -> list[Group]:
    return [group_of(item) for item in await transport.resources(_asked(transport, text))]


def _asked(transport: GraphTransport, text: str | None) -> RequestInformation:
    query = Query(filter=text, select=SELECTED, top=999)
    return transport.graph.groups.to_get_request_information(
        RequestConfiguration(query_parameters=query)
    )
