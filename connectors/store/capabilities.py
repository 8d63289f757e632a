"""What vendors' servers were seen to do, so that a later run need not find it out again."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, insert, or_, select

from connectors.store.schema import capabilities
from connectors.store.transaction_part import TransactionPart
from reconciler.model.capabilities import Seen


class SeenCapabilities(TransactionPart):
    """Features by the address of the server."""

    def of(self, base_url: str) -> tuple[Seen, ...]:
        """What this server was seen to have or to lack; nothing of any other address."""
        query = select(*(capabilities.c[name] for name in Seen._fields))
        here = self._ours(capabilities) & (capabilities.c.base_url == base_url)
        rows = self._connection.execute(query.where(here))
        return tuple(map(Seen._make, rows))

    def save(self, base_url: str, learned: Mapping[str, bool], now: datetime) -> None:
        """What was learned takes the place of what was known; of others, nothing is known then."""
        here = capabilities.c.base_url == base_url
        rows = [
            {
                "pair": self._pair,
                "base_url": base_url,
                "feature": feature,
                "works": works,
                "since": now,
            }
            for feature, works in learned.items()
        ]
        self._connection.execute(
            delete(capabilities).where(
                self._ours(capabilities), ~here | capabilities.c.feature.in_(list(learned))
            )
        )
        if rows:
            self._connection.execute(insert(capabilities), rows)

    def forget(self, beginnings: Iterable[str]) -> int:
        """Whatever begins like one of these is found out anew; returns how many there were."""
        feature = capabilities.c.feature
        beginning = or_(*(feature.startswith(one, autoescape=True) for one in beginnings))
        return self._connection.execute(
            delete(capabilities).where(self._ours(capabilities), beginning)
        ).rowcount
