"""How the group of a subscription set was found, and how well it was read."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Group:
    """An Entra group, by Graph's ``id`` and ``displayName``.

    The other fields are Graph's ``groupTypes`` (Unified, DynamicMembership), ``securityEnabled``,
    ``membershipRuleProcessingState`` (On, Paused), ``isAssignableToRole``, ``visibility`` (Public,
    Private, HiddenMembership) and, of a group in the recycle bin, ``deletedDateTime``. None: not
    given.
    """

    id: str
    name: str
    types: tuple[str, ...] = ()
    security_enabled: bool | None = None
    rule_processing: str | None = None
    role_assignable: bool | None = None
    visibility: str | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class GroupRead:
    """How one subscription set's group was found and how completely it was read.

    `exact` are the groups whose displayName equals the set's name byte for byte, `near` those
    whose names look alike, `pinned` the group of the configured ``group_id`` (None: not pinned
    or not found), `deleted` a group of the set's pinned id or exact name in the recycle bin, looked
    for only where there is no other. `complete` is true only if every page was followed to its end
    and the users read are no fewer than Graph counts; otherwise `because` says why.

    `hidden` says that this app may not see the group's members (permission Member.Read.Hidden).
    `members` is the number of distinct members, `duplicates` how many were listed again, `counted`
    Graph's own count of the users among them. `request_ids` is what Microsoft's support asks for.
    `by_changes`: they are an earlier run's members with the changes that Graph told of since.
    """

    set: str
    exact: tuple[Group, ...] = ()
    near: tuple[Group, ...] = ()
    pinned: Group | None = None
    deleted: Group | None = None
    complete: bool = True
    because: str = ""
    hidden: bool = False
    pages: int = 0
    members: int = 0
    duplicates: int = 0
    counted: int | None = None
    seconds: float = 0.0
    request_ids: tuple[str, ...] = ()
    by_changes: bool = False

    @property
    def group(self) -> Group | None:
        """The one group that is bound to the set: the pinned one, else the only exact one."""
        return self.pinned or (self.exact[0] if len(self.exact) == 1 else None)


@dataclass(frozen=True)
class ExportSize:
    """How many rows an export has; `members` of all its groups, nested groups counted, too."""

    users: int
    groups: int
    members: int


@dataclass(frozen=True)
class ExportRead:
    """An export that was read instead of the tenant: when it was made (UTC), and its size.

    `unproven` says why it may have less than the tenant; "" if it proves that it is complete.
    """

    made: datetime
    size: ExportSize
    unproven: str = ""
