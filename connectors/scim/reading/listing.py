"""Reads a whole collection, and says whether it is proven to be complete."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from connectors.errors import Unreachable
from connectors.scim.attribute_paths import Resource
from connectors.scim.errors import ScimRefused
from connectors.scim.reading.paging import (
    Advance,
    C,
    CollectionReading,
    Pages,
    Query,
    promised,
    resources_of,
)
from connectors.scim.service_provider_config import claimed_features
from connectors.scim.transport import ScimTransport, resource_path
from reconciler.model.capabilities import Capabilities, Feature

MOST_READINGS = 4
"""Attempts to read a collection that changes meanwhile."""

MOST_UNITED = 8
"""Readings that are united where a server keeps no order between its pages."""

SORTED = {"sortBy": "id"}

LIKELY_LIMITS = {10, 20, 25}
"""Numbers at which servers cut a list, beside every multiple of 50."""


@dataclass(frozen=True)
class Listing(Generic[C]):
    """What is kept of a collection. `because` says why it is not complete, or ""."""

    kept: C
    because: str = ""


def read_all(
    transport: ScimTransport,
    can: Capabilities,
    kind: str,
    begin: Callable[[], C],
    advance: Advance = lambda _: None,
    query: Query | None = None,
) -> Listing[C]:
    """All of ``/Users`` or ``/Groups``; complete only if that is proven.

    `begin` makes what shall be kept of it, anew whenever the list is read anew.

    The proof is an empty page, the last cursor, or as many resources as a totalResults that is not
    that of the page. If the total changes meanwhile, resources may have moved between pages (RFC
    7644, section 3.4.2.4, promises no stable pages), and everything is read again. If a server
    keeps no order, several readings are united.
    """
    if Feature.CURSOR not in can.known:
        can.heed(claimed_features(transport))
    desired = query or {}

    def start() -> CollectionReading[C]:
        return CollectionReading(begin())

    for _ in range(MOST_READINGS):
        pages = Pages(transport, can, kind, desired)
        reading = pages.read(start, advance)
        if reading.disordered and can.surely(Feature.SORT) and "sortBy" not in desired:
            desired = {**desired, **SORTED}
        elif reading.disordered:
            _unite(pages, reading, advance)
            break
        elif len(reading.promised) <= 1 or not _why_partial(reading, kind):
            break
    because = _why_partial(reading, kind) or _why_unproven(pages, can, reading, kind)
    if because and not reading.ended and not can.surely(Feature.CURSOR) and pages.has_cursors():
        reading = pages.read(start, advance)
        because = _why_partial(reading, kind)
    return Listing(reading.kept, because)


def whole(
    transport: ScimTransport,
    can: Capabilities,
    kind: str,
    begin: Callable[[], C],
    query: Query | None = None,
) -> C:
    """What is kept of a whole collection: absence from an incomplete one would prove nothing.

    Raises:
        Unreachable: it is not complete.
    """
    listing = read_all(transport, can, kind, begin, query=query)
    if listing.because:
        raise Unreachable(f"reading {kind}", listing.because)
    return listing.kept


def count_all(transport: ScimTransport, can: Capabilities, kind: str) -> int:
    """How many resources the server claims to have."""
    page = Pages(transport, can, kind, {}).first()
    resources_of(page, kind)
    return promised(page) or 0


def read_one(transport: ScimTransport, kind: str, resource_id: str) -> Resource:
    """One resource; raises Unreachable if the answer is another one, whatever its status."""
    resource: Resource = transport.get(resource_path(kind, resource_id))
    if str(resource.get("id")) != resource_id:
        raise Unreachable(f"reading /{kind}/{resource_id}", "the answer is something else")
    return resource


def read_if_there(transport: ScimTransport, kind: str, resource_id: str) -> Resource | None:
    """One resource, None if there is none."""
    try:
        return read_one(transport, kind, resource_id)
    except ScimRefused as error:
        # Some servers say 500 for what does not exist (RFC 7644 says 404).
        if error.status == 404 or (error.status == 500 and "not exist" in error.why.lower()):
            return None
        raise


def _unite(pages: Pages, reading: CollectionReading[C], advance: Advance) -> None:
    """Adds further readings, until two in succession bring nothing new."""
    quiet = 0
    for _ in range(MOST_UNITED):
        before = len(reading.found)
        again = pages.read(reading.another, advance)
        quiet = quiet + 1 if len(reading.found) == before else 0
        reading.promised |= again.promised
        if quiet == 2:
            break


def _why_partial(reading: CollectionReading[C], kind: str) -> str:
    """Why resources are certainly missing, or ""."""
    found, total = len(reading.found), max(reading.promised, default=0)
    if found >= total:
        return ""
    ended = ", and it says that there are no more: its total counts what it does not show"
    return f"{found} of {total} {kind} were sent{ended if reading.ended else ''}"


def _why_unproven(pages: Pages, can: Capabilities, reading: CollectionReading[C], kind: str) -> str:
    """Why resources may be missing, or ""; the last page repeated an earlier one."""
    found, total = len(reading.found), max(reading.promised, default=0)
    if reading.ended or found == 1 or can.surely(Feature.TOTAL):
        return ""
    if found == total and reading.largest < total:
        return ""
    if found == total and _stands_beside_one(pages, found):
        can.learn(Feature.TOTAL, works=True)
        return ""
    return (
        f"the server sends the same {kind} whichever page is asked for, and its total is that of "
        f"the page: there may be more than these {found}"
    )


def _stands_beside_one(pages: Pages, found: int) -> bool:
    """Whether the total is the same if a page of one resource is asked for.

    A server that sends all of them again may have a limit: then a round number proves nothing.
    """
    total, sent = pages.total_beside_one()
    return total == found and (sent < found or not (found % 50 == 0 or found in LIKELY_LIMITS))
