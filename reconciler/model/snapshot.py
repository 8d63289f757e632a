"""What was read, and how well."""

from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from reconciler.model import frames


@dataclass(frozen=True)
class Group:
    """An Entra group, by Graph's ``id`` and ``displayName``."""

    id: str
    name: str


@dataclass(frozen=True)
class GroupRead:
    """How one subscription set's group was found and how completely it was read.

    `exact` are the groups whose displayName equals the set's name byte for byte, `near` those
    whose names start alike, `pinned` the group of the configured ``group_id`` (None: not pinned
    or not found). `complete` is true only if every page was followed to its end and the members
    read are no fewer than Graph counts; otherwise `because` says why.
    """

    set: str
    exact: tuple[Group, ...] = ()
    near: tuple[Group, ...] = ()
    pinned: Group | None = None
    complete: bool = True
    because: str = ""
    pages: int = 0
    members: int = 0
    counted: int | None = None
    seconds: float = 0.0

    @property
    def group(self) -> Group | None:
        """The one group that is bound to the set: the pinned one, else the only exact one."""
        return self.pinned or (self.exact[0] if len(self.exact) == 1 else None)


@dataclass(frozen=True)
class Directory:
    """Entra ID: `members` per set, and `people`: everyone among them or asked for by id."""

    tenant_id: str
    reads: tuple[GroupRead, ...] = ()
    members: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.MEMBERS))
    people: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.PEOPLE))


@dataclass(frozen=True)
class Target:
    """The vendor over SCIM: `accounts`, and the `holdings` of the sets' groups.

    `groups` maps a set's name to the ids of the SCIM groups with exactly that displayName.
    `complete` is false, `because` of something, if less was read than the vendor says it has.
    """

    base_url: str
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    accounts: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.ACCOUNTS))
    holdings: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.HOLDINGS))
    complete: bool = True
    because: str = ""


@dataclass(frozen=True)
class SeatCount:
    """Purchased seats of a product, exactly as the inventory states them.

    `purchased` is the raw value (a number, text, or None); the reconciler judges it. `as_of` is
    the day of the count where the inventory gives one.
    """

    product: str
    purchased: int | float | str | None
    as_of: date | None = None


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

    `run` is the number of the plan to be made; `since_run` in `waits` is on the same scale.
    `interruptions` are earlier runs that stopped half-way and are settled now,
    `lost_this_week` people who lost their seats in the last 7 days and did not get them back.
    """

    store_id: str = ""
    run: int = 0
    interruptions: tuple[Interruption, ...] = ()
    lost_this_week: int = 0
    links: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.LINKS))
    waits: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.WAITS))


@dataclass(frozen=True)
class Snapshot:
    """Everything that a plan is made from. `inventory` has at most one count per product."""

    directory: Directory
    target: Target
    inventory: tuple[SeatCount, ...]
    memory: Memory = Memory()


@dataclass(frozen=True)
class Occasion:
    """What only the outside can say about a plan: its id, the time (UTC), the tool's version."""

    plan_id: str
    now: datetime
    tool_version: str
