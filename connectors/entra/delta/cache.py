"""A tenant's groups as they were read once, kept up to date by what Graph says has changed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from connectors.entra.delta.query import Changes, Pair
from connectors.entra.reading.user_columns import DELETED, PRESENT, UNCERTAIN, USER
from reconciler.columns import frames
from reconciler.columns.frames import was_read
from reconciler.columns.table_joins import is_in
from reconciler.model.directory_cache import MEMBERS, DirectoryCache, Links
from reconciler.model.snapshot import Directory


class CacheInvalid(Exception):
    """The cache cannot be continued by these changes: read the groups in full."""


def known_from(
    directory: Directory,
    groups: Mapping[str, str],
    scope: str,
    now: datetime,
    links: Links,
    before: DirectoryCache | None,
) -> DirectoryCache | None:
    """The cache after a full read of the sets with these groups; None if the read is not certain.

    Users who were known as deleted `before`, and are in no group, stay in it as deleted.
    """
    members = directory.members
    members = members.assign(group=members["set"].map(groups).astype("string[pyarrow]"))
    members = members.loc[members["group"].notna(), list(MEMBERS)].drop_duplicates()
    people = _among(directory.people, members.loc[members["kind"] == USER, "id"])
    complete = all(read.complete for read in directory.reads if read.set in groups)
    if not complete or not _sure(people):
        return None
    if before is not None:
        back = _among(people, before.deleted["id"])["id"]
        deleted = before.deleted.loc[~is_in(before.deleted["id"], back), list(people.columns)]
        people = pd.concat([people, deleted], ignore_index=True)
    return DirectoryCache(scope, now, 0, links, members.reset_index(drop=True), people)


def to_look_up(known: DirectoryCache, changes: Changes) -> set[str]:
    """Object ids of users to read from Graph: known ones who changed, and all who are new."""
    joined = {at for (_, at), kind in changes.joined.items() if kind == USER}
    changed = _among(known.people, changes.users | changes.removed)
    return set(changed["id"]) | (joined - set(_among(known.present, joined)["id"]))


def with_changes(known: DirectoryCache, changes: Changes, found: pd.DataFrame) -> DirectoryCache:
    """The cache after the changes; `found` are the users `to_look_up`, as Graph has them now.

    Raises:
        CacheInvalid: the changes contradict themselves, a user who changed is not found, or one who
            was deleted is back: they kept memberships that no delta query reports again.
    """
    if changes.lost_groups:
        raise CacheInvalid("a group was deleted")
    if changes.joined.keys() & changes.left:
        raise CacheInvalid("somebody both joined and left a group")
    gone = set(found.loc[found["presence"] == UNCERTAIN, "id"]) & changes.removed
    missing = to_look_up(known, changes) - set(found["id"])
    found = found[~is_in(found["id"], gone)]
    if missing or not _sure(found[found["presence"] != DELETED]):
        raise CacheInvalid("somebody who changed was not found")
    if not _among(known.deleted, found.loc[found["presence"] == PRESENT, "id"]).empty:
        raise CacheInvalid("somebody is back who was deleted")
    deleted = {*known.deleted["id"], *found.loc[found["presence"] == DELETED, "id"]}
    members = _changed(known.members, changes, gone | deleted)
    left = {at for _, at in changes.left} - deleted
    outside = gone | (left - set(_among(members, left)["id"]))
    others = known.people[~is_in(known.people["id"], {*outside, *found["id"]})]
    return replace(
        known,
        rounds=known.rounds + 1,
        links=changes.links,
        members=members,
        people=pd.concat([others, found[~is_in(found["id"], outside)]], ignore_index=True),
    )


def differences(one: DirectoryCache, other: DirectoryCache) -> tuple[set[Pair], set[str]]:
    """Memberships that only one of the two has, and users who are not the same in both.

    Members that are no users are not compared: a list and a round of changes may differ in them.
    """
    members = _in_one(*(each.members[each.members["kind"] == USER] for each in (one, other)))
    people = _in_one(one.present, other.present)
    return set(zip(members["group"], members["id"], strict=True)), set(people["id"])


def _changed(members: pd.DataFrame, changes: Changes, without: Iterable[str]) -> pd.DataFrame:
    """The memberships after the changes; the rows of changed members are made anew."""
    mentioned = {at for _, at in (*changes.joined, *changes.left)}
    touched = is_in(members["id"], {*mentioned, *without})
    rows = members[touched]
    kinds = dict(zip(zip(rows["group"], rows["id"], strict=True), rows["kind"], strict=True))
    kinds |= changes.joined
    gone = set(without)
    new = (
        {"group": group, "id": at, "kind": kind}
        for (group, at), kind in kinds.items()
        if at not in gone and (group, at) not in changes.left
    )
    return pd.concat([members[~touched], frames.frame(MEMBERS, new)], ignore_index=True)


def _in_one(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one, other[list(one.columns)]]).drop_duplicates(keep=False)


def _among(rows: pd.DataFrame, ids: Iterable[str]) -> pd.DataFrame:
    """The rows with these ids; pandas itself is slow with many strings."""
    wanted = pa.array(ids, pa.large_string())
    among = pc.is_in(pa.array(rows["id"].array), wanted).to_numpy(zero_copy_only=False)
    found: pd.DataFrame = rows[among]
    return found


def _sure(people: pd.DataFrame) -> bool:
    return bool((people["presence"].eq(PRESENT) & was_read(people)).all())
