"""What was read, and how well."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pandas as pd

from reconciler.columns import frames
from reconciler.columns.table_joins import ordered
from reconciler.model.attribute_habits import Ways
from reconciler.model.group_read import ExportRead, ExportSize, GroupRead
from reconciler.model.known_sets import KnownSeats, KnownSet
from reconciler.model.refusal_backoff import Refusals
from reconciler.model.seat_inventory import SeatCount
from reconciler.model.sign_ins import IdleSeat


@dataclass(frozen=True)
class Directory:
    """Entra ID: `members` per set, and `people`: every user among them or asked for by id.

    `requests` is how many were sent to Graph, `resource_units` what they cost of what it allows the
    app and tenant. `clock_skew` is how far this machine's clock is ahead of Graph's (its Date
    header), `credential_expires` the day on which the app's own credential ends, where Graph says
    it.

    `contradiction` says how the groups differ from what the delta queries told of them,
    `full_read_because` why they were read in full where changes alone should have done
    (`directory.delta`). `uncounted` is Graph's answer where it counts the members of no group: then
    each group was read twice. `export` is None where the tenant itself was read.
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
    full_read_because: str = ""
    uncounted: str = ""
    export: ExportRead | None = None


@dataclass(frozen=True)
class Target:
    """The vendor over SCIM: `accounts`, and the `holdings` of the sets' groups.

    `groups` maps a set's name to the ids of the SCIM groups with exactly that displayName.
    `others` are the holdings of all other groups, under their own names; `unread` names groups that
    could not be read, so anybody may be in them. `complete` is false if less was read than the
    vendor says it has; `because` says why.

    `vendor_names` maps a set's name to what the vendor calls its group, where that differs.
    `unknown_members` counts, per set, members that are no accounts. `pending` are ids of accounts
    and names of sets that were accepted lately and are not visible yet. `hidden` are object ids of
    users and names of sets that the vendor says it has and does not show. `hiding_members` are sets
    that do not show all their members; users who were put into them from here are added to the
    holdings.
    `shows_external_id` is false if the vendor keeps no externalId, or none that it gets later: then
    the store's links tell the owner of an account (`reconciler.facts.remembered_links`). `ways` is
    how the vendor changes the values of attributes. `required` are the SCIM paths without which it
    creates no account; it creates no group without a member if `empty_groups` is false, and invites
    the owners of new accounts if `invites` is true.
    """

    base_url: str
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    accounts: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.ACCOUNTS))
    holdings: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.HOLDINGS))
    others: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.HOLDINGS))
    unread: tuple[str, ...] = ()
    complete: bool = True
    because: str = ""
    vendor_names: Mapping[str, str] = field(default_factory=dict)
    unknown_members: Mapping[str, int] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    hiding_members: frozenset[str] = frozenset()
    shows_external_id: bool = True
    ways: Ways = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    empty_groups: bool = True
    invites: bool = False


@dataclass(frozen=True)
class MemoryUpdate:
    """What a plan leaves for the next one to know; see `Memory`. `links` has only new ones.

    `leavers` has object ids, and since when these users are in no group while they hold a seat.
    `held` says whether anybody held a set, or another group, at the vendor. `waits` has object ids,
    sets, and the run since which the user waits: also for users whom the plan gives a seat, since
    it may never be applied, and then they have waited as long as the others.
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

    `settled` ones were under way and have been read back since; `done` of these took effect.
    """

    run_id: str
    ended: int
    planned: int
    settled: int
    done: int


@dataclass(frozen=True)
class Memory:
    """What the store remembers of earlier runs; empty is always a valid memory.

    `tenant_id` and `vendor` are those that it was used for, "" before the first plan. `began` is
    when that plan was made (UTC), if anybody held anything then: what users had lost before is not
    known. `run` is the number of the plan to be made; `since_run` in `waits` is such a number, too.
    `interruptions` are earlier runs that stopped half-way and are settled now. `week` is what was
    gained and lost in the last 7 days (`frames.CHANGES`).

    `sets` has the sets by name, `seats` the products, as the latest plan knew them. `links` are the
    accounts that are ours: made or linked from here, or met in a configured set. `recent` are ids
    of accounts that were made within a day; `not_found` are ids of accounts and groups that were
    accepted within a day and could not be found after it. `activations` is the last change of each
    account's `active` (`frames.ACTIVATIONS`).

    `flapping` are object ids of users who were granted a seat and lost it within the last 3 plans,
    `midway` of those of whose split move only the first half was done, `reclaimed` of those whose
    seat was taken back because they did not use it, and who were not seen since. `leavers` are in
    no group and hold a seat (`frames.LEAVERS`). `export` is the size of the last export that was
    not found too small, or was approved all the same. `named` has the names that the configuration
    gives users, case-folded, and the object ids of all users whom they were found to mean
    (`reconciler.facts.named_users`). `refused` is what the vendor refused, and not done since.
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
    reclaimed: frozenset[str] = frozenset()
    midway: frozenset[str] = frozenset()
    export: ExportSize | None = None
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recent: frozenset[str] = frozenset()
    not_found: frozenset[str] = frozenset()
    refused: Refusals = field(default_factory=dict)
    links: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.LINKS))
    waits: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.WAITS))
    activations: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.ACTIVATIONS))
    week: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.CHANGES))
    leavers: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.LEAVERS))

    def waiting_since(self) -> dict[tuple[str, str], int]:
        """Per object id and set the run since which the user waits."""
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
    """What the caller gives a plan: its id, the time (UTC), the tool's version.

    `grants_only`: nothing may be taken away from anybody. `reclaiming` are object ids of users
    whose seat is taken back, for they do not use it. `idle` are all seats that nobody uses; None
    where that cannot be known.
    """

    plan_id: str
    now: datetime
    tool_version: str
    grants_only: bool = False
    reclaiming: frozenset[str] = frozenset()
    idle: tuple[IdleSeat, ...] | None = None


def in_order(snapshot: Snapshot) -> Snapshot:
    """The snapshot with its rows sorted: users by object id, accounts and holdings by SCIM id."""
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
