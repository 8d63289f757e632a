"""Brings the directory cache up to date by one round of changes, and judges whether to trust it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from connectors.concurrency import gather_all
from connectors.entra.client import AT_ONCE
from connectors.entra.delta.cache import (
    CacheInvalid,
    differences,
    to_look_up,
    with_changes,
)
from connectors.entra.delta.query import Changes, changes_since
from connectors.entra.reading.members import count_users
from connectors.entra.reading.user_columns import UNCERTAIN
from connectors.entra.reading.users import count_derived, look_up
from connectors.entra.transport import GraphTransport
from connectors.errors import CounterpartError, Unauthorized
from reconciler.model.directory_cache import DirectoryCache
from reconciler.model.phrasing import Plural


@dataclass(frozen=True)
class Synced:
    """The cache after the round; `counted` are Graph's own counts of users, per group's id."""

    known: DirectoryCache
    counted: Mapping[str, int]
    request_ids: tuple[str, ...]


async def sync_changes(
    transport: GraphTransport,
    known: DirectoryCache | None,
    groups: Mapping[str, str],
    attributes: Sequence[str],
    advance: Callable[[int], None],
) -> tuple[Synced | None, str]:
    """Adds what changed since, and compares the sizes of the groups (per set) with Graph's counts.

    The text says why the groups must be read in full, or is "".

    Raises:
        Unauthorized: the token is no longer accepted. Any other fault is such a reason.
    """
    if known is None:
        return None, ""
    followed = sorted(set(groups.values()))
    try:
        changes = await changes_since(transport, known.links, frozenset(followed))
        asked = to_look_up(known, changes)
        found = await look_up(transport, asked, attributes, advance, UNCERTAIN)
        known = with_changes(known, changes, found)
        counted = await _count(transport, followed)
        sizes = {group: await _users(transport, known, group, counted[group]) for group in followed}
    except Unauthorized:
        raise
    except (CounterpartError, CacheInvalid) as error:
        return None, str(error)
    doubt = next(
        (
            f"{Plural(sizes[group]):user of a group is|users of a group are} known, "
            f"Graph counts {count}"
            for group, count in counted.items()
            if sizes[group] < count
        ),
        "",
    )
    return Synced(known, counted, tuple(changes.request_ids)), doubt


async def difference(
    transport: GraphTransport,
    known: DirectoryCache,
    read: DirectoryCache,
    groups: Mapping[str, str],
) -> str:
    """How `known` differs from the groups (per set) when these are read themselves, or "".

    Users who changed while they were read do not count: the next round has them.
    """
    members, people = differences(known, read)
    if not (members or people):
        return ""
    try:
        later = await changes_since(transport, known.links, frozenset(groups.values()))
    except Unauthorized:
        raise
    except CounterpartError:
        later = Changes()
    changed = later.users | later.removed
    moved = later.joined.keys() | later.left
    members = {pair for pair in members if pair not in moved and pair[1] not in changed}
    people -= changed | {at for _, at in moved} | {at for _, at in members}
    counts = (("memberships", len(members)), ("people", len(people)))
    return ", ".join(f"{what}: {count}" for what, count in counts if count)


async def _users(transport: GraphTransport, known: DirectoryCache, group: str, counted: int) -> int:
    """How many of the known members Graph counts as users; see `members.read_members`."""
    users = known.users.get(group, 0)
    if users >= counted:
        return users
    members = known.members[known.members["group"] == group]
    return users + await count_derived(transport, members["id"], members["kind"])


async def _count(transport: GraphTransport, groups: Sequence[str]) -> dict[str, int]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def count(group: str) -> int:
        async with gate:
            return await count_users(transport, group)

    return dict(zip(groups, await gather_all(count(one) for one in groups), strict=True))
