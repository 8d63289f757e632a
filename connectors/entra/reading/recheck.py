"""Asks again about people whose reading is in doubt, before anything is decided about them.

Groups are read one page after the other. Whoever moves from one to another meanwhile is found in
both, or in neither, and was in exactly one at every moment; and a list may lack somebody without a
word. So those who are in two groups, and those who would lose something because a list has them
not, are asked for once more, each at a single moment. Where that answer and the list differ, the
list is read a second time; where they still differ, Graph contradicts itself, and nothing is known
of these people.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from connectors.concurrency import gather_all
from connectors.entra.reading.member_groups import check_member_groups
from connectors.entra.reading.members import list_members
from connectors.entra.reading.tables import GROUP, KIND, PRESENT, USER
from connectors.entra.reading.users import marked_unseen
from connectors.entra.transport import Transport
from connectors.errors import CounterpartError, Unauthorized
from reconciler.columns import frames
from reconciler.model.snapshot import Directory

MOST_MOVERS = 1_000
"""More people in several groups are left there: that costs them nothing."""

Losing = Mapping[str, Collection[str]]
"""Per object id of whoever would lose something the sets that they hold and are not read in."""


@dataclass(frozen=True)
class Membership:
    """A person in a set's group."""

    set: str
    id: str


async def settle(
    transport: Transport, directory: Directory, losing: Losing, nested: Iterable[str]
) -> Directory:
    """The directory, corrected for whoever moved while it was read; contradictions are unseen.

    `nested` names the sets that are read with the groups in their groups. Nobody is asked about
    more groups than matter: who is in several about those, who would lose sets about these and
    their own, and who is in none about all, for they may have moved into any. A second reading is
    made of the groups of which the answers differ. If they cannot be asked for, all of them are
    unseen.

    Raises:
        Unauthorized: the token is no longer accepted.
    """
    groups = _groups(directory)
    people = directory.people.set_index("id")["presence"]
    present = {at.lower(): sets for at, sets in losing.items() if people.get(at.lower()) == PRESENT}
    doubts = _in_several(directory.members, groups) | _in_doubt(directory.members, present, groups)
    try:
        told = await _compare(transport, directory.members, doubts, groups, frozenset(nested))
    except Unauthorized:
        raise
    except CounterpartError:
        told = _Told(unseen=set(doubts))
    # Who was read in two groups and is told to be in none has one answer against another.
    somewhere = {one.id for one in {*told.agreed, *told.came}}
    return replace(
        directory,
        members=_corrected(
            directory.members, told.came, {one for one in told.left if one.id in somewhere}
        ),
        people=marked_unseen(directory.people, told.unseen),
    )


async def read_otherwise(
    transport: Transport, directory: Directory, losing: Losing, nested: Iterable[str]
) -> set[str]:
    """Who of these people is in other groups than the directory has them in, or is not found.

    Raises:
        CounterpartError: they could not all be asked for.
    """
    groups = _groups(directory)
    doubts = _in_doubt(directory.members, losing, groups)
    told = await _compare(transport, directory.members, doubts, groups, frozenset(nested))
    return {one.id for one in (*told.came, *told.left)} | told.unseen


@dataclass(frozen=True)
class _Told:
    """Memberships that were read and told, that were told only (each with its kind), and that were
    read only.

    Of the `unseen` Graph told two things, or did not find them.
    """

    agreed: set[Membership] = field(default_factory=set)
    came: dict[Membership, str] = field(default_factory=dict)
    left: set[Membership] = field(default_factory=set)
    unseen: set[str] = field(default_factory=set)


async def _compare(
    transport: Transport,
    members: pd.DataFrame,
    doubts: Mapping[str, Collection[str]],
    groups: Mapping[str, str],
    nested: frozenset[str],
) -> _Told:
    """`doubts` are the sets in question, per object id."""
    questions = {at: {groups[name] for name in sets} for at, sets in doubts.items()}
    answers = await check_member_groups(transport, questions)
    found = {at: inside for at, inside in answers.items() if inside is not None}
    told = {
        Membership(name, at)
        for at, inside in found.items()
        for name in doubts[at]
        if groups[name] in inside
    }
    read = {one for one in _of(members, found) if one.set in doubts[one.id]}
    listed = await _read_again(transport, {one.set for one in told ^ read}, groups, nested)
    kinds = {one: listed[one.set].kinds.get(one.id) for one in told - read}
    came = {one: kind for one, kind in kinds.items() if kind}
    left = {one for one in read - told if listed[one.set].lacks(one.id)}
    within = await _through_groups(transport, told - read - came.keys(), listed)
    against = (told ^ read) - came.keys() - left - within
    lost = answers.keys() - found.keys()
    return _Told(told & read, came, left, {one.id for one in against} | lost)


def _groups(directory: Directory) -> dict[str, str]:
    return {read.set: read.group.id for read in directory.reads if read.group and read.complete}


def _in_several(members: pd.DataFrame, groups: Mapping[str, str]) -> dict[str, set[str]]:
    """Users in several groups; so many of them did not move in the minutes of a reading."""
    users = members[(members["kind"] == USER) & members["set"].isin(list(groups))]
    memberships = users.assign(group=users["set"].map(groups)).drop_duplicates(["group", "id"])
    several = memberships["id"][memberships["id"].duplicated()].unique()
    if len(several) > MOST_MOVERS:
        return {}
    return {at: {one.set for one in of} for at, of in _by_person(users, several).items()}


def _in_doubt(
    members: pd.DataFrame, losing: Losing, groups: Mapping[str, str]
) -> dict[str, set[str]]:
    """The sets about which these people are to be asked."""
    own = _by_person(members, losing)
    doubts = {
        at: {*sets, *(one.set for one in own[at])} & groups.keys()
        for at, sets in losing.items()
        if sets and at in own
    }
    return doubts | {at: set(groups) for at in losing if at not in own}


def _by_person(members: pd.DataFrame, people: Iterable[str]) -> dict[str, set[Membership]]:
    theirs: dict[str, set[Membership]] = {}
    for one in _of(members, people):
        theirs.setdefault(one.id, set()).add(one)
    return theirs


def _of(members: pd.DataFrame, people: Iterable[str]) -> list[Membership]:
    rows = members[members["id"].isin(list(people))]
    return [Membership(*row) for row in zip(rows["set"], rows["id"], strict=True)]


@dataclass(frozen=True)
class _Listed:
    """A second reading of a group: the kinds of its members by id, and whether it ended."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False

    @cached_property
    def groups(self) -> frozenset[str]:
        return frozenset(at for at, kind in self.kinds.items() if kind == GROUP)

    def lacks(self, person: str) -> bool:
        """Whether the person was looked for to the end, and is not listed."""
        return self.complete and person not in self.kinds


async def _read_again(
    transport: Transport, names: Iterable[str], groups: Mapping[str, str], nested: frozenset[str]
) -> dict[str, _Listed]:
    """No count is asked for: what the list lacks again, checkMemberGroups has said already."""

    async def read(name: str) -> _Listed:
        try:
            table = (await list_members(transport, groups[name], nested=name in nested)).table
        except Unauthorized:
            raise
        except CounterpartError:
            return _Listed()
        kinds = dict(zip(table["id"].to_pylist(), table[KIND].to_pylist(), strict=True))
        inner = {at for at, kind in kinds.items() if kind == GROUP and name in nested}
        return _Listed({at: kinds[at] for at in kinds.keys() - inner}, complete=True)

    ordered = sorted(names)
    return dict(zip(ordered, await gather_all(read(name) for name in ordered), strict=True))


async def _through_groups(
    transport: Transport, told: set[Membership], listed: Mapping[str, _Listed]
) -> set[Membership]:
    """Those who are in a group of the group: then it holds them, though they are no members."""
    questions: dict[str, set[str]] = {}
    for one in told:
        questions.setdefault(one.id, set()).update(listed[one.set].groups)
    inside = await check_member_groups(transport, questions)
    return {one for one in told if (inside[one.id] or set()) & listed[one.set].groups}


def _corrected(
    members: pd.DataFrame, came: Mapping[Membership, str], left: set[Membership]
) -> pd.DataFrame:
    rows = zip(members["set"], members["id"], strict=True)
    stay = [Membership(*row) not in left for row in rows] if left else slice(None)
    new = ({"set": one.set, "id": one.id, "kind": kind} for one, kind in came.items())
    return pd.concat([members[stay], frames.frame(frames.MEMBERS, new)], ignore_index=True)
