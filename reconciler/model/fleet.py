"""What a fleet knows of its tenants' plans, without anybody's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class UnusualLosses:
    """How many tenants were `planned`, and in how many of them an unusual number of users loses
    something, by the code of why.
    """

    planned: int
    tenants: Mapping[str, int]


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
