"""Plans made without the command line: applied to the last operation, or only computed."""

from datetime import UTC, datetime

from jobs.apply import apply_plan
from jobs.approval.approve import approve
from jobs.approval.os_user import whoami
from jobs.context import Context
from jobs.leased_run import recorded
from jobs.output.exit_codes import Exit
from jobs.plan import make_plan
from jobs.reading.pull import pull
from reconciler.model.plan import Plan
from reconciler.model.snapshot import PlanContext
from reconciler.reconcile import reconcile


def in_step(context: Context) -> None:
    """The vendor does everything that the directory asks for."""
    with recorded(context, "plan") as run:
        plan = make_plan(context, run).plan
    if plan.operations:
        assert not approve(context, plan, whoami(), "first")
        with recorded(context, "apply") as run:
            assert apply_plan(context, plan, run).exit_code is Exit.OK


def planned(context: Context) -> Plan:
    """What a run would plan, without a trace in the store."""
    plan_context = PlanContext("00000000", datetime.now(UTC), "test")
    return reconcile(context.settings, pull(context), plan_context)
