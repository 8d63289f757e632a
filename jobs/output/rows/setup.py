"""Rows of what is looked at before a first run: checks, groups, and the sandbox."""

from collections.abc import Collection
from typing import ClassVar

from jobs.output.rows.row import Row
from reconciler.model.plan import Severity


class CheckRow(Row, frozen=True, kw_only=True):
    """One thing that was looked at, and whether it will do; not `proven`: nothing showed that."""

    passed: bool
    proven: bool
    severity: Severity
    text: str


class GroupRow(Row, frozen=True, kw_only=True):
    """How the group of a set was read: its object id, null without a group, members and pages.

    `because` says why it was not read whole, and is empty where it was.
    """

    json_only: ClassVar[Collection[str]] = {"group"}

    set: str
    group: str | None
    members: int
    pages: int
    complete: bool
    because: str


class HabitRow(Row, frozen=True, kw_only=True):
    """A habit of vendors: what it imitates, where that was seen, and what seatsync does then."""

    habit: str
    imitates: str
    source: str
    seatsync: str


class PortalSetRow(Row, frozen=True, kw_only=True):
    """A subscription set as the sandbox's Admin Portal shows it; times are texts, as there."""

    name: str
    description: str
    products: tuple[str, ...]
    admin: bool
    last_synced: str
    created: str
    users: int
