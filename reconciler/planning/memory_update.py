"""What a plan leaves for the next one to know. Losing it loses no seat."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from config.settings import Settings
from config.subscription_set import SubscriptionSet
from reconciler.columns.frames import cells
from reconciler.columns.table_joins import equal, is_in, locate
from reconciler.facts.deleted_user_names import with_former_names
from reconciler.facts.named_users import names_to_remember
from reconciler.facts.scoping_filters import memberships_in_scope
from reconciler.model.group_read import GroupRead
from reconciler.model.known_sets import KnownSet
from reconciler.model.plan import Plan
from reconciler.model.snapshot import Memory, MemoryUpdate, Snapshot
from reconciler.seats.ledger import seats_to_remember


def remember(settings: Settings, snapshot: Snapshot, plan: Plan) -> MemoryUpdate:
    """What the next plan should know after this one.

    Sets that are no longer configured are kept as long as somebody at the vendor holds them.
    """
    held = set(snapshot.target.holdings["set"].unique())
    old = {name: known for name, known in snapshot.memory.sets.items() if name in held}
    read_of = {read.set: read for read in snapshot.directory.reads}
    now = {
        item.name: _known(item, read_of[item.name], snapshot) for item in settings.subscription_sets
    }
    return MemoryUpdate(
        tenant_id=snapshot.directory.tenant_id,
        vendor=snapshot.target.base_url,
        sets=old | now,
        seats=seats_to_remember(snapshot.inventory, plan.seats),
        links=_new_links(settings, snapshot),
        waits=tuple(_waits(snapshot.memory, plan)),
        named=names_to_remember(settings, with_former_names(snapshot)),
        leavers=tuple(_leavers(snapshot, plan).items()),
        held=not (snapshot.target.holdings.empty and snapshot.target.others.empty),
    )


def _waits(memory: Memory, plan: Plan) -> Iterator[tuple[str, str, int]]:
    since = memory.waiting_since()
    for entry in plan.waiting:
        yield entry.user.id, entry.set, entry.since_run
    for operation in plan.operations:
        for name in operation.gained:
            subject = operation.subject.id
            yield subject, name, since.get((subject, name), plan.run)


def _leavers(snapshot: Snapshot, plan: Plan) -> dict[str, datetime]:
    """Since when users are in no group: those in their grace, and others who still hold a seat."""
    target, known = snapshot.target, snapshot.memory.leavers
    holding = target.accounts[is_in(target.accounts["account"], target.holdings["account"])]
    still = is_in(known["id"], holding["externalId"])
    still &= ~is_in(known["id"], snapshot.directory.members["id"])
    rows = np.flatnonzero(still)
    before = dict(zip(cells(known["id"], rows), cells(known["since"], rows), strict=True))
    return before | {grace.user.id: grace.since for grace in plan.graces}


def _known(item: SubscriptionSet, read: GroupRead, snapshot: Snapshot) -> KnownSet:
    """The set with its group in Entra and its groups at the vendor, as they were last seen.

    Entra's is remembered once it was read completely; another one of the same name does not replace
    it unless it is pinned (G7). A vendor may not show groups without members, so its last ids stay.
    """
    before = snapshot.memory.sets.get(item.name, KnownSet(item.products))
    group_id = read.group.id if read.group and read.complete else item.group_id
    if before.group_id and not item.group_id:
        group_id = before.group_id
    vendor_groups = snapshot.target.groups.get(item.name) or before.vendor_groups
    return KnownSet(item.products, item.admin, group_id, vendor_groups)


def _new_links(settings: Settings, snapshot: Snapshot) -> dict[str, str]:
    """Accounts by object id, where only one account has it as externalId and that is not known yet.

    Only for users who are in a set's group and its scope, or hold a set: other accounts may be
    provisioned by another program.
    """
    entitled = snapshot.directory.members["id"][memberships_in_scope(settings, snapshot.directory)]
    accounts, links = snapshot.target.accounts, snapshot.memory.links
    theirs = accounts["externalId"]
    alone = is_in(theirs, snapshot.directory.people["id"]) & ~theirs.duplicated(keep=False)
    alone &= is_in(theirs, entitled) | is_in(
        accounts["account"], snapshot.target.holdings["account"]
    )
    at = locate(theirs, links["id"])
    known = equal(accounts["account"], links["account"].reindex(at))
    fresh = np.flatnonzero(alone & ~known)
    return dict(zip(cells(theirs, fresh), cells(accounts["account"], fresh), strict=True))
