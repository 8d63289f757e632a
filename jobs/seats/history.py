"""Seats until now: what each plan that the store keeps found, and who used what was granted."""

from datetime import datetime

from connectors.store.plans import LATEST
from jobs.context import Context
from jobs.output.rows.seats import PastSeatRow
from reconciler.idle.first_use import FirstUse, FirstUses
from reconciler.model.plan import SeatLine


def past_seat_rows(context: Context) -> list[PastSeatRow]:
    """Per plan for everybody and product, the newest plan first.

    Raises:
        connectors.store.errors.PlanNotFound: there is no plan yet.
    """
    newest = context.find_plan(LATEST)
    with context.store.transaction() as tx:
        history, grants = tx.plans.seats_until(newest.run), tx.seat_use.grant_uses()
    first_uses = FirstUses(grants, context.settings.policy.idle.days)
    return [
        _past_seat_row(line, first_uses.of(line.product, at), at)
        for at, lines in reversed(history)
        for line in lines
    ]


def _past_seat_row(line: SeatLine, first_use: FirstUse, at: datetime) -> PastSeatRow:
    return PastSeatRow(
        product=line.product,
        purchased=line.purchased,
        used=line.used_before,
        free=None if line.purchased is None else max(0, line.purchased - line.used_before),
        waiting=line.waiting,
        idle=line.idle,
        days_to_first_use=first_use.median_days,
        never_used=first_use.never_used,
        as_of=at,
    )
