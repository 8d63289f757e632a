"""What was read, and how well."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pandas as pd

from reconciler.columns import frames
from reconciler.columns.joins import ordered
from reconciler.model.ways import Ways


@dataclass(frozen=True)
class Group:
    """An Entra group, by Graph's ``id`` and ``displayName``.

    The others are Graph's ``groupTypes`` (Unified, DynamicMembership), ``securityEnabled``,
    ``membershipRuleProcessingState`` (On, Paused), ``isAssignableToRole``, ``visibility`` (Public,
    Private, HiddenMembership) and, of a group in the recycle bin, ``deletedDateTime``. None: not
    told.
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
    `members` are distinct, `duplicates` came again; `counted` are Graph's own count of the users
    among them, `request_ids` what Microsoft's support asks for.
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

    @property
    def group(self) -> Group | None:
        """The one group that is bound to the set: the pinned one, else the only exact one."""
        return self.pinned or (self.exact[0] if len(self.exact) == 1 else None)


@dataclass(frozen=True)
class ExportSize:
    """How much an export has; `members` are those of all groups, nested groups among them."""

    users: int
    groups: int
    members: int


@dataclass(frozen=True)
class ExportRead:
    """An export in the tenant's place: of when it is (UTC), how much it has.

    `unproven` says why it may have less than the tenant, and is empty if it proves otherwise.
    """

    made: datetime
    size: ExportSize
    unproven: str = ""


@dataclass(frozen=True)
class Directory:
    """Entra ID: `members` per set, and `people`: everyone among them or asked for by id.

    `requests` were sent to Graph, and cost `resource_units` of what it allows the app and tenant.
    `clock_skew` is how far this machine's clock is ahead of Graph's (its Date header),
    `credential_expires` the day on which the app's own credential ends, where Graph tells it.

    `contradiction` says what was known of the groups and found otherwise in them, `not_by_changes`
    why they were read in full where what changed would have done (`directory.delta`). `uncounted`
    is what Graph said where it counts the members of no group: then each was read twice.
    `export` is None where the tenant itself was read.
    """

    tenant_id: str
    reads: tuple[GroupRead, ...] = ()
    members: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.MEMBERS))
    people: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.PEOPLE))
    requests: int = 0
    resource_units: int = 0
    clock_skew: timedelta = timedelta(0)
    credential_expires: date | None = None
    contradiction: str = ""
    not_by_changes: str = ""
    uncounted: str = ""
    export: ExportRead | None = None


@dataclass(frozen=True)
class Target:
    """The vendor over SCIM: `accounts`, and the `holdings` of the sets' groups.

    `groups` maps a set's name to the ids of the SCIM groups with exactly that displayName.
    `others` are the holdings of all its other groups, under their own names; anybody may be in
    those that are `unread`. `complete` is false, `because` of something, if less was read than the
    vendor says it has.

    `called` maps a set's name to what the vendor calls its group, where it is something else.
    `strangers` counts, per set, members that are no accounts. `pending` are ids of accounts and
    names of sets that were accepted lately and are not visible yet, `hidden` object ids of users
    and names of sets that the vendor says it has and does not show. Of `unshown` sets it does not
    show all members; whoever was put there from here is among the holdings. `shows_external_id` is
    false if it keeps no externalId, or none that is given later: then the store's links say whose
    an account is (`reconciler.facts.links`). `refused` are keys of what was refused twice
    (`reconciler.facts.refusals`), `ways` are those of attributes that it keeps otherwise than it is
    sent them. It makes no account without the `required` attributes, by path, and no group without
    a member where `empty_groups` is false.
    """

    base_url: str
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    accounts: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.ACCOUNTS))
    holdings: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.HOLDINGS))
    others: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.HOLDINGS))
    unread: tuple[str, ...] = ()
    complete: bool = True
    because: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    strangers: Mapping[str, int] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    unshown: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    shows_external_id: bool = True
    ways: Ways = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    empty_groups: bool = True
    invites: bool = False


@dataclass(frozen=True)
class SeatCount:
    """Purchased seats of a product, exactly as the inventory states them.

    `purchased` is the raw value (a number, text, or None); the reconciler judges it. `as_of` is
    the day of the count where the inventory gives one, `used` what the vendor's portal says is in
    use, where somebody wrote that down.
    """

    product: str
    purchased: int | float | str | None
    as_of: date | None = None
    used: int | float | str | None = None


@dataclass(frozen=True)
class KnownSet:
    """A subscription set as the latest plan knew it, and the Entra group that was bound to it.

    `vendor_groups` are the ids of the SCIM groups of its name, as they were last seen,
    `vendor_name` is what the vendor made of the name when the group was made. `unseen_since`: it
    accepted the group then, and has not shown it yet.
    """

    products: tuple[str, ...]
    admin: bool = False
    group_id: str | None = None
    vendor_groups: tuple[str, ...] = ()
    vendor_name: str = ""
    unseen_since: datetime | None = None


@dataclass(frozen=True)
class KnownSeats:
    """The seats of a product as the latest plan reckoned with them.

    `unseen` were in use by the vendor's own count (`used`, of the day `as_of`) beyond those that
    its accounts showed when that count was new.
    """

    purchased: int
    used: int | None = None
    as_of: date | None = None
    unseen: int = 0


@dataclass(frozen=True)
class MemoryUpdate:
    """What a plan leaves for the next one to know; see `Memory`. `links` are new ones alone.

    `leavers` are object ids, and since when these users are in no group while they hold a seat.
    `held` says whether anybody held a set, or another group, at the vendor.
    `waits` are an object id, a set, and the run since which: also of those whom the plan serves,
    for it may never be applied, and then they have waited as long as the others.
    """

    tenant_id: str
    vendor: str
    sets: Mapping[str, KnownSet]
    seats: Mapping[str, KnownSeats]
    links: Mapping[str, str]
    waits: tuple[tuple[str, str, int], ...]
    named: Mapping[str, tuple[str, ...]]
    held: bool
    leavers: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True)
class Interruption:
    """An earlier run that stopped after `ended` of `planned` operations of its plan.

    The `settled` ones that were under way have been read back since; `done` of them took effect.
    """

    run_id: str
    ended: int
    planned: int
    settled: int
    done: int


@dataclass(frozen=True)
class Memory:
    """What the store remembers of earlier runs; empty is always a valid memory.

    `tenant_id` and `vendor` are those that it was used for, empty before the first plan. `began` is
    when that was made if somebody held something then: what they had lost before is not known.
    `run` is the number of the plan to be made; `since_run` in `waits` is on the same scale.
    `interruptions` are earlier runs that stopped half-way and are settled now,
    `week` what was gained and lost in the last 7 days (`frames.CHANGES`).
    `sets` are known ones by name, `seats` what the latest plan reckoned with per product. `links`
    are the accounts that are ours: we made or linked them, or met them in a configured set;
    `recent` are ids of accounts that were made within a day, `unseen` of accounts and groups that
    were accepted then, and of which nothing was seen.
    `flapping` holds object ids of those who were granted a seat and lost it within the last 3
    plans, `midway` of those whose move was split and has only its first half. `export` is the size
    of the last export that was not found too small, or was approved all the same.
    `named` are the names that the configuration gives users, in folded case, and the object ids of
    all whom they were found to mean (`reconciler.facts.named_users`).
    """

    store_id: str = ""
    tenant_id: str = ""
    vendor: str = ""
    began: datetime | None = None
    run: int = 0
    interruptions: tuple[Interruption, ...] = ()
    sets: Mapping[str, KnownSet] = field(default_factory=dict)
    seats: Mapping[str, KnownSeats] = field(default_factory=dict)
    flapping: frozenset[str] = frozenset()
    midway: frozenset[str] = frozenset()
    export: ExportSize | None = None
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recent: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    links: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.LINKS))
    waits: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.WAITS))
    switches: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.SWITCHES))
    week: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.CHANGES))
    leavers: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.LEAVERS))

    def waiting_since(self) -> dict[tuple[str, str], int]:
        """By object id and set the run since which somebody waits."""
        pairs = zip(self.waits["id"].tolist(), self.waits["set"].tolist(), strict=True)
        return dict(zip(pairs, self.waits["since_run"].tolist(), strict=True))


@dataclass(frozen=True)
class Snapshot:
    """Everything that a plan is made from. `inventory` has at most one count per product."""

    directory: Directory
    target: Target
    inventory: tuple[SeatCount, ...]
    memory: Memory = Memory()


@dataclass(frozen=True)
class PlanContext:
    """What only the outside can say about a plan: its id, the time (UTC), the tool's version.

    `grants_only`: nothing may be taken away from anybody.
    """

    plan_id: str
    now: datetime
    tool_version: str
    grants_only: bool = False


def in_order(snapshot: Snapshot) -> Snapshot:
    """The same rows: people and members by object id, accounts and holdings by SCIM id."""
    directory, target = snapshot.directory, snapshot.target
    return replace(
        snapshot,
        directory=replace(
            directory,
            people=ordered(directory.people, "id"),
            members=ordered(directory.members, "id"),
        ),
        target=replace(
            target,
            accounts=ordered(target.accounts, "account"),
            holdings=ordered(target.holdings, "account"),
        ),
    )
