"""Whoever would be given something is asked whether a group that was not read has them, too.

A failed read must not give, either: who is in two groups, of which one could not be read to its
end, would be granted the other one's set, and whoever reads both knows that the vendor allows one.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

import pandas as pd

from connectors.entra.reading.member_groups import check_member_groups
from connectors.entra.reading.tables import USER
from connectors.entra.reading.users import marked_unseen
from connectors.entra.transport import Transport
from connectors.errors import CounterpartError, Unauthorized
from reconciler.columns import frames
from reconciler.model.snapshot import Directory

Gaining = Callable[[Directory], Collection[str]]
"""The object ids of whoever would be given something by a directory."""


async def with_unread_groups(
    transport: Transport, directory: Directory, gaining: Gaining
) -> Directory:
    """The directory with those memberships of whoever is `gaining` that no list has told.

    Nobody is asked for where every group was read. Who is in a group of such a group is taken for
    a member of it: without its list that is not to be told apart. Of groups that hide their members
    from this app nothing can be known. If they cannot be asked for, all of them are unseen.

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
        people=marked_unseen(
            directory.people, [at for at, inside in answers.items() if inside is None]
        ),
    )
