"""Asks whether users who would gain something are also in a group that could not be read.

A failed read must not grant, either: the vendor allows one set per user, and a user who is in two
groups, of which one was not read to its end, would be granted the set of the other.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

import pandas as pd

from connectors.entra.reading.member_groups import check_member_groups
from connectors.entra.reading.user_columns import USER
from connectors.entra.reading.users import marked_uncertain
from connectors.entra.transport import GraphTransport
from connectors.errors import CounterpartError, Unauthorized
from reconciler.columns import frames
from reconciler.model.snapshot import Directory

Gaining = Callable[[Directory], Collection[str]]
"""The object ids of the users who would gain something if this directory were trusted."""


async def with_unread_groups(
    transport: GraphTransport, directory: Directory, gaining: Gaining
) -> Directory:
    """The directory with those memberships of the `gaining` users that no list shows.

    Nothing is asked where every group was read. A member of a group inside such a group counts as a
    member of it: without its list the two look alike. Of groups that hide their members from this
    app nothing can be known. Users who cannot be asked about are marked uncertain.

    Raises:
        Unauthorized: the token is no longer accepted.
    """
    unread = {
        read.set: read.group.id
        for read in directory.reads
        if read.group and not read.complete and not read.hidden
    }
    people = sorted(gaining(directory)) if unread else []
    try:
        answers = await check_member_groups(
            transport, dict.fromkeys(people, frozenset(unread.values()))
        )
    except Unauthorized:
        raise
    except CounterpartError:
        answers = dict.fromkeys(people)
    known = set(zip(directory.members["set"], directory.members["id"], strict=True))
    rows = [
        {"set": name, "id": at, "kind": USER}
        for at, inside in answers.items()
        for name, group in unread.items()
        if group in (inside or ()) and (name, at) not in known
    ]
    return replace(
        directory,
        members=pd.concat(
            [directory.members, frames.frame(frames.MEMBERS, rows)], ignore_index=True
        ),
        people=marked_uncertain(
            directory.people, [at for at, inside in answers.items() if inside is None]
        ),
    )
