"""Asks again about people whose reading is in doubt, before anything is decided about them.

Groups are read one page after the other. Whoever moves from one to another meanwhile is found in
both, or in neither, and was in exactly one at every moment. So those who are in two groups, and
those who seem to have left all of them, are asked for once more, each at a single moment.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from msgraph.generated.users.item.check_member_groups.check_member_groups_post_request_body import (
    CheckMemberGroupsPostRequestBody,
)

from connectors.entra.columns import PRESENT, UNSEEN, USER
from connectors.entra.members import read_members
from connectors.entra.together import together
from connectors.entra.transport import Transport
from connectors.errors import Refused, Unreachable
from reconciler.model import frames
from reconciler.model.snapshot import Directory

IN_ONE_CHECK = 20
"""Groups that Graph takes in one checkMemberGroups."""

AT_ONCE = 8
"""People who are asked for at the same time."""

MOST_MOVERS = 1_000
"""More people in several groups are left there: that costs them nothing."""

NOT_FOUND = 404


@dataclass(frozen=True)
class Membership:
    """A person in a set's group."""

    set: str
    id: str


async def settle(
    transport: Transport, directory: Directory, leavers: Iterable[str], nested: Iterable[str]
) -> Directory:
    """The directory, corrected for whoever moved while it was read.

    `leavers` are the ids of people in no group who would lose something; `nested` names the sets
    that are read with the groups in their groups. One request per person and twenty sets, and a
    second reading of the groups that somebody has come into.

    Raises:
        ConnectorError: the doubt could not be settled.
    """
    groups = _groups(directory)
    people = directory.people.set_index("id")["presence"]
    left_all = [at for at in map(str.lower, leavers) if people.get(at) == PRESENT]
    doubtful = [*_in_several(directory.members, groups), *left_all]
    told = await _compare(transport, directory, doubtful, nested)
    # Who was read in two groups and is told to be in none has one answer against another.
    somewhere = {one.id for one in (told.read & told.now) | told.came}
    left = {one for one in told.read - told.now if one.set in groups and one.id in somewhere}
    return replace(
        directory,
        members=_corrected(directory.members, told.came, left),
        people=_marked(directory.people, told.unseen),
    )


async def in_other_groups(
    transport: Transport, directory: Directory, people: Sequence[str], nested: Iterable[str]
) -> set[str]:
    """Who of these people is in a group in which the directory has her not, or is not found.

    Raises:
        ConnectorError: they could not all be asked for.
    """
    told = await _compare(transport, directory, people, nested)
    return {one.id for one in told.came} | set(told.unseen)


@dataclass(frozen=True)
class _Told:
    """Memberships of some people as they were `read`, and as Graph tells them `now`.

    `came` are those that were not read and are true; Graph did not find the `unseen`.
    """

    read: set[Membership]
    now: set[Membership]
    came: set[Membership]
    unseen: tuple[str, ...]


async def _compare(
    transport: Transport, directory: Directory, people: Sequence[str], nested: Iterable[str]
) -> _Told:
    groups = _groups(directory)
    answers = await _ask(transport, people, groups)
    told = {at: found for at, found in answers.items() if found is not None}
    read = {Membership(*row) for row in _rows(directory.members, told)}
    now = {Membership(name, at) for at, found in told.items() for name in found}
    came = await _confirmed(transport, now - read, groups, frozenset(nested))
    return _Told(read, now, came, tuple(answers.keys() - told.keys()))


def _groups(directory: Directory) -> dict[str, str]:
    return {read.set: read.group.id for read in directory.reads if read.group and read.complete}


def _in_several(members: pd.DataFrame, groups: Mapping[str, str]) -> list[str]:
    """Users in several groups; so many of them did not move in the minutes of a reading."""
    users = members[members["kind"] == USER]
    memberships = users.assign(group=users["set"].map(groups)).drop_duplicates(["group", "id"])
    several = memberships["id"][memberships["id"].duplicated()].unique()
    return sorted(several) if len(several) <= MOST_MOVERS else []


def _rows(members: pd.DataFrame, people: Iterable[str]) -> Iterable[tuple[str, str]]:
    theirs = members[members["id"].isin(list(people))]
    return zip(theirs["set"], theirs["id"], strict=True)


async def _ask(
    transport: Transport, people: Sequence[str], groups: Mapping[str, str]
) -> dict[str, list[str] | None]:
    """Per person the sets whose groups, or groups in them, she is in; None: Graph lost her."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(person: str) -> list[str] | None:
        async with gate:
            try:
                found = await _groups_of(transport, person, sorted(set(groups.values())))
            except Refused as error:
                if error.status == NOT_FOUND:
                    return None
                raise
        return [name for name, group_id in groups.items() if group_id in found]

    answers = await together(ask(at) for at in people)
    return dict(zip(people, answers, strict=True))


async def _groups_of(transport: Transport, person: str, groups: Sequence[str]) -> set[str]:
    check = transport.graph.users.by_user_id(person).check_member_groups
    found: set[str] = set()
    for start in range(0, len(groups), IN_ONE_CHECK):
        asked = groups[start : start + IN_ONE_CHECK]
        body = CheckMemberGroupsPostRequestBody(group_ids=list(asked))
        answer = await transport.json(check.to_post_request_information(body))
        told = answer.get("value")
        if not isinstance(told, list) or not all(group_id in asked for group_id in told):
            raise Unreachable("asking for a user's groups", "the answer names other groups")
        found.update(told)
    return found


async def _confirmed(
    transport: Transport, came: set[Membership], groups: Mapping[str, str], nested: frozenset[str]
) -> set[Membership]:
    """Graph also names groups that hold a group of hers; only where she is herself, she came."""
    confirmed = {one for one in came if one.set in nested}
    for name in sorted({one.set for one in came - confirmed}):
        members = await read_members(transport, groups[name], (), lambda _: None)
        if members.because:
            raise Unreachable(f'reading the group of "{name}" again', members.because)
        confirmed |= {Membership(name, at) for at in members.table["id"].to_pylist()} & came
    return confirmed


def _corrected(members: pd.DataFrame, came: set[Membership], left: set[Membership]) -> pd.DataFrame:
    rows = zip(members["set"], members["id"], strict=True)
    stay = [Membership(*row) not in left for row in rows] if left else slice(None)
    new = ({"set": one.set, "id": one.id, "kind": USER} for one in came)
    return pd.concat([members[stay], frames.frame(frames.MEMBERS, new)], ignore_index=True)


def _marked(people: pd.DataFrame, unseen: Sequence[str]) -> pd.DataFrame:
    if not unseen:
        return people
    return people.assign(presence=people["presence"].mask(people["id"].isin(list(unseen)), UNSEEN))
