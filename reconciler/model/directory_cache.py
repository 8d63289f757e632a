"""A tenant's groups as they were read once, and how often what changed was added since."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from reconciler.columns import frames

MEMBERS: frames.Schema = {"group": frames.TEXT, "id": frames.TEXT, "kind": frames.TEXT}


@dataclass(frozen=True)
class Links:
    """Where the next round begins: of up to fifty groups' members each, and of all users."""

    groups: tuple[str, ...]
    users: str


@dataclass(frozen=True)
class DirectoryCache:
    """The direct members of some groups, as `MEMBERS` has them, and the people among them.

    `scope` says for which tenant, groups and attributes this is, `read` when the groups themselves
    were read (UTC), `rounds` how often changes were added since; `links` tell the next ones.
    `people` are as in a `Directory`, and those who were deleted since are still there as that.
    """

    scope: str
    read: datetime
    rounds: int
    links: Links
    members: pd.DataFrame
    people: pd.DataFrame

    @property
    def present(self) -> pd.DataFrame:
        """The people who are in the groups."""
        return self.people[self.people["presence"] == "present"]

    @property
    def deleted(self) -> pd.DataFrame:
        """The people who were in the groups."""
        return self.people[self.people["presence"] == "deleted"]

    @property
    def users(self) -> dict[str, int]:
        """How many users are in each group that has any."""
        users = self.members.loc[self.members["kind"] == "user", "group"]
        return {str(group): count for group, count in users.value_counts().items()}
