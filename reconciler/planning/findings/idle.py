"""Findings about seats that nobody uses."""

from collections.abc import Iterator

from reconciler.model.plan import Finding
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import finding
from reconciler.situations.users import SEAT_TO_BE_RECLAIMED


def reclaim_findings(evaluation: Evaluation) -> Iterator[Finding]:
    """U23 per user who was told, and whose seat is not taken back yet."""
    plan_context, grace = evaluation.plan_context, evaluation.settings.policy.idle.grace
    for seat in plan_context.idle or ():
        if seat.announced and seat.user.id not in plan_context.reclaiming:
            yield finding(
                SEAT_TO_BE_RECLAIMED,
                seat.user,
                products=", ".join(seat.products),
                held=seat.set,
                use=seat.use,
                until=f"{seat.announced + grace:%Y-%m-%d}",
            )
