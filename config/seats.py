"""What was bought, and what the vendor sells."""

from datetime import date
from typing import Annotated, Self

from pydantic import Discriminator, Field, Tag, model_validator

from config.field_types import Currency, Price, Products, SeatNumber
from config.section import FilePath, Section


class SeatFile(Section):
    """Seat numbers in a file of their own."""

    file: FilePath
    """CSV with the columns `product` and `purchased`, and optionally `as_of` (a date)."""


MOST_BOUGHT = 100_000
"""Of a bundle at once. More is a typing error."""


class SeatContract(Section):
    """What was bought of one product, and on which terms."""

    purchased: SeatNumber
    """How many seats."""

    price: Price | None = None
    """Of one seat for a year, in `currency`."""

    currency: Currency | None = None
    """By its code, such as EUR."""

    renews: date | None = None
    """The day on which the contract is renewed, and seats can be given back."""

    @model_validator(mode="after")
    def _a_price_in_a_currency(self) -> Self:
        if (self.price is None) != (self.currency is None):
            raise ValueError("`price` and `currency` belong together: give both, or none")
        return self


class Bundle(Section):
    """Products that the vendor sells together, or one that it sells by the pack."""

    products: Annotated[Products, Field(min_length=1)]
    """Each has a seat of every one of these."""

    price: Price
    """Of one for a year, in `currency`."""

    currency: Currency
    """As that of single seats."""

    pack: Annotated[int, Field(ge=1, le=MOST_BOUGHT)] = 1
    """It is sold in multiples of this number."""

    minimum: Annotated[int, Field(ge=0, le=MOST_BOUGHT)] = 0
    """The vendor sells so many, or none."""


Seats = Annotated[
    Annotated[SeatNumber, Tag("<number>")] | Annotated[SeatContract, Tag("<section>")],
    Discriminator(
        lambda given: "<section>" if isinstance(given, dict | SeatContract) else "<number>"
    ),
]
"""A number of seats, alone or with the terms on which they were bought."""


def _names_a_file(given: object) -> bool:
    return isinstance(given, SeatFile) or (isinstance(given, dict) and list(given) == ["file"])


Inventory = Annotated[
    Annotated[SeatFile, Tag("<file>")] | Annotated[dict[str, Seats], Tag("<numbers>")],
    Discriminator(lambda given: "<file>" if _names_a_file(given) else "<numbers>"),
]
"""What was bought, per product; or a file that has the numbers."""
