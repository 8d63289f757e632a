"""How long it takes until a granted seat is used for the first time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from reconciler.columns.frames import Times
from reconciler.model.plan import Operation
from reconciler.model.sign_ins import GrantUse, SignIn


@dataclass(frozen=True)
class FirstUse:
    """Of the seats of a product. `median_days` is over those that were used, None without any;
    `never_used` is the share, 0 to 1, of those that were granted so long ago that one which nobody
    uses is idle by now, None without any.
    """

    median_days: float | None = None
    never_used: float | None = None


def watched_grants(
    known: Collection[GrantUse],
    done: Iterable[tuple[Operation, datetime]],
    sign_ins: Iterable[SignIn],
    since: datetime,
) -> Iterator[GrantUse]:
    """What is new: seats that were taken by what was `done` (and when it ended) since sign-ins are
    watched, and of all that nobody used yet those that were by one of these sign-ins.
    """
    seen: defaultdict[str, list[datetime]] = defaultdict(list)
    for one in sign_ins:
        if one.succeeded:
            seen[one.user].append(one.at)
    keys = {(one.user, one.product, one.granted) for one in known}
    new = [
        GrantUse(operation.subject.id, product, ended)
        for operation, ended in done
        for product in operation.takes
        if ended >= since and (operation.subject.id, product, ended) not in keys
    ]
    for grant in new:
        yield replace(grant, used=_first(grant, seen))
    for grant in known:
        if grant.used is None and (used := _first(grant, seen)):
            yield replace(grant, used=used)


def _first(grant: GrantUse, seen: Mapping[str, Collection[datetime]]) -> datetime | None:
    return min((at for at in seen.get(grant.user, ()) if at >= grant.granted), default=None)


class FirstUses:
    """Grants in columns, to be asked about each of many times."""

    def __init__(self, grants: Collection[GrantUse], days: timedelta) -> None:
        """`days`: a seat that nobody used for so long is idle."""
        self._days = np.timedelta64(days)
        self._product = np.array([one.product for one in grants], dtype=object)
        self._granted = _times(one.granted for one in grants)
        self._used = _times(one.used for one in grants)

    def of(self, product: str, at: datetime) -> FirstUse:
        """As it was known at that time (UTC)."""
        now = _utc(at)
        ours = (self._product == product) & (self._granted <= now)
        used = ours & (self._used <= now)
        long_ago = ours & (self._granted <= now - self._days)
        waited = (self._used[used] - self._granted[used]) / np.timedelta64(1, "D")
        return FirstUse(
            round(float(np.median(waited)), 1) if waited.size else None,
            float(np.mean(~used[long_ago])) if long_ago.any() else None,
        )


def _times(moments: Iterable[datetime | None]) -> Times:
    times = [np.datetime64("NaT", "us") if one is None else _utc(one) for one in moments]
    return np.array(times, dtype="datetime64[us]")


def _utc(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
