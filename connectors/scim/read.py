"""Reads the vendor: every account, and who is in the sets' groups."""

from collections.abc import Callable, Collection, Sequence

import pandas as pd

from connectors.errors import ConnectorError, Unauthorized, Unreachable
from connectors.scim.listing import read_all
from connectors.scim.paths import Resource, is_active, pick
from connectors.scim.roster import Roster
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
    """The vendor's accounts and holdings; `complete` only if every promised resource came.

    Raises:
        Unauthorized, ScimRefused, Unreachable: accounts or groups cannot be listed.
    """
    users = read_all(transport, "Users", advance)
    groups = read_all(transport, "Groups", advance, {"excludedAttributes": "members"})
    roster = Roster(users.resources)
    named: dict[str, tuple[str, ...]] = {}
    holdings: list[tuple[str, str]] = []
    because = users.because or groups.because
    for group in groups.resources:
        name = str(group.get("displayName"))
        if name in sets:
            named[name] = (*named.get(name, ()), str(group["id"]))
            try:
                members = read_members(transport, str(group["id"]))
                holdings += [(name, roster.id_of(member)) for member in members]
            except Unauthorized:
                raise
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
    """A group's members as the server names them, each once however often it stores them."""
    members = read_one(transport, "Groups", group_id).get("members") or []
    if not isinstance(members, list):
        raise Unreachable(f"reading group {group_id}", "its members are no list")
    return {str(m["value"]) for m in members if isinstance(m, dict) and m.get("value")}


def read_one(transport: Transport, kind: str, resource_id: str) -> Resource:
    """One resource; Unreachable if the answer is not this one, whatever its status says."""
    resource: Resource = transport.get(resource_path(kind, resource_id))
    if str(resource.get("id")) != resource_id:
        raise Unreachable(f"reading /{kind}/{resource_id}", "the answer is something else")
    return resource


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
