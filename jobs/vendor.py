"""The vendor at work for a run: with what earlier runs have seen of its server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from connectors.errors import ConnectorError, NoCredential, Unauthorized
from connectors.scim.capabilities import Capabilities
from connectors.scim.client import Scim
from connectors.scim.errors import ScimRefused
from connectors.store.capabilities import keep_capabilities, known_capabilities
from connectors.store.errors import StoreError
from jobs.context import Context
from reconciler.model.plan import Finding
from reconciler.situations import RUN, finding

FORBIDDEN = 403

# How servers answer that they have no such collection at all.
_NONE_SUCH = {404, 405, 501}


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


def unreadable(error: ConnectorError) -> Finding:
    """Why the vendor could not be read, as a situation: its token (T2, T3), its patience (P9), R3.

    Of the vendor's own errors, and of no others.
    """
    if isinstance(error, NoCredential):
        return finding("T2", RUN, why=f"The vendor's API token cannot be used: {error.why}.")
    if isinstance(error, Unauthorized):
        return finding("T2", RUN, why=f"The vendor refused the API token ({error}).")
    if isinstance(error, ScimRefused) and error.throttled:
        return finding("P9", RUN, why=error, so_far="nothing was planned or changed")
    if isinstance(error, ScimRefused) and error.status == FORBIDDEN:
        return finding("T3", RUN, why=error)
    return finding("R3", RUN, why=why_unread(error))


def why_unread(error: ConnectorError) -> str:
    """What the vendor said, and what a server without groups is to be told about."""
    refused = isinstance(error, ScimRefused) and error.status in _NONE_SUCH
    if refused and error.what.startswith("GET /Groups at "):
        return (
            f"{error}; where a vendor has no groups, `vendor.membership` says which attribute of "
            "the user holds the set"
        )
    return str(error)
