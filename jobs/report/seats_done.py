"""The seats of a plan as far as it was carried out."""

from collections import Counter

from msgspec.structs import replace

from jobs.report.state import State
from reconciler.model.plan import Plan, SeatLine


def seats_done(plan: Plan, state: State) -> tuple[SeatLine, ...]:
    """As planned; once the plan was applied, with what is done of it and nothing else."""
    if not state.use:
        return plan.seats
    done = [one for one in plan.operations if one.index in state.done]
    freed = Counter(product for one in done for product in one.frees)
    taken = Counter(product for one in done for product in one.takes)
    return tuple(
        replace(
            line,
            frees=freed[line.product],
            takes=taken[line.product],
            used_after=line.used_before - freed[line.product] + taken[line.product],
        )
        for line in plan.seats
    )
