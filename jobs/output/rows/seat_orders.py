"""Rows of how many seats will be wanted, and of what to order."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from jobs.output.rows.row import Row


class ForecastRow(Row, frozen=True, kw_only=True):
    """When the seats of a product will not do any more, by what was `wanted` until now: in use, and
    waited for.

    `runs_out` says it for people; with 80 % it is between `earliest` and `latest`, of which null
    is not within the weeks that can be told of. `renewal_low` to `renewal_high` will be wanted when
    the contract `renews`, with 80 %. `to_order` are lacking today.
    """

    none_as: ClassVar[Mapping[str, str]] = {"purchased": "unknown", "wanted": "unknown"}
    json_only: ClassVar[Collection[str]] = {"weeks", "earliest", "latest", "renewal_high"}

    product: str
    purchased: int | None
    wanted: int | None
    weeks: int
    runs_out: str
    earliest: date | None
    latest: date | None
    renews: date | None
    renewal_low: int | None
    renewal_high: int | None
    to_order: int | None

    @property
    def columns(self) -> list[str]:
        """The range at the renewal is one."""
        return ["at_renewal" if name == "renewal_low" else name for name in super().columns]

    def in_table(self, name: str) -> object:
        """The range at the renewal is one."""
        if name != "at_renewal":
            return getattr(self, name)
        return "" if self.renewal_low is None else f"{self.renewal_low:,} to {self.renewal_high:,}"


class OrderRow(Row, frozen=True, kw_only=True):
    """A line of an order at least cost: so many times what is offered under this name, which has a
    seat of each of these products.

    `cost` is for a year; null where no price is known. The order is one of two: by the one nobody
    waits now, by the other nobody is likely to until the contracts renew.
    """

    none_as: ClassVar[Mapping[str, str]] = {"cost": "unknown"}

    so_that: Literal["nobody waits", "it lasts to the renewal"]
    offer: str
    products: tuple[str, ...]
    count: int
    cost: Decimal | None
    currency: str | None

    def in_table(self, name: str) -> object:
        """The cost as money."""
        if name == "cost" and self.cost is not None:
            return f"{self.cost:,.2f}"
        return getattr(self, name)
