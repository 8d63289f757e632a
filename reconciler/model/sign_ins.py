"""Who signed in to the vendor's enterprise application, and how well that was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from reconciler.model.plan import Subject


@dataclass(frozen=True)
class SignIn:
    """One of Graph's ``signIn``: its id, the user's object id, when (UTC), and whether they got in
    (``status.errorCode`` is 0).
    """

    id: str
    user: str
    at: datetime
    succeeded: bool


@dataclass(frozen=True)
class SignInsRead:
    """The sign-ins from a time on, as they were read at the time `read` (UTC).

    `because` says why some may be missing, or "". Those that are there took place all the same.
    """

    read: datetime
    sign_ins: tuple[SignIn, ...]
    because: str = ""


@dataclass(frozen=True)
class Watch:
    """From when to when (UTC) no sign-in to the application (by its application id) was missed.

    `newest` is the id and the time of the last sign-in that was seen. A later reading that goes
    back so far has it, too, or else is not whole.
    """

    application: str
    since: datetime
    through: datetime
    newest: tuple[str, datetime] | None = None


@dataclass(frozen=True)
class SeatUse:
    """What is known of the use of seats; without a `watch` nothing follows from it.

    `last` has the last sign-in of each user (`frames.LAST_SIGN_INS`), `held` since when each
    account is known to hold a set (`frames.HELD_SINCE`). `announced` says when it was announced
    that the seat of a user (object id) will be taken back.
    """

    watch: Watch | None
    last: pd.DataFrame
    held: pd.DataFrame
    announced: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class GrantUse:
    """A seat of a product that was granted to a user (object id) while sign-ins were watched, and
    when they signed in first after that; None: not yet. In UTC.
    """

    user: str
    product: str
    granted: datetime
    used: datetime | None = None


@dataclass(frozen=True)
class CurrentUse:
    """The use of seats as far as now, and the object ids of users who are on leave."""

    use: SeatUse
    watch: Watch
    on_leave: frozenset[str]


@dataclass(frozen=True)
class IdleSeat:
    """A set that a user holds and does not use, with the times that say so (UTC).

    `last_sign_in` is None for a user who was never seen; `unused_since` is the latest of it, of
    `held_since`, and of `watched_since`. `announced` is when it was announced that the seat will be
    taken back; None if that was not done since the last use.
    """

    user: Subject
    account: str
    set: str
    products: tuple[str, ...]
    last_sign_in: datetime | None
    held_since: datetime
    watched_since: datetime
    unused_since: datetime
    announced: datetime | None = None

    @property
    def use(self) -> str:
        """What is known of it, in words."""
        day = f"{self.unused_since:%Y-%m-%d}"
        if self.unused_since == self.last_sign_in:
            return f"not used since {day}"
        if self.unused_since == self.watched_since:
            return f"not seen since we began to watch on {day}"
        return f"not used since it was given on {day}"
