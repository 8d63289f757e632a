"""The cheapest order of seats, where the vendor sells some products together, or by the pack.

Which offers to take how often is an integer program: at least so many seats of each product, at the
least cost. It is small (a variable for each offer, a row for each product), and HiGHS solves it to
the optimum: no gap is allowed, and prices are counted in the largest amount that all of them are a
multiple of, so that all numbers are whole. Exact as long as the cost in this amount is below 2^53,
which binary fractions hold without rounding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import gcd


@dataclass(frozen=True)
class Offer:
    """What is sold at a `price` for a year: a seat of each of these products.

    It is sold by the `pack` of so many, and not less than a `minimum`.
    """

    name: str
    products: tuple[str, ...]
    price: Decimal
    pack: int = 1
    minimum: int = 0

    @property
    def least_packs(self) -> int:
        return -(-self.minimum // self.pack)


@dataclass(frozen=True)
class Ordered:
    """So many times this offer."""

    offer: Offer
    count: int

    @property
    def cost(self) -> Decimal:
        return self.count * self.offer.price


def cheapest_order(lacking: Mapping[str, int], offers: Sequence[Offer]) -> tuple[Ordered, ...]:
    """The order by which so many seats of each product are lacking no more, at the least cost.

    A product that nothing offered has is left out. Of orders that cost the same it is any.
    """
    from highspy import Highs, HighsModelStatus

    sold = {product for offer in offers for product in offer.products}
    needs = {product: count for product, count in lacking.items() if count > 0 and product in sold}
    useful = [offer for offer in offers if not needs.keys().isdisjoint(offer.products)]
    solver = Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    for option in ("mip_rel_gap", "mip_abs_gap"):
        solver.setOptionValue(option, 0.0)
    amount = gcd(*(_cents(offer) for offer in useful)) or 1
    packs = []
    for offer in useful:
        most = max(needs.get(product, 0) for product in offer.products)
        upper = max(offer.least_packs, -(-most // offer.pack))
        packs.append(solver.addIntegral(0, upper, _cents(offer) // amount))
        if offer.least_packs > 1:
            taken = solver.addBinary()
            solver.addConstr(packs[-1] >= offer.least_packs * taken)
            solver.addConstr(packs[-1] <= upper * taken)
    for product, count in needs.items():
        seats = [o.pack * x for o, x in zip(useful, packs, strict=True) if product in o.products]
        solver.addConstr(sum(seats) >= count)
    solver.minimize()
    if needs and solver.getModelStatus() != HighsModelStatus.kOptimal:
        raise ArithmeticError(solver.modelStatusToString(solver.getModelStatus()))
    counts = [offer.pack * round(solver.val(x)) for offer, x in zip(useful, packs, strict=True)]
    return tuple(Ordered(o, count) for o, count in zip(useful, counts, strict=True) if count)


def _cents(offer: Offer) -> int:
    """Of a pack."""
    return int(offer.price.scaleb(2)) * offer.pack
