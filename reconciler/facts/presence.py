"""Whether users exist and are enabled: disabled, deleted, gone, no users at all, or not known."""

import pandas as pd

from reconciler.columns.frames import Flags, is_false, is_text, was_read
from reconciler.columns.table_joins import is_in
from reconciler.model.user_facts import Presence


def presence_of(users: pd.DataFrame, members: pd.DataFrame) -> Presence:
    """Row by row with the users (`frames.PEOPLE`); `members` are those of all sets' groups."""
    deleted, disabled = is_text(users["presence"], "deleted"), is_false(users["accountEnabled"])
    return Presence(
        enabled_unknown=is_text(users["presence"], "present") & ~was_read(users),
        uncertain=is_text(users["presence"], "uncertain"),
        gone=is_text(users["presence"], "gone"),
        deleted=deleted,
        disabled=disabled,
        not_a_user=is_no_user(users, members) & ~(deleted | disabled),
    )


def is_no_user(users: pd.DataFrame, members: pd.DataFrame) -> Flags:
    """Members of a group that are no users.

    They can be among `users`: Graph derives agentUser from user, and the owner of every account is
    asked for by id, whatever it is.
    """
    return is_in(users["id"], members["id"][~is_text(members["kind"], "user")])
