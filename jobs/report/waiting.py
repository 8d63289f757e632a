"""The waiting list, and what would have to happen for each who waits."""

from collections import Counter
from collections.abc import Iterator

from reconciler.model.plan import Plan, Waiting

ORDER = (
    "Seats go to sets of admins first, then to `policy.served_first`, to sets with `priority`, and "
    "to all others. Among equals whoever only changes sets comes first, then who waits longest, "
    "then the lower object id."
)
"""The rule of `reconciler.seats.requests`, for people who read the list."""


def with_needs(plan: Plan) -> Iterator[tuple[Waiting, str]]:
    """In the order of the list; the needs are those of this moment, if nobody else's change.

    A seat of a product goes to whoever waits for it first, once no more are in use than were
    bought.
    """
    lines = {line.product: line for line in plan.seats}
    ahead = Counter[str]()
    for entry in plan.waiting:
        missing, uncounted = [], []
        for product in entry.blocked_by:
            ahead[product] += 1
            line = lines.get(product)
            if line is None or line.purchased is None:
                uncounted.append(f"a usable count of the {product} seats")
            else:
                count = ahead[product] + max(0, line.used_after - line.purchased)
                missing.append(f"{count:,} more {product} {'seat' if count == 1 else 'seats'}")
        bought = [f"{' and '.join(missing)}, bought or released"] if missing else []
        yield entry, "; ".join([*bought, *uncounted])
