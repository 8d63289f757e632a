"""What a fleet knows of its tenants' plans, without anybody's name."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TenantPlan:
    """Codes of situations by which an `unusual` number of users loses something.

    `tenant` is the id of its store.
    """

    tenant: str
    unusual: frozenset[str]


@dataclass(frozen=True)
class SharedLoss:
    """So many of the tenants that were `planned` lose users by the same code."""

    code: str
    tenants: int
    planned: int


@dataclass(frozen=True)
class Outage:
    """A server, as host or host:port, because of which the newest runs of so many tenants failed;
    since when several did.
    """

    server: str
    since: datetime
    tenants: int


@dataclass(frozen=True)
class Stop:
    """Nothing is applied for any tenant since then; `tripped_by` is the store that found out."""

    number: int
    since: datetime
    tripped_by: str
    cause: SharedLoss
