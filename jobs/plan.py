"""Plan: a dry run. Nothing is written to the vendor, ever."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from connectors.store.errors import StoreError
from connectors.store.transaction import Transaction
from jobs.context import Context, tool_version
from jobs.fleet_incidents.breaker import note_losses, stop_shared_loss
from jobs.leased_run import Run
from jobs.output.exit_codes import Exit
from jobs.output.stage import stage
from jobs.reading.pull import pull
from jobs.recover import recover
from jobs.report.store_context import store_context_of
from jobs.report.summary import summarise
from jobs.report.write import supersede_page, write_reports
from jobs.seats.idle import known_use
from reconciler.facts.set_bindings import sets_in_step
from reconciler.idle.reclaim import reconcile_with_use
from reconciler.model.plan import Plan
from reconciler.model.plan_input import PlanInput
from reconciler.model.sign_ins import CurrentUse
from reconciler.model.snapshot import PlanContext, Snapshot
from reconciler.no_plan import NoPlan
from reconciler.planning.memory_update import remember
from reconciler.reconcile import reconcile
from reconciler.situations.runs import EXPORT_UNPROVEN


@dataclass(frozen=True)
class Planned:
    """A saved plan, and where its reports are; `trouble` says why there are none.

    `unusual`: codes by which it takes from unusually many users, for a tenant of a fleet.
    """

    plan: Plan
    folder: Path | None
    trouble: str = ""
    unusual: frozenset[str] = frozenset()


def make_plan(
    context: Context, run: Run, grants_only: bool = False, reclaim: bool = False
) -> Planned:
    """Settles what was left half-done, pulls, reconciles, saves the plan and writes its reports.

    `grants_only`: whatever would take something away from anybody is left out. `reclaim`: seats
    that nobody uses are taken back, too, once that was announced for long enough.

    Raises:
        connectors.errors.CounterpartError: something could not be read.
        reconciler.no_plan.NoPlan: what was read cannot carry a plan; with `reclaim` also where it
            is not known who uses a seat (R30).
        connectors.store.errors.LeaseLost: another run is at work.
    """
    snapshot = pull(context, recover(context, run))
    known = _known_use(context, run, snapshot, reclaim)
    now = context.clock()
    plan_context = PlanContext(run.id, now, tool_version(), grants_only)
    with stage("decide", "Deciding") as deciding:
        if known:
            plan, plan_context = reconcile_with_use(
                context.settings, snapshot, plan_context, known, reclaim=reclaim
            )
        else:
            plan = reconcile(context.settings, snapshot, plan_context)
        deciding.count(
            operations=len(plan.operations),
            findings=len(plan.findings),
            objections=len(plan.objections),
        )
    with context.store.transaction(run.id) as tx:
        save(tx, run, plan, snapshot)
        _remember(tx, context.settings, plan, snapshot, now)
        _keep_input(tx, context.settings, snapshot, plan_context)
        if plan_context.idle is not None:
            announced = {seat.user.id: seat.announced for seat in plan_context.idle}
            tx.seat_use.keep_announcements({user: at for user, at in announced.items() if at})
        unusual = note_losses(context, tx, plan)
    stop_shared_loss(context, unusual)
    return replace(report(context, plan), unusual=unusual)


def _known_use(context: Context, run: Run, snapshot: Snapshot, reclaim: bool) -> CurrentUse | None:
    """None where it is not known, and nothing but a reclaim depends on it."""
    try:
        return known_use(context, run, snapshot.target.holdings)
    except NoPlan:
        if reclaim:
            raise
        return None


def save(tx: Transaction, run: Run, plan: Plan, snapshot: Snapshot) -> None:
    """Keeps a plan that was made of this snapshot; that is how the run ends."""
    tx.plans.add(plan)
    tx.runs.add_reads(run.id, snapshot.directory.reads)
    run.exit_code, run.summary = exit_code(plan), summarise(plan).headline


def _remember(
    tx: Transaction, settings: Settings, plan: Plan, snapshot: Snapshot, now: datetime
) -> None:
    """What the next plan has to know of this one."""
    tx.sets.see(settings.subscription_sets, now)
    tx.memory.save(remember(settings, snapshot, plan), now)
    if export := snapshot.directory.export:
        held = any(verdict.code == EXPORT_UNPROVEN.code for verdict in plan.objections)
        tx.exports.add(plan.id, export.size, held=held)
    tx.sets.synced(sets_in_step(plan, settings.subscription_sets, plan.operations), now)


def _keep_input(tx: Transaction, settings: Settings, snapshot: Snapshot, of: PlanContext) -> None:
    """What `jobs.replay` makes the plan of again; where it is not wanted, what there is goes."""
    if settings.keep_plan_inputs:
        tx.plan_inputs.add(PlanInput(settings.decisive, snapshot, of))
    else:
        tx.plan_inputs.drop()


def report(context: Context, plan: Plan) -> Planned:
    """Writes a saved plan's reports, and into those of the plan before that it is superseded."""
    try:
        with stage("write_reports", "Writing reports"):
            known = store_context_of(context, plan)
            folder = write_reports(plan, context.settings, known)
            if known.older:
                supersede_page(context, known.older)
    except (OSError, StoreError) as error:
        return Planned(plan, None, f"the reports could not be written: {error}")
    return Planned(plan, folder)


def exit_code(plan: Plan) -> Exit:
    """0 nothing to do, 2 changes wait for review, 3 blocked by a guard, 5 nothing was read."""
    if plan.decides_nothing and not plan.operations:
        return Exit.UNDECIDED
    if plan.objections:
        return Exit.HELD
    return Exit.WAITING if plan.operations else Exit.OK
