"""What changed in the tenant since an earlier answer: Graph's delta query on groups and on users.

Graph: "Use delta query to track changes", "group: delta", "user: delta". A round of changes is
complete only if it ends in a deltaLink, where the next round begins. The same change may come
again, in this round or in a later one.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.groups.delta.delta_request_builder import (
    DeltaRequestBuilder as GroupsRequestBuilder,
)
from msgraph.generated.users.delta.delta_request_builder import (
    DeltaRequestBuilder as UsersRequestBuilder,
)

from connectors.entra.answers import Json
from connectors.entra.reading.find_set_groups import quote
from connectors.entra.reading.user_columns import USER, selected
from connectors.entra.transport import GraphTransport, Page
from connectors.errors import Unreachable
from connectors.id_validation import is_object_id
from reconciler.model.directory_cache import Links

IN_FILTER = 50
"""Objects that one delta query can follow if it is filtered by id."""

CHANGES = "reading what changed"

GroupQuery = GroupsRequestBuilder.DeltaRequestBuilderGetQueryParameters
UserQuery = UsersRequestBuilder.DeltaRequestBuilderGetQueryParameters

Pair = tuple[str, str]
"""A group's id and a member's id."""


@dataclass
class Changes:
    """One complete round.

    `joined` has each new member's kind. `users` changed anywhere in the tenant, and `removed` were
    deleted, restorable or not.
    """

    links: Links = field(default_factory=lambda: Links((), ""))
    joined: dict[Pair, str] = field(default_factory=dict)
    left: set[Pair] = field(default_factory=set)
    lost_groups: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    request_ids: list[str] = field(default_factory=list)

    def add(self, other: "Changes") -> None:
        """Adds the changes of another collection of the same round."""
        self.joined |= other.joined
        self.left |= other.left
        self.lost_groups |= other.lost_groups
        self.users |= other.users
        self.removed |= other.removed
        self.request_ids += other.request_ids


async def links_from_now(
    transport: GraphTransport, groups: Sequence[str], attributes: Sequence[str]
) -> Links:
    """Links to what changes from now on. Taken before a full read, so that no change is missed.

    Raises:
        CounterpartError: Graph gives none.
    """
    requests = [
        transport.graph.groups.delta.to_get_request_information(
            RequestConfiguration(query_parameters=GroupQuery(filter=text, select=["members"]))
        )
        for text in _filters(groups)
    ]
    users = transport.graph.users.delta.to_get_request_information(
        RequestConfiguration(query_parameters=UserQuery(select=selected(attributes)))
    )
    for request in (*requests, users):
        request.url_template = f"{request.url_template}&%24deltatoken=latest"
    links = [await _follow(transport, one, _take_nothing, Changes()) for one in requests]
    return Links(tuple(links), await _follow(transport, users, _take_nothing, Changes()))


async def changes_since(transport: GraphTransport, links: Links, groups: Set[str]) -> Changes:
    """Everything that changed in these groups, and to users.

    Raises:
        CounterpartError: the round did not come to its end, or Graph does not know the links any
            more (410, or 40x syncStateNotFound).
    """
    changes = Changes()

    def take_group(changes: Changes, item: Json) -> None:
        if item["id"] in groups:
            _take_group(changes, item)

    following = [await _follow(transport, _get(link), take_group, changes) for link in links.groups]
    users = await _follow(transport, _get(links.users), _take_user, changes)
    changes.links = Links(tuple(following), users)
    return changes


async def _follow(
    transport: GraphTransport,
    request: RequestInformation,
    take: Callable[[Changes, Json], None],
    changes: Changes,
) -> str:
    """Adds one collection of a round to the `changes`; returns its deltaLink."""
    link: object = None

    def add(latest: Changes, page: Page) -> None:
        nonlocal link
        link = page.delta_link
        latest.request_ids.append(page.request_id)
        for item in page.resources:
            take(latest, _with_id(item))

    latest = await transport.collected(request, Changes, add)
    if not isinstance(link, str):
        raise Unreachable(CHANGES, "they did not come to their end")
    changes.add(latest)
    return link


def _take_nothing(changes: Changes, item: Json) -> None:
    """Ignores the item: it cannot have changed since the link was made."""


def _take_user(changes: Changes, item: Json) -> None:
    (changes.removed if _is_removed(item) else changes.users).add(item["id"])


def _take_group(changes: Changes, item: Json) -> None:
    group = item["id"]
    if _is_removed(item):
        changes.lost_groups.add(group)
    members = item.get("members@delta", [])
    if not isinstance(members, list):
        raise Unreachable(CHANGES, "a group's members are no list")
    for member in map(_with_id, members):
        if _is_removed(member):
            changes.left.add((group, member["id"]))
        else:
            kind = str(member.get("@odata.type") or USER).rpartition(".")[2]
            changes.joined[group, member["id"]] = kind


def _is_removed(item: Mapping[str, object]) -> bool:
    """Whether it was removed: reason `changed` (restorable) or `deleted` (not)."""
    return item.get("@removed") is not None


def _with_id(item: Any) -> Json:
    if not (isinstance(item, dict) and is_object_id(item.get("id"))):
        raise Unreachable(CHANGES, "a value has no usable id")
    return item


def _filters(groups: Sequence[str]) -> list[str]:
    """Filters for these groups; Graph takes only `id eq` here."""
    return [
        " or ".join(f"id eq {quote(group)}" for group in groups[start : start + IN_FILTER])
        for start in range(0, len(groups), IN_FILTER)
    ]


def _get(url: str) -> RequestInformation:
    request = RequestInformation(Method.GET)
    request.url = url
    return request
