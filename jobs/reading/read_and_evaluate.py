"""Everything read and decided about, for a question: nothing is planned, and nothing kept."""

from jobs.context import Context, new_id, tool_version
from jobs.reading.pull import pull
from reconciler.model.snapshot import PlanContext
from reconciler.planning.evaluation import Evaluation
from reconciler.reconcile import evaluation_of


def evaluate(context: Context) -> Evaluation:
    """What a plan that was made now would rest on.

    Raises:
        connectors.errors.CounterpartError: something could not be read.
        reconciler.no_plan.NoPlan: what was read cannot carry a plan.
    """
    plan_context = PlanContext(new_id(), context.clock(), tool_version())
    return evaluation_of(context.settings, pull(context), plan_context)
