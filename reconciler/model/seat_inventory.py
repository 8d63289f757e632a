"""The seat inventory, as it was read."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SeatCount:
    """Purchased seats of a product, exactly as the inventory states them.

    `purchased` is the raw value (a number, text, or None); `reconciler.seats.ledger` judges it.
    `as_of` is the day of the count, `used` how many seats the vendor's portal says are in use,
    where the inventory has these.
    """

    product: str
    purchased: int | float | str | None
    as_of: date | None = None
    used: int | float | str | None = None
