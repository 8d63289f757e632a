"""Reads the vendor: every account, and who is in the sets' groups."""

from collections.abc import Callable, Collection, Sequence

import pandas as pd

from connectors.errors import ConnectorError
from connectors.scim.listing import read_all
from connectors.scim.paths import Resource, is_active, pick
from connectors.scim.transport import Transport, resource_path
from reconciler.model import frames
from reconciler.model.snapshot import Target


def read_target(
    transport: Transport,
    base_url: str,
    sets: Collection[str],
    paths: Sequence[str],
    advance: Callable[[int], None],
) -> Target:
    """The vendor's accounts and holdings; `complete` only if every promised resource came."""
    users = read_all(transport, "Users", advance)
    groups = read_all(transport, "Groups", advance, {"excludedAttributes": "members"})
    id_of = {(pick(user, "userName") or "").casefold(): str(user["id"]) for user in users.resources}
    ids = set(id_of.values())
    named: dict[str, tuple[str, ...]] = {}
    holdings: list[tuple[str, str]] = []
    because = users.because or groups.because
    for group in groups.resources:
        name = str(group.get("displayName"))
        if name in sets:
            named[name] = (*named.get(name, ()), str(group["id"]))
            try:
                members = read_members(transport, str(group["id"]))
                # Some servers name members by userName instead of id.
                holdings += [
                    (name, member if member in ids else id_of.get(member.casefold(), member))
                    for member in members
                ]
            except ConnectorError as error:
                because = because or str(error)
    return Target(
        base_url=base_url,
        groups=named,
        accounts=_accounts(users.resources, paths),
        holdings=frames.frame(
            frames.HOLDINGS, ({"set": name, "account": at} for name, at in dict.fromkeys(holdings))
        ),
        complete=not because,
        because=because,
    )


def read_members(transport: Transport, group_id: str) -> set[str]:
    """The ids of a group's members, each once however often the server stores it."""
    group = transport.get(resource_path("Groups", group_id))
    members = group.get("members") or []
    return {str(member["value"]) for member in members if member.get("value")}


def _accounts(users: Sequence[Resource], paths: Sequence[str]) -> pd.DataFrame:
    columns = dict.fromkeys(["userName", "externalId", *(p for p in paths if p != "active")])
    return pd.DataFrame(
        {
            "account": frames.column((str(user["id"]) for user in users), frames.TEXT),
            **{
                path: frames.column([pick(user, path) for user in users], frames.TEXT)
                for path in columns
            },
            "active": frames.column(map(is_active, users), frames.FLAG),
        }
    )
