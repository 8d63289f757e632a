"""When the vendor's API token was generated, and for how long; the token itself is not here."""

from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from connectors.store.schema import vendor_tokens
from connectors.store.transaction_part import TransactionPart


class VendorTokens(TransactionPart):
    """One record at most, of the newest token."""

    def newest(self) -> tuple[date, timedelta] | None:
        """The day on which it was generated, and its lifetime."""
        query = select(vendor_tokens.c.issued, vendor_tokens.c.lifetime_days)
        row = self._connection.execute(query.where(self._ours(vendor_tokens))).one_or_none()
        return (row.issued, timedelta(days=row.lifetime_days)) if row else None

    def record(self, issued: date, lifetime: timedelta) -> None:
        """A new token takes the place of the one before."""
        self._connection.execute(delete(vendor_tokens).where(self._ours(vendor_tokens)))
        self._connection.execute(
            insert(vendor_tokens).values(
                pair=self._pair, issued=issued, lifetime_days=lifetime.days
            )
        )
