"""Whether they are users, and there: present and enabled, disabled, deleted, gone, or not known."""

import pandas as pd

from reconciler.columns.frames import Flags, is_false, says, was_read
from reconciler.columns.joins import is_in
from reconciler.model.user_facts import Presence


def presence_of(users: pd.DataFrame, members: pd.DataFrame) -> Presence:
    """Row by row with the users (`frames.PEOPLE`); `members` are those of all sets' groups."""
    deleted, disabled = says(users["presence"], "deleted"), is_false(users["accountEnabled"])
    return Presence(
        not_told=says(users["presence"], "present") & ~was_read(users),
        uncertain=says(users["presence"], "uncertain"),
        gone=says(users["presence"], "gone"),
        deleted=deleted,
        disabled=disabled,
        no_person=is_no_user(users, members) & ~(deleted | disabled),
    )


def is_no_user(users: pd.DataFrame, members: pd.DataFrame) -> Flags:
    """Who is in a group as something else than a user: Graph derives agentUser from user, and
    whatever has an account is asked for by its id, whether it is a person or not.
    """
    return is_in(users["id"], members["id"][~says(members["kind"], "user")])
