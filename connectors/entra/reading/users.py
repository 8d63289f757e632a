"""Looks users up by object id: those who are in no group any more."""

from collections.abc import Callable, Collection, Iterable, Sequence
from uuid import UUID

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.directory.deleted_items.graph_user.graph_user_request_builder import (
    GraphUserRequestBuilder,
)
from msgraph.generated.users.users_request_builder import UsersRequestBuilder

from connectors.concurrency import gather_all
from connectors.entra.answers import Json
from connectors.entra.batch import batch
from connectors.entra.reading.find_set_groups import chunks
from connectors.entra.reading.user_columns import (
    DELETED,
    GONE,
    GROUP,
    PRESENT,
    UNCERTAIN,
    USER,
    Columns,
    distinct,
    ids_alone,
    people_frame,
    selected,
)
from connectors.entra.transport import GraphTransport
from reconciler.columns.frames import was_read
from reconciler.columns.table_joins import is_in

NO_USERS = frozenset({GROUP, "device", "servicePrincipal", "orgContact"})
"""The kinds of members that Graph does not derive from user."""

NEXT = "@odata.nextLink"

UserQuery = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters
DeletedQuery = GraphUserRequestBuilder.GraphUserRequestBuilderGetQueryParameters


async def look_up(
    transport: GraphTransport,
    ids: Iterable[str],
    attributes: Sequence[str],
    advance: Callable[[int], None],
    otherwise: str = GONE,
) -> pd.DataFrame:
    """The users of these object ids: present, deleted (restorable), or `otherwise`.

    One request asks for twenty times fifteen users. Ids that are no GUIDs belong to nobody here. An
    error makes nobody gone, and users who are found in neither place are looked for once more: they
    may have been restored between the two.

    Raises:
        CounterpartError: the look-up could not be finished.
    """
    wanted = sorted({value.lower() for value in ids if _is_guid(value)})
    present = await _present(transport, wanted, attributes, advance)
    missing = _others(wanted, present)
    deleted = await _deleted(transport, missing, attributes)
    missing = _others(missing, deleted)
    restored = await _present(transport, missing, attributes, advance)
    return pd.concat(
        [
            people_frame(present, PRESENT),
            people_frame(deleted, DELETED),
            people_frame(restored, PRESENT),
            ids_alone(_others(missing, restored), otherwise, attributes),
        ],
        ignore_index=True,
    )


async def with_those_only_named(
    transport: GraphTransport,
    people: pd.DataFrame,
    attributes: Sequence[str],
    advance: Callable[[int], None],
) -> pd.DataFrame:
    """The users; those of whom a member list gives only the id are looked up, or marked uncertain.

    If it gives only the ids of all users, a permission is missing, and no look-up would help.
    """
    known = was_read(people)
    if known.all() or not known.any():
        return people
    found = await look_up(transport, people["id"][~known], attributes, advance, UNCERTAIN)
    return pd.concat([people[known], found], ignore_index=True)


async def count_derived(transport: GraphTransport, ids: Iterable[str], kinds: Iterable[str]) -> int:
    """How many of these members are of a type that Graph derives from user, such as agentUser.

    Graph's count and collection of users have them, but they are no people.
    """
    pairs = zip(ids, kinds, strict=True)
    unusual = [at.lower() for at, kind in pairs if kind != USER and kind not in NO_USERS]
    return len(await _present(transport, unusual, (), lambda _: None))


def marked_uncertain(people: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
    """The users; those with these ids have the presence "uncertain": nothing follows for them."""
    if not ids:
        return people
    return people.assign(presence=people["presence"].mask(is_in(people["id"], ids), UNCERTAIN))


async def _present(
    transport: GraphTransport,
    ids: Sequence[str],
    attributes: Sequence[str],
    advance: Callable[[int], None],
) -> pa.Table:
    def ask(text: str) -> RequestInformation:
        return transport.graph.users.to_get_request_information(
            RequestConfiguration(
                query_parameters=UserQuery(filter=text, select=selected(attributes), top=999)
            )
        )

    def add(columns: Columns, resources: list[Json]) -> None:
        columns.add(resources)
        advance(len(resources))

    async def table(request: RequestInformation, answer: Json | None) -> pa.Table:
        columns = Columns(attributes)
        if answer and isinstance(answer.get("value"), list) and NEXT not in answer:
            add(columns, answer["value"])
        else:  # what one answer does not hold is read by itself, page by page
            columns = await transport.collected(
                request, lambda: Columns(attributes), lambda into, page: add(into, page.resources)
            )
        return columns.table()

    requests = [ask(text) for text in chunks(ids, "id")]
    answers = await batch(transport, requests)
    tables = await gather_all(map(table, requests, answers))
    return _of(ids, pa.concat_tables([Columns(attributes).table(), *tables]))


async def _deleted(
    transport: GraphTransport, ids: Sequence[str], attributes: Sequence[str]
) -> pa.Table:
    """Reads the whole recycle bin: it hardly filters, and has the users of at most 30 days."""
    request = transport.graph.directory.deleted_items.graph_user.to_get_request_information(
        RequestConfiguration(query_parameters=DeletedQuery(select=selected(attributes), top=999))
    )
    columns = Columns(attributes)
    if ids:
        columns = await transport.collected(
            request, lambda: Columns(attributes), lambda into, page: into.add(page.resources)
        )
    return _of(ids, columns.table())


def _of(ids: Sequence[str], table: pa.Table) -> pa.Table:
    """The rows of the users that were asked for; ids are compared in lower case."""
    table = table.set_column(table.column_names.index("id"), "id", pc.utf8_lower(table["id"]))
    return distinct(table.filter(pc.is_in(table["id"], pa.array(ids, pa.large_string()))))


def _others(ids: Iterable[str], found: pa.Table) -> list[str]:
    known = set(found["id"].to_pylist())
    return [value for value in ids if value not in known]


def _is_guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
