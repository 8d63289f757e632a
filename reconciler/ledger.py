"""The seat ledger: what was bought, what is in use, and what a plan makes of it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from config.settings import Settings
from reconciler.model.plan import Finding, SeatLine, Subject
from reconciler.model.snapshot import SeatCount
from reconciler.order import NOWHERE, Positions
from reconciler.situations import finding
from reconciler.subjects import Subjects

# Far below zero: whatever a plan gives back, nobody is served from a count that is not known.
UNKNOWN = -(1 << 40)


@dataclass(frozen=True)
class Ledger:
    """Per product, in the configuration's order. `bought` is None where the count is unusable."""

    products: tuple[str, ...]
    bought: tuple[int | None, ...]
    used: Positions
    unmanaged: Positions
    findings: tuple[Finding, ...]

    def free(self, released: Positions) -> list[int]:
        """Seats free once `released` are given back; of an unknown count there are none."""
        return [
            int(bought - used + freed) if bought is not None else UNKNOWN
            for bought, used, freed in zip(self.bought, self.used, released, strict=True)
        ]

    def line(self, at: int, frees: int, takes: int, waiting: int) -> SeatLine:
        """The ledger's entry in the plan for the product at this position."""
        used = int(self.used[at])
        return SeatLine(
            product=self.products[at],
            purchased=self.bought[at],
            used_before=used,
            unmanaged=int(self.unmanaged[at]),
            frees=frees,
            takes=takes,
            used_after=used - frees + takes,
            waiting=waiting,
        )


def open_ledger(
    settings: Settings, inventory: tuple[SeatCount, ...], subjects: Subjects, today: date
) -> Ledger:
    """Counts seats per user and product: whoever is in a set's group at the vendor holds them."""
    counts = {count.product: count for count in inventory}
    bought, findings = [], []
    for product in settings.products:
        number, why = _judge(counts.get(product), settings.policy.max_seat_age, today)
        bought.append(number)
        if why and product in counts:
            subject = Subject(kind="product", id=product, name=product)
            findings.append(finding("S6", subject, why=why))
    holders = account_bundles(subjects)
    persons = np.full(len(subjects.accounts), NOWHERE)
    persons[subjects.holdings["account"]] = subjects.holdings["person"]
    return Ledger(
        settings.products,
        tuple(bought),
        count_seats(holders, len(settings.products)),
        count_seats(holders[persons == NOWHERE], len(settings.products)),
        tuple(findings),
    )


def account_bundles(subjects: Subjects) -> Positions:
    """Per account the mask of the products that it holds through all its sets."""
    masks = np.zeros(len(subjects.accounts), dtype=np.int64)
    holdings = subjects.holdings
    np.bitwise_or.at(masks, holdings["account"].to_numpy(), subjects.bundles[holdings["set"]])
    return masks


def count_seats(masks: Positions, products: int) -> Positions:
    """How many of the bundles contain each product."""
    return np.array([int((masks >> at & 1).sum()) for at in range(products)], dtype=np.int64)


def _judge(count: SeatCount | None, max_age: timedelta, today: date) -> tuple[int | None, str]:
    """A usable number of seats, or why there is none: numbers are never guessed."""
    if count is None or count.purchased in (None, ""):
        return None, "the inventory gives no number"
    try:
        number = float(str(count.purchased))  # as text, for YAML's true is 1 to Python
    except ValueError:
        return None, f'"{count.purchased}" is not a number'
    if number != number or number in (float("inf"), float("-inf")):
        return None, f"{count.purchased} is not a number of seats"
    if number < 0:
        return None, f"{count.purchased} is negative"
    if number != int(number):
        return None, f"{count.purchased} is not a whole number"
    if count.as_of and today - count.as_of > max_age:
        return None, f"the count is {(today - count.as_of).days} days old"
    return int(number), ""
