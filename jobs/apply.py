"""Apply: executes exactly one approved plan, if everything it rests on still holds."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from connectors.files.disk import write_whole
from connectors.scim.client import Scim
from connectors.store.errors import StoreError
from jobs.approval.approve import circumstances, given
from jobs.context import Context, tool_version
from jobs.executor.circuit_breaker import CircuitBreaker
from jobs.executor.executor import FINISHING_SECONDS, Execution
from jobs.executor.signals import ending_well
from jobs.fleet_incidents.breaker import fleet_objections
from jobs.leased_run import Run
from jobs.operation_results import Applied, OperationResult, Result
from jobs.output.stage import stage
from jobs.reading.reread_before_apply import read_again
from jobs.reading.vendor_client import vendor_of
from jobs.recover import recover
from jobs.report.csv_files import results_csv
from jobs.report.write import report_folder, update_page
from jobs.seats.idle import due_for_reclaim, reclaims
from reconciler.applying.lessons_for_next_plan import learn_from, refusals_learned
from reconciler.applying.plan_staleness import drift
from reconciler.applying.preconditions import objections_to_apply
from reconciler.facts.set_bindings import sets_in_step
from reconciler.model.capabilities import Feature
from reconciler.model.plan import Finding, Plan
from reconciler.model.snapshot import PlanContext
from reconciler.planning.findings.collect import interruption_findings


def apply_plan(context: Context, plan: Plan, run: Run) -> Applied:
    """Checks, reads again what the plan touches, executes, and writes results.csv.

    Raises:
        reconciler.no_plan.NoPlan: directory or vendor could not be read; nothing was sent.
    """
    applied = _apply(context, plan, run)
    run.exit_code, run.summary = applied.exit_code, applied.headline
    return applied


def _apply(context: Context, plan: Plan, run: Run) -> Applied:
    settings = context.settings
    now = circumstances(context)
    approvals, use = given(context, plan)
    if objections := (
        *objections_to_apply(plan, approvals, settings.policy, use, now),
        *fleet_objections(context),
    ):
        return _refused(context, plan, run, objections)
    recovered = tuple(interruption_findings(recover(context, run)))
    with vendor_of(context, run.objection) as vendor:
        snapshot = read_again(context, vendor, plan)
        still = due_for_reclaim(context, run, snapshot) if reclaims(plan) else frozenset()
        plan_context = PlanContext(plan.id, now.now, tool_version(), plan.grants_only, still)
        found = drift(settings, plan, snapshot, plan_context)
        if found.objections:
            return replace(_refused(context, plan, run, found.objections), findings=recovered)
        with context.store.transaction(run.id) as tx:
            tx.plans.claim(plan, run.id, context.clock())
        named = snapshot.target.groups
        groups = {name: ids[0] for name, ids in named.items() if len(ids) == 1}
        applied = execute_plan(context, vendor, plan, run, groups, found.dropped)
    with suppress(StoreError):  # what was done stands, and the next plan sees it
        if not (plan.undoes or plan.only):
            _note_synced(context, plan, applied)
    applied = replace(applied, findings=(*recovered, *found.findings, *applied.findings))
    _write_results(context, plan, applied)
    update_page(context, plan)
    return applied


def _refused(context: Context, plan: Plan, run: Run, objections: tuple[Finding, ...]) -> Applied:
    codes = [found.code for found in objections]
    facts = {"plan": plan.id, "digest": plan.digest, "run": run.id, "codes": codes}
    with context.store.transaction() as tx:
        tx.audit.append(context.clock(), "refusal", facts, {})
    return Applied(objections=objections)


def execute_plan(
    context: Context,
    vendor: Scim,
    plan: Plan,
    run: Run,
    groups: dict[str, str],
    dropped: dict[int, str],
) -> Applied:
    """Sends what is not `dropped`, and learns from the answers; `groups`: see `Execution`."""
    circuit_breaker = CircuitBreaker(plan, run.fence, members_leave=vendor.can.may(Feature.LEAVING))
    execution = Execution(context, vendor, plan, run.id, groups, dropped, circuit_breaker)
    sent_before = vendor.requests_sent

    def stop(signal_name: str) -> None:
        circuit_breaker.by_person(signal_name)
        vendor.finish_within(FINISHING_SECONDS)

    with (
        ending_well(stop),
        stage("execute", "Applying", len(plan.operations)) as under_way,
    ):
        outcomes = sorted(execution.outcomes(under_way.advance), key=lambda it: it.operation.index)
        under_way.count(**_counts(outcomes), requests=vendor.requests_sent - sent_before)
    if circuit_breaker.switch_looks_off:
        with suppress(StoreError), context.store.transaction() as tx:
            tx.sets.await_no_groups()
    elif not circuit_breaker.reason:  # what stops everything says little of a single operation
        _learn(context, vendor, outcomes)
    met = dict.fromkeys(
        outcome.finding
        for outcome in outcomes
        if outcome.finding
        and not (circuit_breaker.switch_looks_off and outcome.ignored and outcome.operation.touched)
    )
    findings = (*circuit_breaker.findings(), *met, *execution.settled_by_others)
    return Applied(
        tuple(outcomes),
        findings=findings,
        taken_over=run.fence.lost,
        stopped=circuit_breaker.stopped,
        why=circuit_breaker.reason,
    )


def _learn(context: Context, vendor: Scim, outcomes: Collection[OperationResult]) -> None:
    """That a member stays in a set is a refusal, too. Unless it is kept, it is found out again."""
    done = [one.operation for one in outcomes if one.result is Result.DONE]
    learn_from(vendor.can, done, [one.operation for one in outcomes if one.stays])
    refused = [(one.operation, one.detail) for one in outcomes if one.refused or one.stays]
    with suppress(StoreError), context.store.transaction() as tx:
        tx.refusals.save(refusals_learned(tx.refusals.all(), done, refused, context.clock()))


def _counts(outcomes: Collection[OperationResult]) -> dict[str, int]:
    return {str(result): sum(one.result is result for one in outcomes) for result in Result}


def _note_synced(context: Context, plan: Plan, applied: Applied) -> None:
    """Of the sets that were changed; nothing new is known of the others."""
    changed = {name for operation in plan.operations for name in operation.touched}
    left = [one.operation for one in applied.outcomes if one.result is not Result.DONE]
    in_step = sets_in_step(plan, context.settings.subscription_sets, left)
    with context.store.transaction() as tx:
        tx.sets.synced(changed.intersection(in_step), context.clock())


def _write_results(context: Context, plan: Plan, applied: Applied) -> None:
    """The journal is the record; a report that cannot be written changes nothing."""
    path = report_folder(context.settings, plan.id) / "results.csv"
    with suppress(OSError):
        write_whole(path, results_csv(plan, applied))
