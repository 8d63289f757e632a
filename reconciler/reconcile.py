"""From what was read to a plan: everything, in the order in which it is decided.

     1. refuse      no plan from a partial read, or for another tenant or organisation
     2. order       rows sorted, deleted users with former names         `facts.deleted_user_names`
     3. sets        which group each set has, which are frozen, and why  `facts.set_bindings`
     4. facts       what was read and what is remembered, in columns     `facts.build`
     5. decisions   each user's and account's situation, and its effect  `decisions.classify`
     6. exemptions  users whom this plan leaves unchanged all the same   `decisions.left_unchanged`
     7. seats       what is free, and who gets it                        `seats.allocation`
     8. operations  in the order in which they can be carried out        `planning.operations`
     9. findings    what an administrator should know                    `planning.findings`
    10. verdicts    objections to the plan as a whole                    `planning.guard_verdicts`

No step changes what an earlier one decided.
"""

from datetime import timedelta
from hashlib import sha256

import orjson

from config.directory import DirectoryFile
from config.settings import Settings
from reconciler.columns import frames
from reconciler.decisions.classify import decide
from reconciler.decisions.left_unchanged import exempt, reason_to_take_nothing
from reconciler.facts.admins import admins_now, with_new_admins_marked
from reconciler.facts.build import collect_facts
from reconciler.facts.deleted_user_names import with_former_names
from reconciler.facts.duplicate_user_names import shared_user_name
from reconciler.facts.set_bindings import judge_sets
from reconciler.facts.vendor_organisation import unknown_organisation
from reconciler.model.plan import Basis, Plan
from reconciler.model.seat_inventory import SeatCount
from reconciler.model.snapshot import PlanContext, Snapshot, in_order
from reconciler.no_plan import NoPlan
from reconciler.planning.display_names import with_display_names
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.findings.collect import collect_findings
from reconciler.planning.findings.seats import waiting_list
from reconciler.planning.guard_verdicts import evaluate_guards
from reconciler.planning.guards.vendor_would_accept import LARGEST_SKEW
from reconciler.planning.operations import write_operations
from reconciler.planning.set_members import set_members
from reconciler.seats.ledger import open_ledger
from reconciler.seats.requests import allocate_seats
from reconciler.situations import RUN, finding
from reconciler.situations.runs import EXPORT_TOO_OLD, VENDOR_READ_IN_PART
from reconciler.situations.token import ANOTHER_TENANT_OR_VENDOR


def reconcile(settings: Settings, snapshot: Snapshot, plan_context: PlanContext) -> Plan:
    """The plan that makes the vendor equal to the directory, as far as is safe and seats allow.

    Pure: the same arguments give the same bytes, whatever the order of rows.

    Raises:
        NoPlan: see `evaluation_of`.
    """
    return plan_of(evaluation_of(settings, snapshot, plan_context))


def plan_of(evaluation: Evaluation) -> Plan:
    """What was decided, with its findings and verdicts."""
    plan_context, waiting = evaluation.plan_context, waiting_list(evaluation)
    plan = Plan(
        id=plan_context.plan_id,
        run=evaluation.snapshot.memory.run,
        grants_only=plan_context.grants_only,
        basis=basis_of(evaluation),
        operations=evaluation.operations,
        findings=collect_findings(evaluation, waiting),
        seats=evaluation.seats,
        waiting=waiting,
        graces=evaluation.graces,
        verdicts=evaluate_guards(evaluation),
        undecided=tuple(evaluation.judged.sets[at].name for at in evaluation.undecided),
        members=set_members(evaluation),
    )
    return with_display_names(plan, evaluation.facts.people.entra)


def evaluation_of(settings: Settings, snapshot: Snapshot, plan_context: PlanContext) -> Evaluation:
    """Everything that is decided, before findings and verdicts are written.

    Raises:
        NoPlan: the vendor was not read completely (R3), the store is another tenant's or another
            organisation's (T7), an export is too old (R21), or the mapping gives several users one
            user name (R23).
    """
    _refuse(snapshot)
    _refuse_age(settings, snapshot, plan_context)
    snapshot = in_order(with_former_names(snapshot))
    judged = judge_sets(settings, snapshot)
    facts = collect_facts(settings, snapshot, judged, plan_context)
    if shared := shared_user_name(facts):
        raise NoPlan(shared)
    frames.give_back_memory()
    exempting = reason_to_take_nothing(snapshot.memory, plan_context.grants_only)
    decisions = exempt(decide(facts.people), facts, judged, exempting)
    ledger = open_ledger(
        settings, snapshot.inventory, snapshot.memory.seats, facts, plan_context.now.date()
    )
    seat_decisions = allocate_seats(
        facts,
        decisions.effect,
        ledger,
        judged,
        snapshot.memory,
        settings.policy.reserve_after_runs,
    )
    operations = with_new_admins_marked(
        write_operations(facts, decisions, seat_decisions, judged, snapshot.target),
        admins_now(facts, judged),
    )
    return Evaluation(
        settings,
        snapshot,
        plan_context,
        judged,
        facts,
        decisions,
        ledger,
        seat_decisions,
        operations,
    )


def _refuse(snapshot: Snapshot) -> None:
    target, memory = snapshot.target, snapshot.memory
    if not target.complete:
        raise NoPlan(finding(VENDOR_READ_IN_PART, RUN, why=target.because))
    for theirs, ours in (
        (memory.tenant_id, snapshot.directory.tenant_id),
        (memory.vendor, target.base_url),
    ):
        if theirs and theirs != ours:
            why = f"This store belongs to {theirs}, and the configuration names {ours}."
            raise NoPlan(finding(ANOTHER_TENANT_OR_VENDOR, RUN, why=why))
    if why := unknown_organisation(snapshot):
        raise NoPlan(finding(ANOTHER_TENANT_OR_VENDOR, RUN, why=why))


def _refuse_age(settings: Settings, snapshot: Snapshot, plan_context: PlanContext) -> None:
    export, source = snapshot.directory.export, settings.directory
    if export is None or not isinstance(source, DirectoryFile):
        return
    age = plan_context.now - export.made
    if age > source.max_export_age or age < -LARGEST_SKEW:
        made, now = (f"{moment:%Y-%m-%d %H:%M}" for moment in (export.made, plan_context.now))
        days = f"{source.max_export_age / timedelta(days=1):g}"
        raise NoPlan(finding(EXPORT_TOO_OLD, RUN, made=made, now=now, days=days))


def basis_of(evaluation: Evaluation) -> Basis:
    """What a plan of this evaluation rests on."""
    settings, snapshot, plan_context = (
        evaluation.settings,
        evaluation.snapshot,
        evaluation.plan_context,
    )
    directory, target = snapshot.directory, snapshot.target
    return Basis(
        tenant_id=directory.tenant_id,
        graph=settings.directory.origin,
        vendor=target.base_url,
        store_id=snapshot.memory.store_id,
        settings=settings.digest,
        directory=frames.digest(directory.members, directory.people),
        target=frames.digest(target.accounts, target.holdings),
        inventory=_inventory_digest(snapshot.inventory),
        tool_version=plan_context.tool_version,
        planned_at=plan_context.now,
        expires_at=plan_context.now + settings.policy.plan_lifetime,
    )


def _inventory_digest(inventory: tuple[SeatCount, ...]) -> str:
    rows = sorted(
        (count.product, str(count.purchased), str(count.as_of), str(count.used))
        for count in inventory
    )
    return f"sha256:{sha256(orjson.dumps(rows)).hexdigest()}"
