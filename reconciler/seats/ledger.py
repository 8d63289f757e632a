"""The seat ledger: what was bought, what is in use, and what a plan makes of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from config.settings import Settings
from reconciler.columns.frames import Positions
from reconciler.columns.table_joins import NOWHERE
from reconciler.facts.build import Facts
from reconciler.model.known_sets import KnownSeats
from reconciler.model.plan import Finding, Operation, SeatLine, Subject
from reconciler.model.seat_inventory import SeatCount
from reconciler.seats.allocation import Request, bits
from reconciler.seats.trusted_counts import purchased, whole_number
from reconciler.situations import finding
from reconciler.situations.seats import COUNT_UNUSABLE, VENDOR_COUNTS_OTHERWISE

UNKNOWN = -(1 << 40)
"""Free seats where the count is not known: so far below zero that no revoke makes one free."""


@dataclass(frozen=True)
class Ledger:
    """Per product, in the configuration's order. `bought` is None where the count is unusable.

    `used` counts the accounts that hold a seat, or is the vendor's own count, where that is higher
    by the `unseen` ones. Of `used`, the `unmanaged` ones are held by no known user.
    """

    products: tuple[str, ...]
    bought: tuple[int | None, ...]
    used: Positions
    unmanaged: Positions
    unseen: Positions
    findings: tuple[Finding, ...]

    def free(self, released: Positions) -> list[int]:
        """Seats that are free once `released` are given back; `UNKNOWN` for an unusable count."""
        return [
            int(bought - used + freed) if bought is not None else UNKNOWN
            for bought, used, freed in zip(self.bought, self.used, released, strict=True)
        ]

    def overdrawn(self, free: list[int]) -> int:
        """The products of which more seats are in use than were bought, as a bit mask.

        A user who leaves a set with such a product does not get into another one with it.
        """
        known = zip(self.bought, free, strict=True)
        return sum(
            1 << at for at, (bought, left) in enumerate(known) if bought is not None and left < 0
        )

    def lines(
        self,
        operations: Collection[Operation],
        queue: Collection[tuple[Request, int]] | None = None,
        idle: Mapping[str, int] | None = None,
    ) -> tuple[SeatLine, ...]:
        """What a plan makes of each product; `queue` has the requests that wait, each with a mask
        of what is full for it. Without one nobody was asked what they want. `idle` counts the
        seats that nobody uses, where that is known.
        """
        frees = Counter(product for operation in operations for product in operation.frees)
        takes = Counter(product for operation in operations for product in operation.takes)
        waiting = Counter(product for _, mask in queue or () for product in bits(mask))
        lacking = Counter(product for request, _ in queue or () for product in bits(request.needs))
        lacking.subtract(product for request, _ in queue or () for product in bits(request.gives))
        after = [
            int(used) - frees[product] + takes[product]
            for product, used in zip(self.products, self.used, strict=True)
        ]
        return tuple(
            SeatLine(
                product=product,
                purchased=self.bought[at],
                used_before=int(self.used[at]),
                unmanaged=int(self.unmanaged[at]),
                unseen=int(self.unseen[at]),
                frees=frees[product],
                takes=takes[product],
                used_after=after[at],
                waiting=waiting[at],
                wanted=None if queue is None else after[at] + lacking[at],
                idle=None if idle is None else idle.get(product, 0),
            )
            for at, product in enumerate(self.products)
        )


def open_ledger(
    settings: Settings,
    inventory: tuple[SeatCount, ...],
    known: Mapping[str, KnownSeats],
    facts: Facts,
    today: date,
) -> Ledger:
    """Counts seats per user and product: the members of a set's group at the vendor hold them."""
    products = settings.products
    persons = np.full(len(facts.accounts), NOWHERE)
    persons[facts.holdings.account] = facts.holdings.person
    used = count_seats(facts.masks, len(products))
    unmanaged = count_seats(facts.masks[persons == NOWHERE], len(products))

    counts = {count.product: count for count in inventory}
    bought: list[int | None] = []
    unseen = np.zeros(len(products), dtype=np.int64)
    findings = []
    for at, product in enumerate(products):
        count = counts.get(product)
        number, why = purchased(count, settings.policy.max_seat_age, today)
        bought.append(number)
        if count and why:
            findings.append(finding(COUNT_UNUSABLE, product_subject(product), why=why))
        elif count and (vendor := whole_number(count.used)[0]) is not None:
            unseen[at] = _unseen(vendor, int(used[at]), count, known.get(product))
            if unseen[at] or vendor < used[at]:
                differing = {"vendor": vendor, "counted": int(used[at]), "unseen": int(unseen[at])}
                findings.append(
                    finding(VENDOR_COUNTS_OTHERWISE, product_subject(product), **differing)
                )
    return Ledger(
        products, tuple(bought), used + unseen, unmanaged + unseen, unseen, tuple(findings)
    )


def seats_to_remember(
    inventory: tuple[SeatCount, ...], lines: Iterable[SeatLine]
) -> dict[str, KnownSeats]:
    """What the next plan should know of each product whose count is usable."""
    counts = {count.product: count for count in inventory}
    return {
        line.product: KnownSeats(
            line.purchased,
            whole_number(counts[line.product].used)[0],
            counts[line.product].as_of,
            line.unseen,
        )
        for line in lines
        if line.purchased is not None
    }


def product_subject(name: str) -> Subject:
    """A product as the subject of a finding."""
    return Subject(kind="product", id=name, name=name)


def count_seats(masks: Positions, products: int) -> Positions:
    """How many of the masks contain each product."""
    return np.array([int((masks >> at & 1).sum()) for at in range(products)], dtype=np.int64)


def _unseen(vendor: int, counted: int, count: SeatCount, known: KnownSeats | None) -> int:
    """Seats in use that no account shows. A count that is not new does not know later grants: its
    number from when it was new stays.
    """
    if known and (known.used, known.as_of) == (vendor, count.as_of):
        return known.unseen
    return max(0, vendor - counted)
