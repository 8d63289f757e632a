"""Rechecks users whose memberships are in doubt, before anything is decided about them.

Groups are read page by page. A user who moves from one group to another meanwhile is listed in both
or in neither, though they were in exactly one at every moment; and a list may silently lack a
member. So users who are listed in two groups, and users who would lose something because a list
lacks them, are asked about once more with checkMemberGroups, which answers for a single moment.
Where its answer and the list differ, the list is read a second time; where they still differ, Graph
contradicts itself, and nothing is known of these users.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from connectors.concurrency import gather_all
from connectors.entra.reading.member_groups import check_member_groups
from connectors.entra.reading.members import list_members
from connectors.entra.reading.user_columns import GROUP, KIND, PRESENT, USER
from connectors.entra.reading.users import marked_uncertain
from connectors.entra.transport import GraphTransport
from connectors.errors import CounterpartError, Unauthorized
from reconciler.columns import frames
from reconciler.columns.table_joins import is_in
from reconciler.model.snapshot import Directory

MOST_MOVERS = 1_000
"""If more users than this are in several groups, they did not all move: they are left as listed,
which takes nothing from them.
"""

Losing = Mapping[str, Collection[str]]
"""Per object id of a user who would lose something: the sets they hold without being listed."""


@dataclass(frozen=True)
class MemberOf:
    """A user (object id) in a set's group."""

    set: str
    id: str


async def recheck(
    transport: GraphTransport, directory: Directory, losing: Losing, nested: Iterable[str]
) -> Directory:
    """The directory, corrected for users who moved while it was read.

    `nested` names the sets whose groups are read with the groups inside them. Only groups that
    matter are asked about: for users in several groups these; for users who would lose sets these
    and their own; for users in no group all, for they may have moved into any. Users about whom
    Graph contradicts itself are marked uncertain, and all of them if Graph cannot be asked.

    Raises:
        Unauthorized: the token is no longer accepted.
    """
    groups = _groups(directory)
    people = directory.people.set_index("id")["presence"]
    present = {at.lower(): sets for at, sets in losing.items() if people.get(at.lower()) == PRESENT}
    doubts = _in_several(directory.members, groups) | _in_doubt(directory.members, present, groups)
    try:
        compared = await _compare(transport, directory.members, doubts, groups, frozenset(nested))
    except Unauthorized:
        raise
    except CounterpartError:
        compared = _Comparison(contradicted=set(doubts))
    # A user listed in two groups, and in none by the answer, stays where they are listed.
    somewhere = {one.id for one in {*compared.agreed, *compared.added}}
    return replace(
        directory,
        members=_corrected(
            directory.members,
            compared.added,
            {one for one in compared.removed if one.id in somewhere},
        ),
        people=marked_uncertain(directory.people, compared.contradicted),
    )


async def read_otherwise(
    transport: GraphTransport, directory: Directory, losing: Losing, nested: Iterable[str]
) -> set[str]:
    """Those of these users who are not found, or are in other groups than in the directory.

    Raises:
        CounterpartError: they could not all be asked for.
    """
    groups = _groups(directory)
    doubts = _in_doubt(directory.members, losing, groups)
    compared = await _compare(transport, directory.members, doubts, groups, frozenset(nested))
    return {one.id for one in (*compared.added, *compared.removed)} | compared.contradicted


@dataclass(frozen=True)
class _Comparison:
    """Memberships in both the lists and the answers (`agreed`), in the answers only (`added`, each
    with the member's kind), and in the lists only (`removed`).

    `contradicted` are users about whom Graph contradicted itself, or whom it did not find.
    """

    agreed: set[MemberOf] = field(default_factory=set)
    added: dict[MemberOf, str] = field(default_factory=dict)
    removed: set[MemberOf] = field(default_factory=set)
    contradicted: set[str] = field(default_factory=set)


async def _compare(
    transport: GraphTransport,
    members: pd.DataFrame,
    doubts: Mapping[str, Collection[str]],
    groups: Mapping[str, str],
    nested: frozenset[str],
) -> _Comparison:
    """`doubts` are the sets in question, per object id."""
    questions = {at: {groups[name] for name in sets} for at, sets in doubts.items()}
    answers = await check_member_groups(transport, questions)
    found = {at: inside for at, inside in answers.items() if inside is not None}
    answered = {
        MemberOf(name, at)
        for at, inside in found.items()
        for name in doubts[at]
        if groups[name] in inside
    }
    read = {one for one in _of(members, found) if one.set in doubts[one.id]}
    listed = await _read_again(transport, {one.set for one in answered ^ read}, groups, nested)
    kinds = {one: listed[one.set].kinds.get(one.id) for one in answered - read}
    came = {one: kind for one, kind in kinds.items() if kind}
    left = {one for one in read - answered if listed[one.set].lacks(one.id)}
    within = await _through_groups(transport, answered - read - came.keys(), listed)
    against = (answered ^ read) - came.keys() - left - within
    lost = answers.keys() - found.keys()
    return _Comparison(answered & read, came, left, {one.id for one in against} | lost)


def _groups(directory: Directory) -> dict[str, str]:
    return {read.set: read.group.id for read in directory.reads if read.group and read.complete}


def _in_several(members: pd.DataFrame, groups: Mapping[str, str]) -> dict[str, set[str]]:
    """Per user in several groups their sets; empty if these are more than `MOST_MOVERS`."""
    users = members[(members["kind"] == USER) & is_in(members["set"], groups)]
    memberships = users.assign(group=users["set"].map(groups)).drop_duplicates(["group", "id"])
    several = memberships["id"][memberships["id"].duplicated()].unique()
    if len(several) > MOST_MOVERS:
        return {}
    return {at: {one.set for one in of} for at, of in _by_person(users, several).items()}


def _in_doubt(
    members: pd.DataFrame, losing: Losing, groups: Mapping[str, str]
) -> dict[str, set[str]]:
    """Per user the sets to ask about."""
    own = _by_person(members, losing)
    doubts = {
        at: {*sets, *(one.set for one in own[at])} & groups.keys()
        for at, sets in losing.items()
        if sets and at in own
    }
    return doubts | {at: set(groups) for at in losing if at not in own}


def _by_person(members: pd.DataFrame, people: Collection[str]) -> dict[str, set[MemberOf]]:
    theirs: dict[str, set[MemberOf]] = {}
    for one in _of(members, people):
        theirs.setdefault(one.id, set()).add(one)
    return theirs


def _of(members: pd.DataFrame, people: Collection[str]) -> list[MemberOf]:
    rows = members[is_in(members["id"], people)]
    return [MemberOf(*row) for row in zip(rows["set"], rows["id"], strict=True)]


@dataclass(frozen=True)
class _Listed:
    """A second reading of a group: the kinds of its members by id, and whether it was complete."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False

    @cached_property
    def groups(self) -> frozenset[str]:
        return frozenset(at for at, kind in self.kinds.items() if kind == GROUP)

    def lacks(self, person: str) -> bool:
        """Whether the list was read completely, and the user is not in it."""
        return self.complete and person not in self.kinds


async def _read_again(
    transport: GraphTransport,
    names: Iterable[str],
    groups: Mapping[str, str],
    nested: frozenset[str],
) -> dict[str, _Listed]:
    """Reads lists again, without a count: checkMemberGroups has already told what they lack."""

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
    transport: GraphTransport, answered: set[MemberOf], listed: Mapping[str, _Listed]
) -> set[MemberOf]:
    """Users who are members through a nested group: the group has them, but does not list them."""
    questions: dict[str, set[str]] = {}
    for one in answered:
        questions.setdefault(one.id, set()).update(listed[one.set].groups)
    inside = await check_member_groups(transport, questions)
    return {one for one in answered if (inside[one.id] or set()) & listed[one.set].groups}


def _corrected(
    members: pd.DataFrame, came: Mapping[MemberOf, str], left: set[MemberOf]
) -> pd.DataFrame:
    rows = zip(members["set"], members["id"], strict=True)
    stay = [MemberOf(*row) not in left for row in rows] if left else slice(None)
    new = ({"set": one.set, "id": one.id, "kind": kind} for one, kind in came.items())
    return pd.concat([members[stay], frames.frame(frames.MEMBERS, new)], ignore_index=True)
