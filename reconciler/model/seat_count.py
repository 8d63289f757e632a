"""The seat inventory, as it was read."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SeatCount:
    """Purchased seats of a product, exactly as the inventory states them.

    `purchased` is the raw value (a number, text, or None); the reconciler judges it. `as_of` is
    the day of the count where the inventory gives one, `used` what the vendor's portal says is in
    use, where somebody wrote that down.
    """

    product: str
    purchased: int | float | str | None
    as_of: date | None = None
    used: int | float | str | None = None
