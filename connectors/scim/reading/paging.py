"""Reads a collection once: page by page, by index or by cursor, until the server ends."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeAlias, TypeVar

from connectors.errors import Unreachable
from connectors.id_validation import is_resource_id
from connectors.scim.attribute_paths import Resource
from connectors.scim.errors import ScimRefused
from connectors.scim.transport import Json, ScimTransport
from reconciler.model.capabilities import Capabilities, Feature

Query: TypeAlias = Mapping[str, str | int]
Advance: TypeAlias = Callable[[int], None]

PAGE_SIZES = (200, 100, 20)
"""Sizes of pages to ask for: the next one if a size is refused; servers may send fewer or more."""

MOST_PAGES = 20_000
"""Pages of one collection: four million resources."""

EXPIRED = "expiredCursor"
"""The scimType of a cursor that has expired (RFC 9865, section 2): the list begins anew."""

# Statuses by which servers refuse a parameter, or its value.
_PARAMETER_REFUSED = {400, 422, 500, 501}


class Collection(Protocol):
    """What is kept of a collection."""

    def add(self, resources: Sequence[Resource], /) -> None:
        """Adds some of its resources, each of which comes only once."""


C = TypeVar("C", bound=Collection)


class CollectionReading(Generic[C]):
    """What one reading found: ids, and in `kept` what is kept of the resources.

    promised    the totalResults that the server sent
    ended       an empty page or the last cursor said that there are no more
    disordered  a page had resources of an earlier one beside new ones
    largest     the number of resources in the largest page
    """

    def __init__(self, kept: C, kept_ids: set[str] | None = None) -> None:
        self.found: set[str] = set()
        self.promised: set[int] = set()
        self.ended = self.disordered = False
        self.largest = 0
        self.kept = kept
        self._kept_ids = self.found if kept_ids is None else kept_ids

    def another(self) -> "CollectionReading[C]":
        """A further reading, which adds what it finds beside this one's to the same `kept`."""
        return CollectionReading(self.kept, self.found)

    def take(self, resources: Sequence[Resource], total: int | None) -> int:
        """Adds a page and its totalResults; how many of its resources were not found before."""
        sent = {str(item["id"]): item for item in resources}
        fresh = len(sent.keys() - self.found)
        self.kept.add([item for key, item in sent.items() if key not in self._kept_ids])
        self.found.update(sent)
        self._kept_ids.update(sent)
        self.disordered |= 0 < fresh < len(sent)
        self.largest = max(self.largest, len(sent))
        if total is not None:
            self.promised.add(total)
        return fresh


Begin: TypeAlias = Callable[[], CollectionReading[C]]
"""Begins a reading: the list may have to be read anew."""


class Pages:
    """The pages of ``/Users`` or ``/Groups``, asked for in the ways that this server accepts."""

    def __init__(
        self, transport: ScimTransport, can: Capabilities, kind: str, query: Query
    ) -> None:
        self._transport = transport
        self._can = can
        self._kind = kind
        self._query = query

    def read(self, begin: Begin[C], advance: Advance) -> CollectionReading[C]:
        """All pages, by cursors if the server has them."""
        if self._can.surely(Feature.CURSOR):
            try:
                return self._by_cursor(begin(), advance)
            except ScimRefused as error:
                if error.scim_type == EXPIRED:
                    return self._by_cursor(begin(), advance)
                if error.status not in _PARAMETER_REFUSED:
                    raise
                self._can.learn(Feature.CURSOR, works=False)  # it claims more than it has
        reading = self._by_number(begin(), advance)
        return self._by_number(begin(), advance) if self._begins_at_zero(reading) else reading

    def first(self, where: Query | None = None) -> Json:
        """The first page, by index if `where` does not say otherwise. Parameters that the server
        refuses are not sent again.
        """
        where = where or self._start()
        for size in PAGE_SIZES:
            if not self._can.may(_of_size(size)):
                continue
            desired = {**self._query, "count": size}
            try:
                page = self._transport.get(f"/{self._kind}", {**desired, **where})
            except ScimRefused as error:
                if error.status not in _PARAMETER_REFUSED:
                    raise
            else:
                self._refused_above(size)
                self._query = desired
                return page
        page = self._transport.get(f"/{self._kind}", where)
        self._refused_above(0)  # it failed with parameters, and works without them
        self._query = {}
        return page

    def has_cursors(self) -> bool:
        """Whether it has cursors and did not say so: a page of one resource has a next cursor."""
        try:
            page = self._next({"cursor": "", **self._one()})
        except ScimRefused:
            return False
        works = bool(page.get("nextCursor"))
        self._can.learn(Feature.CURSOR, works=works)
        return works

    def total_beside_one(self) -> tuple[int | None, int]:
        """The totalResults of a page of one resource, and how many resources it really has."""
        page = self._next({**self._start(), **self._one()})
        return promised(page), len(resources_of(page, self._kind))

    def _by_cursor(self, reading: CollectionReading[C], advance: Advance) -> CollectionReading[C]:
        """From the first page on (RFC 9865, section 2: an empty cursor asks for it)."""
        page = self.first({"cursor": ""})
        advance(self._take(page, reading))
        self._follow(reading, page, advance)
        return reading

    def _by_number(self, reading: CollectionReading[C], advance: Advance) -> CollectionReading[C]:
        """Until a page brings nothing new (RFC 7644, section 3.4.2.4)."""
        page = self.first()
        for _ in range(MOST_PAGES):
            fresh = self._take(page, reading)
            advance(fresh)
            if page.get("nextCursor"):
                self._can.learn(Feature.CURSOR, works=True)
                self._follow(reading, page, advance)
                return reading
            if not fresh:
                reading.ended = not resources_of(page, self._kind)
                return reading
            page = self._next(self._start(len(reading.found)))
        raise self._endless()

    def _take(self, page: Json, reading: CollectionReading[C]) -> int:
        """How many were not found before; raises Unreachable if this run has seen too many."""
        resources = resources_of(page, self._kind)
        self._transport.listed(len(resources))
        return reading.take(resources, promised(page))

    def _begins_at_zero(self, reading: CollectionReading[C]) -> bool:
        """Whether one resource is missing because this server's first index is 0."""
        missing = max(reading.promised, default=0) - len(reading.found)
        if missing != 1 or Feature.FROM_ONE in self._can.known:
            return False
        listed = resources_of(self._next({"startIndex": 0}), self._kind)
        before = any(str(item["id"]) not in reading.found for item in listed)
        self._can.learn(Feature.FROM_ONE, works=not before)
        return before

    def _follow(self, reading: CollectionReading[C], page: Json, advance: Advance) -> None:
        """Reads the pages after this one, up to the last, which has no nextCursor."""
        used: set[str] = set()
        while cursor := str(page.get("nextCursor") or ""):
            if cursor in used or len(used) > MOST_PAGES:
                raise self._endless()
            used.add(cursor)
            page = self._next({"cursor": cursor})
            advance(self._take(page, reading))
        reading.ended = True

    def _start(self, after: int = 0) -> Query:
        return {"startIndex": after + self._can.may(Feature.FROM_ONE)}

    def _one(self) -> Query:
        """A page of one resource, unless the server refuses all sizes of pages."""
        return {"count": 1} if "count" in self._query else {}

    def _next(self, where: Query) -> Json:
        return self._transport.get(f"/{self._kind}", {**self._query, **where})

    def _refused_above(self, size: int) -> None:
        for larger in PAGE_SIZES:
            if larger > size:
                self._can.learn(_of_size(larger), works=False)

    def _endless(self) -> Unreachable:
        return Unreachable(f"reading {self._kind}", "the pages have no end")


def resources_of(page: Json, kind: str) -> list[Resource]:
    """The resources of a ListResponse (RFC 7644, section 3.4.2).

    Raises:
        Unreachable: it is no ListResponse, which must not be taken for an empty one.
    """
    resources = page.get("Resources") or page.get("resources") or []
    if not isinstance(resources, list) or not page.keys() & {
        "Resources",
        "resources",
        "totalResults",
    }:
        raise Unreachable(f"reading {kind}", "the answer is no list of resources")
    if not all(isinstance(item, dict) and is_resource_id(item.get("id")) for item in resources):
        raise Unreachable(f"reading {kind}", "a resource has no usable id")
    return resources


def promised(page: Json) -> int | None:
    """The page's totalResults, None if it has none."""
    try:
        return int(str(page.get("totalResults")))
    except ValueError:
        return None


def _of_size(size: int) -> str:
    return f"count={size}"
