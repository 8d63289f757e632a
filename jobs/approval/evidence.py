"""Evidence of one plan for others: what was planned, who approved it, and what came of it."""

from pathlib import Path

from connectors.evidence.dsse_envelope import bundle
from connectors.evidence.host_key import host_key
from connectors.evidence.statements import of_approvals, of_plan, of_results, of_trail
from connectors.files.disk import private_folder, write_whole
from connectors.store.audited_plan import attested
from jobs.context import Context
from jobs.report.write import report_folder
from reconciler.model.plan import Plan

FILE = "evidence.intoto.jsonl"


def export(context: Context, plan: Plan) -> Path:
    """Writes the evidence beside the plan's reports, in place of what was exported before.

    Raises:
        connectors.errors.CounterpartError: there is no key to sign with.
        connectors.store.errors.PlanAltered: the audit trail has something else.
        OSError: the file cannot be written.
    """
    key = host_key(context.settings.evidence_key)
    with context.store.transaction() as tx:
        approvals, use = attested(tx, plan)
        entries, newest = tx.journal.entries(plan.id), tx.audit.checkpoint(context.clock())
    statements = [
        of_plan(plan),
        *of_approvals(plan, approvals),
        *([of_results(plan, use, entries)] if use else []),
    ]
    statements.append(of_trail(plan, newest, len(statements)))
    folder = private_folder(report_folder(context.settings, plan.id))
    return write_whole(folder / FILE, bundle(statements, key))
