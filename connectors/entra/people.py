"""People as a frame, and those that no group names any more."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import pandas as pd
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.directory.deleted_items.graph_user.graph_user_request_builder import (
    GraphUserRequestBuilder,
)
from msgraph.generated.users.users_request_builder import UsersRequestBuilder

from connectors.entra.groups import chunks
from connectors.entra.transport import Json, Transport
from connectors.errors import Unreachable
from reconciler.model import frames

PRESENT, DELETED, GONE = "present", "deleted", "gone"

UserQuery = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters
DeletedQuery = GraphUserRequestBuilder.GraphUserRequestBuilderGetQueryParameters


def selected(attributes: Iterable[str]) -> list[str]:
    """What to ask of a user: the frame's own columns, and what the mapping reads."""
    own = [name for name in frames.PEOPLE if name != "presence"]
    return [*own, *sorted(set(attributes) - set(own))]


def people_frame(users: Sequence[Json], presence: str, attributes: Iterable[str]) -> pd.DataFrame:
    """One row per user; what Graph did not say is absent."""
    columns = selected(attributes)
    return pd.DataFrame(
        {
            name: frames.column(
                [user.get(name) for user in users], frames.PEOPLE.get(name, frames.TEXT)
            )
            for name in columns
        }
        | {"presence": frames.column([presence] * len(users), frames.TEXT)}
    )


def believed(page: list[Json]) -> list[Json]:
    """The page, unless it says something else than yes, no or nothing of a user's being enabled.

    Raises:
        Unreachable: it does; what is taken for "not said" would look like enabled.
    """
    if not all(isinstance(item.get("accountEnabled"), bool | None) for item in page):
        raise Unreachable("reading a page", "an accountEnabled is neither true nor false")
    return page


async def look_up(
    transport: Transport,
    ids: Iterable[str],
    attributes: Sequence[str],
    advance: Callable[[int], None],
) -> pd.DataFrame:
    """The users of these object ids: present, deleted (restorable), or gone.

    Ids that are no GUIDs are nobody's here. Nobody is called gone because of an error.

    Raises:
        ConnectorError: the look-up could not be finished.
    """
    wanted = sorted({value.lower() for value in ids if _is_guid(value)})
    present = _of(wanted, await _present(transport, wanted, attributes, advance))
    missing = [value for value in wanted if value not in present]
    deleted = _of(missing, await _deleted(transport, attributes) if missing else [])
    gone = {value: {"id": value} for value in missing if value not in deleted}
    return pd.concat(
        [
            people_frame(list(users.values()), presence, attributes)
            for users, presence in ((present, PRESENT), (deleted, DELETED), (gone, GONE))
        ],
        ignore_index=True,
    )


async def _present(
    transport: Transport,
    ids: Sequence[str],
    attributes: Sequence[str],
    advance: Callable[[int], None],
) -> list[Json]:
    async def some(text: str) -> list[Json]:
        request = transport.graph.users.to_get_request_information(
            RequestConfiguration(
                query_parameters=UserQuery(filter=text, select=selected(attributes), top=999)
            )
        )
        found = [user async for page in transport.pages(request) for user in believed(page)]
        advance(len(found))
        return found

    answers = await asyncio.gather(*(some(text) for text in chunks(ids, "id")))
    return [user for users in answers for user in users]


async def _deleted(transport: Transport, attributes: Sequence[str]) -> list[Json]:
    """The recycle bin is read whole: it filters on little, and holds 30 days' users at most."""
    request = transport.graph.directory.deleted_items.graph_user.to_get_request_information(
        RequestConfiguration(query_parameters=DeletedQuery(select=selected(attributes), top=999))
    )
    return [user async for page in transport.pages(request) for user in believed(page)]


def _of(ids: Sequence[str], users: Iterable[Json]) -> dict[str, Json]:
    """Those of the users that were asked for, by their ids in lower case, as GUIDs compare."""
    by_id = {user["id"].lower(): user for user in users}
    return {value: {**by_id[value], "id": value} for value in ids if value in by_id}


def _is_guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
