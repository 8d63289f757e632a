"""A tenant's groups as they were read in full once, and kept up to date by delta queries."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from reconciler.columns import frames

MEMBERS: frames.Schema = {"group": frames.TEXT, "id": frames.TEXT, "kind": frames.TEXT}


@dataclass(frozen=True)
class Links:
    """Graph's delta links for the next round: `groups` has one for the members of up to fifty
    groups each, `users` is the one for all users.
    """

    groups: tuple[str, ...]
    users: str


@dataclass(frozen=True)
class DirectoryCache:
    """The direct members of some groups, with the columns `MEMBERS`, and the users among them.

    `scope` is a digest of the tenant, groups and attributes asked for, `read` is when the groups
    were read in full (UTC), `rounds` how often changes were added since; `links` lead to the next
    ones. `people` is as in a `Directory`; users who were deleted since are in it as deleted.
    """

    scope: str
    read: datetime
    rounds: int
    links: Links
    members: pd.DataFrame
    people: pd.DataFrame

    @property
    def present(self) -> pd.DataFrame:
        """The rows of users who are in the groups."""
        return self.people[self.people["presence"] == "present"]

    @property
    def deleted(self) -> pd.DataFrame:
        """The rows of users who were in the groups and were deleted since."""
        return self.people[self.people["presence"] == "deleted"]

    @property
    def users(self) -> dict[str, int]:
        """How many users are in each group that has any."""
        users = self.members.loc[self.members["kind"] == "user", "group"]
        return {str(group): count for group, count in users.value_counts().items()}
