"""Reads a whole collection, whatever the server thinks of paging."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from connectors.errors import Unreachable
from connectors.scim.capabilities import Capabilities, Feature
from connectors.scim.errors import ScimRefused
from connectors.scim.paths import Resource
from connectors.scim.transport import Json, Transport, resource_path

Query: TypeAlias = Mapping[str, str | int]
Resources: TypeAlias = tuple[Resource, ...]

PAGE = 200
"""Resources asked for at once; servers answer with what they like."""

MOST_PAGES = 20_000
"""Of one collection: four million resources."""

MOST_READINGS = 4
"""Of a collection that changes under the reader."""

# How servers say that they do not know a parameter.
_PARAMETER_UNKNOWN = {400, 500, 501}


@dataclass(frozen=True)
class Listing:
    """The distinct resources of a collection. `because` says why it is not complete, or ""."""

    resources: Resources
    because: str = ""


def read_all(
    transport: Transport,
    can: Capabilities,
    kind: str,
    advance: Callable[[int], None] = lambda _: None,
    query: Query | None = None,
) -> Listing:
    """All pages of ``/Users`` or ``/Groups``, until no new id appears.

    The server's totalResults is believed only as a lower bound: some give the size of the page,
    so a smaller number means nothing, but a larger one than was found means that some are missing.
    Where it changed meanwhile, somebody came or went and pushed others across the pages' borders
    (RFC 7644, section 3.4.2.4, promises no stable pages): everything is read anew.
    """
    wished = {**(query or {}), "count": PAGE}
    for _ in range(MOST_READINGS):
        listing, steady = _read_through(transport, can, kind, advance, wished)
        if steady or not listing.because:
            break
    return listing


def whole(
    transport: Transport, can: Capabilities, kind: str, query: Query | None = None
) -> Resources:
    """A whole collection; who is missing from half a one is not known to be absent.

    Raises:
        Unreachable: fewer came than the server says it has.
    """
    listing = read_all(transport, can, kind, query=query)
    if listing.because:
        raise Unreachable(f"reading {kind}", listing.because)
    return listing.resources


def count_all(transport: Transport, can: Capabilities, kind: str) -> int:
    """How many resources the server claims to have."""
    page, _ = _first_page(transport, can, kind, {"count": 1})
    resources_of(page, kind)
    return _promised(page)


def read_one(transport: Transport, kind: str, resource_id: str) -> Resource:
    """One resource; Unreachable if the answer is not this one, whatever its status says."""
    resource: Resource = transport.get(resource_path(kind, resource_id))
    if str(resource.get("id")) != resource_id:
        raise Unreachable(f"reading /{kind}/{resource_id}", "the answer is something else")
    return resource


def read_if_there(transport: Transport, kind: str, resource_id: str) -> Resource | None:
    """One resource, None if there is none."""
    try:
        return read_one(transport, kind, resource_id)
    except ScimRefused as error:
        # Some servers say 500 for what does not exist (RFC 7644 says 404).
        if error.status == 404 or (error.status == 500 and "not exist" in error.why.lower()):
            return None
        raise


def resources_of(page: Json, kind: str) -> list[Resource]:
    """The resources of a ListResponse (RFC 7644, section 3.4.2).

    Raises:
        Unreachable: it is none. Something else with status 200 does not mean "nobody".
    """
    resources = page.get("Resources") or page.get("resources") or []
    if not isinstance(resources, list) or not page.keys() & {
        "Resources",
        "resources",
        "totalResults",
    }:
        raise Unreachable(f"reading {kind}", "the answer is no list of resources")
    if not all(isinstance(item, dict) and item.get("id") for item in resources):
        raise Unreachable(f"reading {kind}", "a resource has no id")
    return resources


def _read_through(
    transport: Transport,
    can: Capabilities,
    kind: str,
    advance: Callable[[int], None],
    query: Query,
) -> tuple[Listing, bool]:
    """What one reading finds, and whether the server promised the same all the time."""
    page, query = _first_page(transport, can, kind, query)
    found: dict[str, Resource] = {}
    promised: set[int] = set()
    for _ in range(MOST_PAGES):
        new = {str(item["id"]): item for item in resources_of(page, kind)}
        fresh = {key: item for key, item in new.items() if key not in found}
        promised.add(_promised(page))
        found |= fresh
        advance(len(fresh))
        if not fresh:
            missing = len(found) < max(promised)
            because = f"{len(found)} of {max(promised)} {kind} were sent" if missing else ""
            return Listing(tuple(found.values()), because), len(promised) == 1
        page = transport.get(f"/{kind}", {**query, "startIndex": len(found) + 1})
    raise Unreachable(f"reading {kind}", "the pages have no end")


def _first_page(
    transport: Transport, can: Capabilities, kind: str, query: Query
) -> tuple[Json, Query]:
    """The page, and the part of the query that the server bears."""
    if can.may(Feature.COUNT):
        try:
            return transport.get(f"/{kind}", {**query, "startIndex": 1}), query
        except ScimRefused as error:
            if error.status not in _PARAMETER_UNKNOWN:
                raise
    page = transport.get(f"/{kind}", {"startIndex": 1})
    can.learn(Feature.COUNT, works=False)  # what failed with parameters goes without them
    return page, {}


def _promised(page: Json) -> int:
    try:
        return int(str(page.get("totalResults")))
    except ValueError:
        return 0
