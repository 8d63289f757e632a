"""Undo: plans to take back what a run did. Nothing is written to the vendor, as by any plan."""

from connectors.store.run_operations import Deed
from jobs.context import Context, tool_version
from jobs.executor.link_existing_account import NOT_CREATED, linking
from jobs.leased_run import Run
from jobs.plan import Planned, report, save
from jobs.reading.pull import pull
from jobs.recover import recover
from reconciler.model.plan import Operation
from reconciler.model.snapshot import PlanContext
from reconciler.undo import Done, undo


def make_undo(context: Context, run: Run, reference: str) -> Planned:
    """Settles what was left half-done, pulls, and plans the inverse of what the journal has.

    `reference` is the id of the run to take back, a unique prefix of it, or "latest".

    Raises:
        connectors.store.errors.RunNotFound: it did nothing, or what it did was purged.
        connectors.errors.CounterpartError, reconciler.no_plan.NoPlan: as `make_plan`.
    """
    with context.store.transaction() as tx:
        undone = tx.run_operations.find_run(reference)
    snapshot = pull(context, recover(context, run))
    with context.store.transaction() as tx:  # recovery has ended what was open
        deeds = tx.run_operations.done_by(undone)
    done = Done(undone, tuple(map(_as_done, deeds)))
    plan_context = PlanContext(run.id, context.clock(), tool_version())
    plan = undo(context.settings, snapshot, plan_context, done)
    with context.store.transaction(run.id) as tx:
        save(tx, run, plan, snapshot)
    return report(context, plan)


def _as_done(deed: Deed) -> Operation:
    """An account that was to be created, and was found instead, has only been linked."""
    return linking(deed.operation) if deed.detail in NOT_CREATED else deed.operation
