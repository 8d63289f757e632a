"""When seats were used last, and since when they are held. Losing it makes nobody idle."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import pandas as pd
from sqlalchemy import bindparam, delete, insert, select

from connectors.store.schema import (
    grant_uses,
    held_since,
    last_sign_ins,
    reclaim_announcements,
    sign_in_watch,
)
from connectors.store.transaction_part import TransactionPart
from reconciler.columns import frames
from reconciler.model.sign_ins import GrantUse, SeatUse, SignIn, Watch


class SeatUses(TransactionPart):
    """What is known of the use of seats."""

    def load(self) -> SeatUse:
        """All of it; there is no watch before the first one is kept."""
        execute = self._connection.execute
        last = execute(select(last_sign_ins).where(self._ours(last_sign_ins)))
        held = execute(select(held_since).where(self._ours(held_since)))
        announced = execute(select(reclaim_announcements).where(self._ours(reclaim_announcements)))
        return SeatUse(
            self.watch(),
            frames.frame(
                frames.LAST_SIGN_INS, ({"id": row.object_id, "last": row.at} for row in last)
            ),
            frames.frame(
                frames.HELD_SINCE,
                ({"set": row.set_name, "account": row.account, "since": row.since} for row in held),
            ),
            {row.object_id: row.at for row in announced},
        )

    def watch(self) -> Watch | None:
        """From when to when no sign-in was missed."""
        query = select(sign_in_watch).where(self._ours(sign_in_watch))
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        newest = (row.newest_id, row.newest_at) if row.newest_id else None
        return Watch(row.application, row.since, row.through, newest)

    def keep_watch(self, watch: Watch | None) -> None:
        """In the place of the one before."""
        self._connection.execute(delete(sign_in_watch).where(self._ours(sign_in_watch)))
        if watch:
            newest_id, newest_at = watch.newest or (None, None)
            row = {
                "pair": self._pair,
                "application": watch.application,
                "since": watch.since,
                "through": watch.through,
                "newest_id": newest_id,
                "newest_at": newest_at,
            }
            self._connection.execute(insert(sign_in_watch), row)

    def signed_in(self, sign_ins: Iterable[SignIn]) -> None:
        """Keeps each user's last successful one, where it is later than what is known."""
        known = select(last_sign_ins).where(self._ours(last_sign_ins))
        before = {row.object_id: row.at for row in self._connection.execute(known)}
        last = dict(before)
        for one in sign_ins:
            if one.succeeded and (one.user not in last or one.at > last[one.user]):
                last[one.user] = one.at
        later = {user: at for user, at in last.items() if before.get(user) != at}
        if not later:
            return
        self._connection.execute(
            delete(last_sign_ins).where(
                self._ours(last_sign_ins), last_sign_ins.c.object_id == bindparam("user")
            ),
            [{"user": user} for user in later],
        )
        self._connection.execute(
            insert(last_sign_ins),
            [{"pair": self._pair, "object_id": user, "at": at} for user, at in later.items()],
        )

    def held(self, holdings: pd.DataFrame, now: datetime) -> None:
        """Which accounts hold which sets now (`frames.HOLDINGS`): new ones do since now, and those
        that are gone are forgotten.
        """
        query = select(held_since.c.set_name, held_since.c.account).where(self._ours(held_since))
        before = {(row.set_name, row.account) for row in self._connection.execute(query)}
        after = set(zip(holdings["set"], holdings["account"], strict=True))
        if gone := before - after:
            self._connection.execute(
                delete(held_since).where(
                    self._ours(held_since),
                    held_since.c.set_name == bindparam("name"),
                    held_since.c.account == bindparam("who"),
                ),
                [{"name": name, "who": account} for name, account in gone],
            )
        if new := after - before:
            self._connection.execute(
                insert(held_since),
                [
                    {"pair": self._pair, "set_name": name, "account": account, "since": now}
                    for name, account in new
                ],
            )

    def keep_announcements(self, at: Mapping[str, datetime]) -> None:
        """By the user's object id, in the place of all before."""
        self._connection.execute(
            delete(reclaim_announcements).where(self._ours(reclaim_announcements))
        )
        if at:
            self._connection.execute(
                insert(reclaim_announcements),
                [{"pair": self._pair, "object_id": user, "at": time} for user, time in at.items()],
            )

    def grant_uses(self) -> tuple[GrantUse, ...]:
        """All grants that were watched, the oldest first."""
        query = select(grant_uses).where(self._ours(grant_uses)).order_by(grant_uses.c.granted)
        return tuple(
            GrantUse(row.object_id, row.product, row.granted, row.used)
            for row in self._connection.execute(query)
        )

    def keep_grant_uses(self, changed: Collection[GrantUse], watched_since: datetime) -> None:
        """New ones, and those that were used first; of older ones that were not used nobody knows
        whether they were.
        """
        unknown = grant_uses.c.used.is_(None) & (grant_uses.c.granted < watched_since)
        self._connection.execute(delete(grant_uses).where(self._ours(grant_uses), unknown))
        if not changed:
            return
        self._connection.execute(
            delete(grant_uses).where(
                self._ours(grant_uses),
                grant_uses.c.object_id == bindparam("user"),
                grant_uses.c.product == bindparam("of"),
                grant_uses.c.granted == bindparam("at"),
            ),
            [{"user": one.user, "of": one.product, "at": one.granted} for one in changed],
        )
        self._connection.execute(
            insert(grant_uses),
            [
                {
                    "pair": self._pair,
                    "object_id": one.user,
                    "product": one.product,
                    "granted": one.granted,
                    "used": one.used,
                }
                for one in changed
            ],
        )
