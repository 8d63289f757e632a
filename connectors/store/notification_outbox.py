"""What people are told of runs: written down first, and kept until it is delivered or given up."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from connectors.store.schema import notices
from connectors.store.transaction_part import TransactionPart, in_parts


class Notices(TransactionPart):
    """By receiver, and by the key of what they are told."""

    def written(self, receiver: str) -> dict[str, datetime]:
        """When the newest notice of each key was written."""
        rows = self._connection.execute(
            select(notices.c.key, notices.c.at).where(self._ours(notices), self._to(receiver))
        )
        return {row.key: row.at for row in rows}

    def write(self, receiver: str, texts: Mapping[str, str], now: datetime) -> None:
        """Each takes the place of an older one of its key, and is to be delivered."""
        for some in in_parts(texts):
            self._connection.execute(delete(notices).where(self._these(receiver, some)))
        rows = [
            {
                "pair": self._pair,
                "receiver": receiver,
                "key": key,
                "text": text,
                "at": now,
                "tries": 0,
                "delivered": False,
            }
            for key, text in texts.items()
        ]
        if rows:
            self._connection.execute(insert(notices), rows)

    def undelivered(self, receiver: str, most_tries: int) -> dict[str, str]:
        """Texts by key, oldest first, that were not yet sent in vain so often."""
        open_ones = ~notices.c.delivered & (notices.c.tries < most_tries)
        rows = self._connection.execute(
            select(notices.c.key, notices.c.text)
            .where(self._ours(notices), self._to(receiver), open_ones)
            .order_by(notices.c.at, notices.c.key)
        )
        return {row.key: row.text for row in rows}

    def sent(self, receiver: str, keys: Collection[str], *, delivered: bool) -> None:
        """They were delivered, or tried in vain once more."""
        for some in in_parts(keys):
            self._connection.execute(
                update(notices)
                .where(self._these(receiver, some))
                .values(delivered=delivered, tries=notices.c.tries + 1)
            )

    def _these(self, receiver: str, keys: Collection[str]) -> ColumnElement[bool]:
        return self._ours(notices) & self._to(receiver) & notices.c.key.in_(keys)

    def _to(self, receiver: str) -> ColumnElement[bool]:
        return notices.c.receiver == receiver
