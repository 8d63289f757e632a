"""Rows of sets, and of their products' seats."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Literal

from jobs.output.rows.row import Row, Utc


class SetRow(Row, frozen=True, kw_only=True):
    """A subscription set, as the guide's table has it (step 2), as far as it is known here.

    `members_synced`: when the set's group at the vendor was last seen to have the members that it
    should have; null is the guide's "UnSynced". The portal's Created and Modified are not available
    over SCIM.
    """

    none_as: ClassVar[Mapping[str, str]] = {"members_synced": "UnSynced"}

    name: str
    description: str
    products: tuple[str, ...]
    admin: bool
    members_synced: Utc | None
    first_seen_here: Utc | None
    changed_here: Utc | None


class _Seats(Row, frozen=True, kw_only=True):
    none_as: ClassVar[Mapping[str, str]] = {"purchased": "unknown", "free": "unknown"}

    product: str
    purchased: int | None
    used: int
    free: int | None
    waiting: int


class SeatRow(_Seats, frozen=True, kw_only=True):
    """A product's seats as they were last counted, with what was done since: `as_of` that time.

    `purchased` and `free` are null where the inventory is not usable; `waiting` is how many users
    waited for such a seat when they were counted.
    """

    as_of: Utc


class PastSeatRow(_Seats, frozen=True, kw_only=True):
    """A product's seats as the plan of that time found them, and `waiting` as it left them.

    `idle` were used by nobody, null where sign-ins were not watched for long enough. Of the seats
    that were granted while they were, and used until then, half were used within
    `days_to_first_use`; `never_used` is the share, 0 to 1, of those that were granted
    `policy.idle.days` before or earlier. Both are null where there is none.
    """

    idle: int | None
    days_to_first_use: float | None
    never_used: float | None
    as_of: Utc

    def in_table(self, name: str) -> object:
        """The share in percent; whole days without a point."""
        match name, getattr(self, name):
            case "never_used", float(share):
                return f"{100 * share:.0f} %"
            case "days_to_first_use", float(days):
                return f"{days:g}"
            case _, value:
                return value


class IdleRow(Row, frozen=True, kw_only=True):
    """A seat that nobody uses: whose, of which set and products, and for how many days.

    `last_sign_in` is null where the user was never seen. `unused_since` is the latest of it, of
    `held_since` and of `watched_since`, and `use` says which one it is. From `reclaimed_from` on
    `plan --reclaim` takes the seat back; a table has the day. Null: the first `plan --reclaim`
    announces it, and takes nothing yet.
    """

    none_as: ClassVar[Mapping[str, str]] = {"reclaimed_from": "not announced"}

    json_only: ClassVar[Collection[str]] = (
        "object_id",
        "last_sign_in",
        "held_since",
        "watched_since",
        "unused_since",
    )

    user: str
    set: str
    products: tuple[str, ...]
    use: str
    days: int
    reclaimed_from: Utc | None
    object_id: str
    last_sign_in: Utc | None
    held_since: Utc
    watched_since: Utc
    unused_since: Utc

    def in_table(self, name: str) -> object:
        """Of the time only the day."""
        value = getattr(self, name)
        return value.date() if name == "reclaimed_from" and value else value


class SeatDifferenceRow(Row, frozen=True, kw_only=True):
    """A user whom two plans leave with another standing for a seat of a product.

    `today` and `then` are what each plan leaves them with; whoever loses a seat may wait then.
    """

    json_only: ClassVar[Collection[str]] = ("id",)

    who: str
    id: str
    product: str
    difference: Literal["gains", "loses", "waits", "no longer waits"]
    today: Literal["nothing", "waits", "holds"]
    then: Literal["nothing", "waits", "holds"]


class AssumedSeatsRow(Row, frozen=True, kw_only=True):
    """A product's seats after today's plan, and after the other one; null where it is not sold, and
    of `purchased` where the inventory is not usable.
    """

    none_as: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("purchased", "purchased_then", "used", "used_then", "waiting", "waiting_then"), "unknown"
    )

    product: str
    purchased: int | None
    purchased_then: int | None
    used: int | None
    used_then: int | None
    waiting: int | None
    waiting_then: int | None
