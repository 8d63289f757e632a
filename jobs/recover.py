"""Recover: what an interrupted run had under way is read back before anything else is done."""

from connectors.store.errors import PlanAltered, PlanNotFound
from connectors.store.journal import Interrupted
from jobs.context import Context
from jobs.executor.verify import ReadBack
from jobs.leased_run import Run
from jobs.operation_results import Result
from jobs.output.exit_codes import Exit
from jobs.reading.faults import reading_vendor
from jobs.reading.memory import memory
from jobs.reading.vendor_client import vendor_of
from reconciler.model.plan import Kind
from reconciler.model.snapshot import Interruption
from reconciler.planning.findings.collect import interruption_findings


def recover(context: Context, run: Run) -> tuple[Interruption, ...]:
    """Ends every operation that was begun and never ended, and the runs that left them.

    Raises:
        reconciler.no_plan.NoPlan: the vendor could not be read (T2, T3, P9, R3); what was not is
            still open.
    """
    with context.store.transaction() as tx:
        interrupted = tx.journal.interrupted(run.id)
    interruptions = tuple(_settle(context, stop) for stop in interrupted)
    for stop, found in zip(interruptions, interruption_findings(interruptions), strict=True):
        with context.store.transaction() as tx:
            tx.runs.end(stop.run_id, context.clock(), Exit.PARTIAL, found.message)
    return interruptions


def _settle(context: Context, stop: Interrupted) -> Interruption:
    with reading_vendor():
        done = _read_again(context, stop) if stop.open else 0
    return Interruption(stop.run_id, stop.ended, _planned(context, stop), len(stop.open), done)


def _read_again(context: Context, stop: Interrupted) -> int:
    """How many of the open operations took effect."""
    done = 0
    with vendor_of(context) as vendor:
        names = {item.name for item in context.settings.subscription_sets}
        names |= {name for operation in stop.open.values() for name in operation.touched}
        found = vendor.groups(names)
        groups = {name: ids[0] for name, ids in found.items() if len(ids) == 1}
        matching = context.settings.attribute_mapping.matching
        read_back = ReadBack(vendor, groups, stop.open.values(), matching, _accepted(context, stop))
        for entry, operation in stop.open.items():
            # Who is in a group that hides its members is asked for again: that harms nobody.
            at = None if read_back.unshown(operation) else read_back.of(operation)
            result = Result.DONE if at else Result.FAILED
            ending = {entry: (result, "interrupted; read back later")}
            with context.store.transaction() as tx:
                if at and operation.kind in {Kind.CREATE_ACCOUNT, Kind.LINK}:
                    tx.memory.link({operation.subject.id: at}, context.clock())
                tx.journal.end(ending, context.clock())
            done += result is Result.DONE
    return done


def _accepted(context: Context, stop: Interrupted) -> dict[int, str]:
    """The ids of what was made, where they were recorded."""
    known = memory(context)
    accounts = dict(zip(known.links["id"], known.links["account"], strict=True))
    groups = {name: one.vendor_groups[0] for name, one in known.sets.items() if one.vendor_groups}
    made = {Kind.CREATE_ACCOUNT: accounts, Kind.CREATE_SET_GROUP: groups}
    return {
        operation.index: made[operation.kind][operation.subject.id]
        for operation in stop.open.values()
        if operation.subject.id in made.get(operation.kind, {})
    }


def _planned(context: Context, stop: Interrupted) -> int:
    try:
        return len(context.find_plan(stop.plan_id).operations)
    except (PlanAltered, PlanNotFound):  # it is history, or its content was purged
        return stop.ended + len(stop.open)
