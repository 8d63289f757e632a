"""Plan: a dry run. Nothing is written to the vendor, ever."""

from dataclasses import dataclass
from pathlib import Path

from jobs.context import Context, tool_version
from jobs.exits import Exit
from jobs.pull import pull
from jobs.report import write_reports
from reconciler.model.plan import Plan
from reconciler.model.snapshot import Occasion
from reconciler.reconcile import reconcile


@dataclass(frozen=True)
class Planned:
    """A plan that was saved, and where its reports are (None: they could not be written)."""

    plan: Plan
    reports: Path | None
    trouble: str = ""


def make_plan(context: Context, run_id: str) -> Planned:
    """Pulls, reconciles, saves the plan and writes its reports.

    Raises:
        connectors.errors.ConnectorError: something could not be read.
        reconciler.reconcile.NoPlan: what was read cannot carry a plan.
    """
    snapshot = pull(context)
    now = context.clock()
    plan = reconcile(context.settings, snapshot, Occasion(run_id, now, tool_version()))
    context.store.save_plan(plan)
    context.store.save_reads(run_id, snapshot.directory.reads)
    context.store.see_sets(context.settings.subscription_sets, now)
    for name in _in_step(context, plan):
        context.store.set_synced(name, now)
    try:
        folder = context.report_folder(plan.id)
        write_reports(plan, folder, context.settings)
    except OSError as error:
        return Planned(plan, None, f"The reports could not be written: {error}")
    return Planned(plan, folder)


def exit_code(plan: Plan) -> Exit:
    """0 nothing to do, 2 changes wait for review, 3 blocked by a guard."""
    if plan.objections:
        return Exit.HELD
    return Exit.WAITING if plan.operations else Exit.OK


def _in_step(context: Context, plan: Plan) -> list[str]:
    """Sets that were read, are not frozen and need no change: vendor and directory agree."""
    troubled = {f.subject.id for f in plan.findings if f.subject.kind == "set"}
    changing = {
        name
        for operation in plan.operations
        for name in {*(operation.before.sets or ()), *(operation.after.sets or ())}
    }
    waited_for = {entry.set for entry in plan.waiting}
    names = {item.name for item in context.settings.subscription_sets}
    return sorted(names - troubled - changing - waited_for)
