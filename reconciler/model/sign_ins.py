"""Who signed in to the vendor's enterprise application, and how well that was read."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd


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
    account is known to hold a set (`frames.HELD_SINCE`).
    """

    watch: Watch | None
    last: pd.DataFrame
    held: pd.DataFrame
