"""What people made of plans: by that one knows which losses were wanted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

from reconciler.model.plan import Plan
from reconciler.replay.replay import losers


class Became(StrEnum):
    """CARRIED_OUT: applied, or the next plan that was applied takes from at least half of the same
    users. PURGE: it takes from users, and was taken back, or never let pass. NOTHING: it takes from
    nobody, and was not applied.
    """

    CARRIED_OUT = "carried out"
    PURGE = "purge"
    NOTHING = ""


def became(
    plans: Sequence[Plan], applied: Mapping[str, str], undone: Collection[str]
) -> Iterator[Became]:
    """Of each of the plans, which are in their order.

    `applied` has the run that applied a plan, by the plan's id; `undone` are runs that were taken
    back since.
    """
    for at, plan in enumerate(plans):
        run = applied.get(plan.id)
        losing = losers(plan).keys()
        if run is None and losing:
            later = (one for one in plans[at + 1 :] if one.id in applied)
            carried_out = next(later, None)
            taken = losing & losers(carried_out).keys() if carried_out else ()
            run = applied[carried_out.id] if carried_out and 2 * len(taken) >= len(losing) else None
        if run in undone or (run is None and losing):
            yield Became.PURGE if losing else Became.NOTHING
        else:
            yield Became.CARRIED_OUT if run else Became.NOTHING
