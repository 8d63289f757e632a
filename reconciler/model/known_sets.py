"""Subscription sets and seats, as the latest plan knew them."""

from dataclasses import dataclass
from datetime import date, datetime


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
