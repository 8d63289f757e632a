"""Subscription sets and seats, as the latest plan knew them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class KnownSet:
    """A subscription set as the latest plan knew it, and the Entra group that was bound to it.

    `vendor_groups` are the ids of the SCIM groups of its name, as they were last seen,
    `vendor_name` is what the vendor called the group when it was created. `unseen_since` is when
    the vendor accepted the group (UTC), if it has not shown it yet.
    """

    products: tuple[str, ...]
    admin: bool = False
    group_id: str | None = None
    vendor_groups: tuple[str, ...] = ()
    vendor_name: str = ""
    unseen_since: datetime | None = None


@dataclass(frozen=True)
class KnownSeats:
    """The seats of a product as the latest plan counted them.

    `used` is the vendor's own count, of the day `as_of`; `unseen` is by how many it was higher than
    what the accounts showed when it was new.
    """

    purchased: int
    used: int | None = None
    as_of: date | None = None
    unseen: int = 0
