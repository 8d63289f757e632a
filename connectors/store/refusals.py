"""What the vendor refused, until it is done or forgotten."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, insert, select

from connectors.store.schema import refusals
from connectors.store.transaction_part import TransactionPart, in_parts
from reconciler.model.refusal_backoff import Refusal


class SeenRefusals(TransactionPart):
    """By the keys of what was asked for; each begins with a user's object id and a blank."""

    def all(self) -> dict[str, Refusal]:
        rows = self._connection.execute(select(refusals).where(self._ours(refusals)))
        return {row.key: Refusal(row.times, row.since, row.last, row.why) for row in rows}

    def save(self, changed: Mapping[str, Refusal | None]) -> None:
        """A refusal takes the place of the one before; None: there is none any more."""
        self._forget(changed)
        rows = [
            {
                "pair": self._pair,
                "key": key,
                "times": one.times,
                "since": one.since,
                "last": one.last,
                "why": one.why,
            }
            for key, one in changed.items()
            if one
        ]
        if rows:
            self._connection.execute(insert(refusals), rows)

    def forget(self, user: str | None = None) -> int:
        """Of one user (object id), or all; returns how many there were."""
        gone = delete(refusals).where(self._ours(refusals))
        if user is not None:
            gone = gone.where(refusals.c.key.startswith(f"{user} ", autoescape=True))
        return self._connection.execute(gone).rowcount

    def _forget(self, keys: Iterable[str]) -> None:
        for some in in_parts(keys):
            self._connection.execute(
                delete(refusals).where(self._ours(refusals), refusals.c.key.in_(some))
            )
