"""The tenant, read by what changed since the last run: used by jobs in place of `client.Entra`.

The groups are read in full at first, and again from time to time. In between Graph's delta queries
say who changed, and these users are read directly. As soon as anything speaks against their
answers, the groups are read in full after all, before anybody loses anything.

`changes` has what Graph reports, `cache` what is kept of it; `sync` decides whether to trust it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

import orjson
import pandas as pd

from config.directory import DirectorySettings
from config.subscription_set import SubscriptionSet
from connectors.entra.client import Entra, is_nested
from connectors.entra.delta.cache import known_from
from connectors.entra.delta.query import links_from_now
from connectors.entra.delta.sync import Synced, difference, sync_changes
from connectors.entra.reading.recheck import Losing, read_otherwise
from connectors.entra.reading.unread_group_members import Gaining
from connectors.entra.reading.user_columns import PRESENT, selected
from connectors.entra.reading.users import look_up
from connectors.entra.transport import GraphTransport
from connectors.errors import CounterpartError, Unauthorized
from reconciler.columns import frames
from reconciler.columns.table_joins import is_in
from reconciler.model.directory_cache import DirectoryCache, Links
from reconciler.model.group_read import GroupRead
from reconciler.model.snapshot import Directory

JUDGED = ["id", "presence", "accountEnabled"]
"""Columns that decide whether a user may lose a seat, beside their groups."""


class Keeper(Protocol):
    """Keeps one `DirectoryCache` from one run to the next."""

    def load(self, scope: str) -> DirectoryCache | None:
        """The cache, if it is for this scope."""

    def save(self, known: DirectoryCache) -> None:
        """Replaces the cache."""

    def drop(self) -> None:
        """Deletes the cache."""


class DeltaEntra(Entra):
    """Reads one tenant by what changed in it. `now` is the time of this run (UTC).

    Nobody may lose anything because of it unless `confirms` was asked about them.
    """

    def __init__(self, directory: DirectorySettings, keeper: Keeper, now: datetime) -> None:
        super().__init__(directory)
        self._keeper, self._now = keeper, now
        self._rests_on_changes = False
        self._contradiction = ""
        self._confirmed: frozenset[str] = frozenset()

    def confirms(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing_by: Callable[[], Losing],
        attributes: Sequence[str],
    ) -> bool:
        """Whether Graph, asked directly, says the same of these users as the directory.

        If it differs for anybody, the cache is dropped, and the next `read_sets` reads the groups
        in full.
        """
        losing = losing_by() if self._rests_on_changes else {}
        return not losing or self._ask(self._confirms(directory, sets, losing, attributes))

    def recheck(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing: Losing,
        gaining: Gaining,
    ) -> Directory:
        """See `Entra.recheck`; users who were confirmed are not asked for again."""
        unsure = {at: held for at, held in losing.items() if at not in self._confirmed}
        return super().recheck(directory, sets, unsure, gaining)

    async def _read(
        self,
        transport: GraphTransport,
        found: Mapping[str, GroupRead],
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        """Reads by changes if there is a cache and nothing speaks against it, else in full."""
        groups = _followed(found, sets)
        if not groups:
            return await super()._read(transport, found, sets, attributes, advance)
        scope = self._scope(groups.values(), attributes)
        known = self._keeper.load(scope)
        latest, doubt = await sync_changes(transport, known, groups, attributes, advance)
        self._rests_on_changes = latest is not None and not doubt and not self._due(latest.known)
        if latest and self._rests_on_changes:
            others = [item for item in sets if item.name not in groups]
            rest = await super()._read(transport, found, others, attributes, advance)
            self._keeper.save(latest.known)
            return _by_changes(rest, latest, found, sets, groups)
        known = latest.known if latest else None
        links, silence = (known.links, "") if known else await _links(transport, groups, attributes)
        self._keeper.drop()
        directory = await super()._read(transport, found, sets, attributes, advance)
        if links and (read := known_from(directory, groups, scope, self._now, links, known)):
            changed = await difference(transport, known, read, groups) if known else ""
            self._contradiction = self._contradiction or changed
            if not changed:
                self._keeper.save(read)
        return replace(
            directory, contradiction=self._contradiction, full_read_because=doubt or silence
        )

    def _scope(self, groups: Iterable[str], attributes: Iterable[str]) -> str:
        parts = [
            self._directory.tenant_id,
            self._directory.endpoints.graph,
            sorted(groups),
            selected(attributes),
        ]
        return f"sha256:{sha256(orjson.dumps(parts)).hexdigest()}"

    def _due(self, known: DirectoryCache) -> bool:
        """Whether it is time for a full read, or the clock went backwards."""
        age = self._now - known.read
        return (
            not timedelta(0) <= age < self._directory.full_read_after
            or known.rounds >= self._directory.full_read_after_runs
        )

    async def _confirms(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing: Losing,
        attributes: Sequence[str],
    ) -> bool:
        nested = [item.name for item in sets if is_nested(item)]
        async with self._transport() as transport:
            found = await look_up(transport, losing, attributes, lambda _: None)
            present = {at: losing[at] for at in found.loc[found["presence"] == PRESENT, "id"]}
            wrong = await read_otherwise(transport, directory, present, nested)
        wrong |= _judged_otherwise(directory.people, found, {*JUDGED, *attributes})
        if wrong:
            self._keeper.drop()
            self._contradiction = f"people who would have lost something: {len(wrong)}"
        self._confirmed = frozenset() if wrong else frozenset(found["id"])
        return not wrong


def _followed(found: Mapping[str, GroupRead], sets: Iterable[SubscriptionSet]) -> dict[str, str]:
    """Per set the group to follow; none for nested sets: only direct members are reported."""
    return {
        item.name: group.id
        for item in sets
        if (group := found[item.name].group) and not found[item.name].hidden and not is_nested(item)
    }


async def _links(
    transport: GraphTransport, groups: Mapping[str, str], attributes: Sequence[str]
) -> tuple[Links | None, str]:
    """Links for the next run, taken before the groups are read; without them it reads in full."""
    try:
        return await links_from_now(transport, sorted(set(groups.values())), attributes), ""
    except Unauthorized:
        raise
    except CounterpartError as error:
        return None, str(error)


def _by_changes(
    rest: Directory,
    latest: Synced,
    found: Mapping[str, GroupRead],
    sets: Iterable[SubscriptionSet],
    groups: Mapping[str, str],
) -> Directory:
    """The cache, and what was read beside it, as one directory."""
    bound = pd.DataFrame({"set": list(groups), "group": list(groups.values())}, dtype=frames.TEXT)
    members = bound.merge(latest.known.members, on="group")[list(frames.MEMBERS)]
    sizes = members["set"].value_counts().to_dict()
    reads = {read.set: read for read in rest.reads} | {
        name: replace(
            found[name],
            pages=len(latest.request_ids),
            members=sizes.get(name, 0),
            counted=latest.counted[group],
            request_ids=latest.request_ids,
            by_changes=True,
        )
        for name, group in groups.items()
    }
    people = pd.concat([rest.people, latest.known.present], ignore_index=True)
    return replace(
        rest,
        reads=tuple(reads[item.name] for item in sets),
        members=pd.concat([rest.members, members], ignore_index=True),
        people=people.drop_duplicates("id", ignore_index=True),
    )


def _judged_otherwise(
    people: pd.DataFrame, found: pd.DataFrame, columns: Iterable[str]
) -> set[str]:
    """Users of whom one of these columns is not as the directory has it."""
    judged = sorted(columns)
    ours = people.loc[is_in(people["id"], found["id"]), judged]
    both = ours.merge(found[judged], how="left", indicator=True)
    return set(both.loc[both["_merge"] == "left_only", "id"])
