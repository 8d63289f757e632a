"""What to order so that nobody waits, at least cost, and so that it lasts until contracts renew."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from config.settings import Settings
from jobs.output.rows.seat_orders import ForecastRow, OrderRow
from reconciler.seat_order import Offer, cheapest_order

Purpose = Literal["nobody waits", "it lasts to the renewal"]


class ForecastDocument(Struct, frozen=True, kw_only=True):
    """When seats run out, per product, and what to order."""

    products: tuple[ForecastRow, ...]
    orders: tuple[OrderRow, ...]


def order_rows(settings: Settings, products: Sequence[ForecastRow]) -> tuple[OrderRow, ...]:
    """What is lacking now; and where more will be wanted until the renewal, that order, too."""
    now = {row.product: row.to_order or 0 for row in products}
    then = {row.product: max(now[row.product], _until_renewal(row)) for row in products}
    rows = [*_order(settings, "nobody waits", now)]
    if then != now:
        rows += _order(settings, "it lasts to the renewal", then)
    return tuple(rows)


def total(orders: Sequence[OrderRow]) -> Iterator[str]:
    """What each order costs, as far as prices are known; single seats may have several currencies,
    which are not added up.
    """
    costs: dict[Purpose, dict[str, Decimal]] = {}
    for row in orders:
        if row.cost is not None and row.currency:
            of_order = costs.setdefault(row.so_that, defaultdict(Decimal))
            of_order[row.currency] += row.cost
    for purpose, by_currency in costs.items():
        amounts = " and ".join(f"{cost:,.2f} {code}" for code, cost in by_currency.items())
        yield f"So that {purpose}: {amounts} a year."


def _until_renewal(row: ForecastRow) -> int:
    """By the upper end of the range: more will be wanted in one of ten cases."""
    if row.purchased is None or row.renewal_high is None:
        return 0
    return row.renewal_high - row.purchased


def _order(settings: Settings, purpose: Purpose, lacking: Mapping[str, int]) -> Iterator[OrderRow]:
    offers, currencies = _offers(settings)
    for one in cheapest_order(lacking, offers):
        yield OrderRow(
            so_that=purpose,
            offer=one.offer.name,
            products=one.offer.products,
            count=one.count,
            cost=one.cost,
            currency=currencies[one.offer.name],
        )
    sold = {product for offer in offers for product in offer.products}
    for product, count in lacking.items():
        if count and product not in sold:
            yield OrderRow(
                so_that=purpose,
                offer=product,
                products=(product,),
                count=count,
                cost=None,
                currency=None,
            )


def _offers(settings: Settings) -> tuple[list[Offer], dict[str, str]]:
    """Single seats whose price is known, and bundles; and in which currency, by their names."""
    offers, currencies = [], {}
    for product, single in settings.seat_contracts.items():
        if single.price is not None and single.currency is not None:
            offers.append(Offer(product, (product,), single.price))
            currencies[product] = single.currency
    for name, bundle in settings.bundles.items():
        offers.append(Offer(name, bundle.products, bundle.price, bundle.pack, bundle.minimum))
        currencies[name] = bundle.currency
    return offers, currencies
