"""From what was read to a plan: the whole story, in the order in which it is decided."""

from hashlib import sha256

import orjson

from config.settings import Settings
from reconciler.contest import hold_contest
from reconciler.findings import (
    by_urgency,
    interruption_findings,
    member_findings,
    orphan_findings,
    people_findings,
    seat_findings,
    waiting_list,
)
from reconciler.guards import (
    revocation_verdict,
    switch_verdict,
    token_verdict,
    token_warnings,
)
from reconciler.ledger import open_ledger
from reconciler.model import frames
from reconciler.model.plan import Basis, Finding, Plan
from reconciler.model.snapshot import Occasion, SeatCount, Snapshot
from reconciler.operations import write_operations
from reconciler.rules import decide
from reconciler.sets import judge_sets
from reconciler.situations import RUN, finding
from reconciler.subjects import know


class NoPlan(Exception):
    """What was read cannot carry a plan; `finding` says why."""

    def __init__(self, reason: Finding) -> None:
        super().__init__(reason.message)
        self.finding = reason


def reconcile(settings: Settings, snapshot: Snapshot, occasion: Occasion) -> Plan:
    """The plan that makes the vendor equal to the directory, as far as is safe and seats allow.

    Pure: the same arguments give the same bytes, whatever the order of rows.

    Raises:
        NoPlan: the vendor was not read completely (R3).
    """
    directory, target, memory = snapshot.directory, snapshot.target, snapshot.memory
    today = occasion.now.date()
    if not target.complete:
        raise NoPlan(finding("R3", RUN, why=target.because))

    bought = [count.product for count in snapshot.inventory]
    judged = judge_sets(settings.subscription_sets, directory.reads, bought, target.groups)
    subjects = know(settings, snapshot, judged)
    decisions = decide(subjects, settings.policy.allow_guests)
    ledger = open_ledger(settings, snapshot.inventory, subjects, today)
    contest = hold_contest(
        subjects, decisions["effect"], ledger, judged, memory, settings.policy.reserve_after_runs
    )
    operations = write_operations(subjects, decisions, contest, judged, target.groups)
    waiting = waiting_list(subjects, contest, judged, ledger)

    return Plan(
        id=occasion.plan_id,
        run=memory.run,
        basis=_basis(settings, snapshot, occasion),
        operations=operations,
        findings=by_urgency(
            [
                *token_warnings(settings.vendor, today),
                *interruption_findings(memory.interruptions),
                *judged.findings,
                *member_findings(directory),
                *people_findings(subjects, decisions, operations, judged, directory),
                *orphan_findings(subjects),
                *ledger.findings,
                *seat_findings(subjects, contest, ledger, waiting),
            ]
        ),
        seats=contest.lines,
        waiting=waiting,
        verdicts=(
            token_verdict(settings.vendor, today),
            switch_verdict(settings.vendor),
            revocation_verdict(
                operations, subjects, judged, settings.policy, memory.lost_this_week
            ),
        ),
    )


def _basis(settings: Settings, snapshot: Snapshot, occasion: Occasion) -> Basis:
    directory, target = snapshot.directory, snapshot.target
    return Basis(
        tenant_id=directory.tenant_id,
        vendor=target.base_url,
        store_id=snapshot.memory.store_id,
        settings=settings.digest,
        directory=frames.digest(directory.members, directory.people),
        target=frames.digest(target.accounts, target.holdings),
        inventory=_inventory_digest(snapshot.inventory),
        tool_version=occasion.tool_version,
        planned_at=occasion.now,
        expires_at=occasion.now + settings.policy.plan_lifetime,
    )


def _inventory_digest(inventory: tuple[SeatCount, ...]) -> str:
    rows = sorted((count.product, str(count.purchased), str(count.as_of)) for count in inventory)
    return f"sha256:{sha256(orjson.dumps(rows)).hexdigest()}"
