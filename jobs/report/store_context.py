"""What the store knows beside a plan: how its groups were read, and what earlier runs found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.store.plans import SeatLines
from connectors.store.runs import SetRead
from jobs.context import Context
from reconciler.idle.first_use import FirstUse, FirstUses
from reconciler.model.plan import Plan

MOST_PLANS = 30
"""As many plans, this one among them, tell how seats were used."""


@dataclass(frozen=True)
class StoreContext:
    """`seats` are those that earlier plans and this one found, and when, oldest first.

    `reads` say how the plan's groups were read; `reads_before` how the run before it read them,
    which began at `before`. `older` is the id of the plan before, "" for none. `first_uses` say,
    per product, how soon granted seats were used.
    """

    seats: tuple[tuple[datetime, SeatLines], ...] = ()
    reads: tuple[SetRead, ...] = ()
    reads_before: tuple[SetRead, ...] = ()
    before: datetime | None = None
    older: str = ""
    first_uses: Mapping[str, FirstUse] = field(default_factory=dict)


UNKNOWN = StoreContext()
"""Of a plan that no store is asked about."""


def store_context_of(context: Context, plan: Plan) -> StoreContext:
    """As the store has it. Nothing of it is later than the plan, so it stays as it is."""
    with context.store.transaction() as tx:
        grants = FirstUses(tx.seat_use.grant_uses(), context.settings.policy.idle.days)
        run_before, before = tx.runs.reader_before(plan.id) or ("", None)
        return StoreContext(
            seats=tx.plans.seats_until(plan.run, MOST_PLANS),
            reads=tx.runs.reads_of(plan.id),
            reads_before=tx.runs.reads_of(run_before),
            before=before,
            older=tx.plans.id_before(plan.run),
            first_uses={
                line.product: grants.of(line.product, plan.basis.planned_at) for line in plan.seats
            },
        )
