"""The vendor at work for a run: with what earlier runs have seen of its server."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import pandas as pd

from config.vendor import VendorSettings
from connectors.scim.client import Scim
from connectors.scim.reading.previously_seen import Known
from connectors.store.errors import StoreError
from jobs.context import Context
from reconciler.columns.table_joins import is_in
from reconciler.facts.remembered_links import with_granted, with_links
from reconciler.history import granted
from reconciler.model.capabilities import Capabilities, Feature, believed
from reconciler.model.snapshot import Directory, Memory, Target


@contextmanager
def vendor_of(context: Context, objection: Callable[[], str] = lambda: "") -> Iterator[Scim]:
    """A client, open; what it learned is kept, however the run ends, unless it cannot be.

    `objection` is asked before every write, as by `Scim`.
    """
    settings, store = context.settings, context.store
    url = settings.vendor.base_url
    with store.transaction() as tx:
        known = believed(tx.capabilities.of(url), context.clock())
    can = capabilities_of(settings.vendor, known)
    paths = settings.attribute_mapping.targets
    try:
        shared = store.shared_rate if settings.in_fleet else None
        with Scim(
            settings.vendor, paths, can=can, objection=objection, shared_rate=shared
        ) as vendor:
            yield vendor
    finally:
        learned = {what: works for what, works in can.known.items() if known.get(what) != works}
        if learned:
            with suppress(StoreError), store.transaction() as tx:  # it is only found out again
                tx.capabilities.save(url, learned, context.clock())


def capabilities_of(vendor: VendorSettings, known: Mapping[str, bool]) -> Capabilities:
    """What is `known` of the vendor's server, and what the configuration says of it."""
    can = Capabilities(known)
    if not vendor.shows_members:
        can.learn(Feature.MEMBERS, works=False)
    return can


def known_at_vendor(memory: Memory, users: "pd.Series[str]") -> Known:
    """What earlier runs made or met: the groups of sets, and the accounts of these users."""
    links = memory.links
    return Known(
        accounts=links.loc[is_in(links["id"], users), "account"],
        groups={name: known.vendor_groups for name, known in memory.sets.items()},
        vendor_names={name: known.vendor_name for name, known in memory.sets.items()},
        recent=memory.recent,
        not_found=memory.not_found,
    )


def as_remembered(context: Context, directory: Directory, target: Target, memory: Memory) -> Target:
    """The vendor with what only the store knows of it, where the vendor does not show it."""
    mapping, links = context.settings.attribute_mapping, memory.links
    target = with_links(mapping, directory, target, links)
    if not target.hiding_members:
        return target
    with context.store.transaction() as tx:
        done = tx.journal.done()
    return with_granted(target, granted(done), links)
