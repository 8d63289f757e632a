"""Apply: executes exactly one approved plan, if everything it rests on still holds."""

from contextlib import suppress

from connectors.scim.client import Scim
from connectors.store.audit import append
from connectors.store.history import set_synced
from connectors.store.memory import memory
from connectors.store.plans import approvals_of, claim_plan, use_of
from jobs.context import Context, tool_version
from jobs.execute import Execution
from jobs.outcome import Applied, Result
from jobs.progress import progress
from jobs.report.files import write_whole
from jobs.report.tables import results_csv
from jobs.report.write import report_folder
from jobs.run_log import Run
from reconciler.admission import (
    Circumstances,
    Reading,
    drift_holds_everything,
    drifted,
    objections_to_apply,
)
from reconciler.model.plan import Finding, Operation, Plan
from reconciler.situations import finding


def apply_plan(context: Context, plan: Plan, run: Run) -> Applied:
    """Checks, reads again what the plan touches, executes, and writes results.csv.

    Raises:
        connectors.errors.ConnectorError: the vendor could not be read; nothing was sent.
    """
    applied = _apply(context, plan, run)
    run.exit_code, run.summary = applied.exit_code, applied.headline
    return applied


def _apply(context: Context, plan: Plan, run: Run) -> Applied:
    store, settings = context.store, context.settings
    now = context.clock()
    circumstances = Circumstances(
        tenant_id=settings.directory.tenant_id,
        vendor=settings.vendor.base_url,
        store_id=memory(store, now).store_id,
        settings=settings.digest,
        tool_version=tool_version(),
        now=now,
    )
    approvals, use = approvals_of(store, plan.id), use_of(store, plan.id)
    needed = settings.policy.approvals
    if objections := tuple(objections_to_apply(plan, approvals, needed, use, circumstances)):
        return _refused(context, plan, run, objections)
    with Scim(settings.vendor, settings.attribute_mapping.targets) as vendor:
        groups, readings = _read_again(context, vendor, plan)
        changed = drifted(plan, readings)
        if held := tuple(_holding_everything(plan, changed)):
            return _refused(context, plan, run, held)
        claim_plan(store, plan.id, run.id, context.clock())
        execution = Execution(context, vendor, plan, run.id, groups, changed)
        with progress("Applying", len(plan.operations)) as advance:
            applied = Applied(tuple(execution.outcomes(advance)))
    _note_synced(context, applied)
    _write_results(context, plan, applied)
    return applied


def _refused(context: Context, plan: Plan, run: Run, objections: tuple[Finding, ...]) -> Applied:
    facts = {"plan": plan.id, "run": run.id, "codes": [found.code for found in objections]}
    with context.store.begin() as connection:
        append(connection, context.clock(), "refusal", facts, {})
    return Applied(objections=objections)


def _read_again(
    context: Context, vendor: Scim, plan: Plan
) -> tuple[dict[str, str], dict[int, Reading]]:
    """Sets' groups, and per operation the account that it starts from, if it is there yet."""
    names = {item.name for item in context.settings.subscription_sets}
    names |= {name for operation in plan.operations for name in operation.lost}
    groups = {name: ids[0] for name, ids in vendor.groups(names).items() if len(ids) == 1}
    members = {name: vendor.members(group) for name, group in groups.items()}
    readings: dict[int, Reading] = {}
    states: dict[str, Reading] = {}
    for operation in plan.operations:
        if operation.account is None:
            readings[operation.index] = _reading_of_nobody(vendor, operation)
            continue
        if operation.account not in states:
            account = vendor.account(operation.account)
            states[operation.account] = Reading(
                account.attributes if account else None,
                account.active if account else None,
                frozenset(name for name, ids in members.items() if operation.account in ids),
            )
        readings[operation.index] = states[operation.account]
    return groups, readings


def _reading_of_nobody(vendor: Scim, operation: Operation) -> Reading:
    attributes = operation.after.attributes
    if attributes is None:
        return Reading(None, None, frozenset())
    found = vendor.find(str(attributes["externalId"]), str(attributes["userName"]))
    return Reading(found[0].attributes if found else None, None, frozenset())


def _holding_everything(plan: Plan, changed: dict[int, str]) -> list[Finding]:
    return [
        finding("P3", operation.subject, why=changed[operation.index])
        for operation in plan.operations
        if operation.index in changed and drift_holds_everything(operation)
    ]


def _note_synced(context: Context, applied: Applied) -> None:
    """A set is in step once everything that changes it is done."""

    touched: set[str] = set()
    unfinished: set[str] = set()
    for outcome in applied.outcomes:
        sets = {*outcome.operation.gained, *outcome.operation.lost}
        touched |= sets
        unfinished |= set() if outcome.result is Result.DONE else sets
    set_synced(context.store, touched - unfinished, context.clock())


def _write_results(context: Context, plan: Plan, applied: Applied) -> None:
    """The journal is the record; a report that cannot be written changes nothing."""
    path = report_folder(context.settings, plan.id) / "results.csv"
    with suppress(OSError):
        write_whole(path, results_csv(plan, applied))
