"""A plan made again, with the settings of then and with others."""

from dataclasses import dataclass
from functools import cached_property

from config.settings import Settings
from reconciler.columns import frames
from reconciler.columns.table_joins import is_in
from reconciler.model.gains_and_losses import changes
from reconciler.model.plan import Plan
from reconciler.model.plan_input import PlanInput
from reconciler.no_plan import NoPlan
from reconciler.planning.consequences import Consequences
from reconciler.reconcile import evaluation_of, plan_of
from reconciler.replay.read_differently import read_differently


@dataclass(frozen=True)
class Replayed:
    """The plan of `then`, and what the other settings make of the same, with its `consequences`.

    Where they make no plan, `trouble` says why, and the plan is that of then.
    """

    then: Plan
    now: Plan
    consequences: Consequences
    trouble: str = ""

    @cached_property
    def losing(self) -> dict[str, str]:
        """Who loses a product or their account by the other settings: names by object id."""
        return losers(self.now)

    @cached_property
    def losing_then(self) -> dict[str, str]:
        """Who did by those of then."""
        return losers(self.then)


def replay(plan_input: PlanInput, settings: Settings) -> Replayed:
    """The plan that was made of this, and the one that these settings make of it.

    Raises:
        ValueError: this version of the program does not take the configuration of then.
        NoPlan: nor makes it a plan of it.
    """
    made = evaluation_of(plan_input.settings, plan_input.snapshot, plan_input.plan_context)
    then = plan_of(made)
    if trouble := read_differently(plan_input, settings):
        return Replayed(then, then, made.consequences, trouble)
    try:
        other = evaluation_of(settings, plan_input.snapshot, plan_input.plan_context)
    except NoPlan as error:
        trouble = f"{error.finding.code}: {error.finding.message}"
        return Replayed(then, then, made.consequences, trouble)
    return Replayed(then, plan_of(other), other.consequences)


def losers(plan: Plan) -> dict[str, str]:
    """Users whom the plan leaves without a product or an account that they have: names by id."""
    last = changes(plan.operations).drop_duplicates(["id", "what", "name"], keep="last")
    lost = last[frames.is_false(last["gained"]) & is_in(last["what"], ["product", "account"])]
    names = {operation.subject.id: operation.subject.name for operation in plan.operations}
    return {user: names[user] for user in lost["id"].unique()}
