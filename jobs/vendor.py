"""The vendor at work for a run: with what earlier runs have seen of its server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from connectors.scim.capabilities import Capabilities
from connectors.scim.client import Scim
from connectors.store.capabilities import keep_capabilities, known_capabilities
from connectors.store.errors import StoreError
from jobs.context import Context


@contextmanager
def vendor_of(context: Context, objection: Callable[[], str] = lambda: "") -> Iterator[Scim]:
    """A client, open; what it learned is kept, however the run ends, unless it cannot be.

    `objection` is asked before every write, as by `Scim`.
    """
    settings, store = context.settings, context.store
    url = settings.vendor.base_url
    known = known_capabilities(store, url, context.clock())
    can = Capabilities(known)
    paths = settings.attribute_mapping.targets
    try:
        with Scim(settings.vendor, paths, can=can, objection=objection) as vendor:
            yield vendor
    finally:
        learned = {what: works for what, works in can.known.items() if known.get(what) != works}
        with suppress(StoreError):  # it is only found out again
            if learned:
                keep_capabilities(store, url, learned, context.clock())
