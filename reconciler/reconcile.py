"""From what was read to a plan: the whole story, in the order in which it is decided."""

from datetime import timedelta
from hashlib import sha256

import orjson

from config.settings import DirectoryFile, Settings
from reconciler.columns import frames
from reconciler.decisions.exemptions import restrain, takes_nothing
from reconciler.decisions.rules import decide
from reconciler.facts.admins import admins_now, saying_who_becomes_one
from reconciler.facts.build import know
from reconciler.facts.former_names import with_former_names
from reconciler.facts.organisation import unknown_organisation
from reconciler.facts.sets import judge_sets
from reconciler.model.plan import Basis, Finding, Plan
from reconciler.model.snapshot import Occasion, SeatCount, Snapshot, in_order
from reconciler.planning.evaluation import Draft
from reconciler.planning.findings import tell
from reconciler.planning.findings.seats import waiting_list
from reconciler.planning.guards import judge
from reconciler.planning.guards.names import shared_user_name
from reconciler.planning.guards.time import LARGEST_SKEW
from reconciler.planning.operations import write_operations
from reconciler.seats.ledger import open_ledger
from reconciler.seats.requests import hold_contest
from reconciler.situations import RUN, finding


class NoPlan(Exception):
    """What was read cannot carry a plan; `finding` says why."""

    def __init__(self, reason: Finding) -> None:
        super().__init__(reason.message)
        self.finding = reason


def reconcile(settings: Settings, snapshot: Snapshot, occasion: Occasion) -> Plan:
    """The plan that makes the vendor equal to the directory, as far as is safe and seats allow.

    Pure: the same arguments give the same bytes, whatever the order of rows.

    Raises:
        NoPlan: see `draft_plan`.
    """
    draft = draft_plan(settings, snapshot, occasion)
    waiting = waiting_list(draft)
    return Plan(
        id=occasion.plan_id,
        run=snapshot.memory.run,
        grants_only=occasion.grants_only,
        basis=basis_of(draft),
        operations=draft.operations,
        findings=tell(draft, waiting),
        seats=draft.seats,
        waiting=waiting,
        graces=draft.graces,
        verdicts=judge(draft),
        undecided=tuple(draft.judged.sets[at].name for at in draft.undecided),
    )


def draft_plan(settings: Settings, snapshot: Snapshot, occasion: Occasion) -> Draft:
    """Everything that is decided, before a word is said about it.

    Raises:
        NoPlan: the vendor was not read completely (R3), the store is another tenant's or another
            organisation's (T7), an export is too old (R21), or the mapping gives several people one
            user name (R23).
    """
    _refuse(snapshot)
    _refuse_age(settings, snapshot, occasion)
    snapshot = in_order(with_former_names(snapshot))
    judged = judge_sets(settings, snapshot)
    subjects = know(settings, snapshot, judged, occasion.now)
    if shared := shared_user_name(subjects):
        raise NoPlan(shared)
    frames.give_back_memory()
    sparing = takes_nothing(snapshot.memory, occasion.grants_only)
    decisions = restrain(decide(subjects.people), subjects, judged, sparing)
    ledger = open_ledger(
        settings, snapshot.inventory, snapshot.memory.seats, subjects, occasion.now.date()
    )
    contest = hold_contest(
        subjects,
        decisions.effect,
        ledger,
        judged,
        snapshot.memory,
        settings.policy.reserve_after_runs,
    )
    operations = saying_who_becomes_one(
        write_operations(subjects, decisions, contest, judged, snapshot.target),
        admins_now(subjects, judged),
    )
    return Draft(
        settings, snapshot, occasion, judged, subjects, decisions, ledger, contest, operations
    )


def _refuse(snapshot: Snapshot) -> None:
    target, memory = snapshot.target, snapshot.memory
    if not target.complete:
        raise NoPlan(finding("R3", RUN, why=target.because))
    for theirs, ours in (
        (memory.tenant_id, snapshot.directory.tenant_id),
        (memory.vendor, target.base_url),
    ):
        if theirs and theirs != ours:
            why = f"This store belongs to {theirs}, and the configuration names {ours}."
            raise NoPlan(finding("T7", RUN, why=why))
    if why := unknown_organisation(snapshot):
        raise NoPlan(finding("T7", RUN, why=why))


def _refuse_age(settings: Settings, snapshot: Snapshot, occasion: Occasion) -> None:
    export, source = snapshot.directory.export, settings.directory
    if export is None or not isinstance(source, DirectoryFile):
        return
    age = occasion.now - export.made
    if age > source.max_export_age or age < -LARGEST_SKEW:
        made, now = (f"{moment:%Y-%m-%d %H:%M}" for moment in (export.made, occasion.now))
        days = f"{source.max_export_age / timedelta(days=1):g}"
        raise NoPlan(finding("R21", RUN, made=made, now=now, days=days))


def basis_of(draft: Draft) -> Basis:
    """What a plan of this draft rests on."""
    settings, snapshot, occasion = draft.settings, draft.snapshot, draft.occasion
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
        tool_version=occasion.tool_version,
        planned_at=occasion.now,
        expires_at=occasion.now + settings.policy.plan_lifetime,
    )


def _inventory_digest(inventory: tuple[SeatCount, ...]) -> str:
    rows = sorted(
        (count.product, str(count.purchased), str(count.as_of), str(count.used))
        for count in inventory
    )
    return f"sha256:{sha256(orjson.dumps(rows)).hexdigest()}"
