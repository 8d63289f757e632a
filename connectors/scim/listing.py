"""Reads a whole collection, whatever the server thinks of paging."""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.scim.paths import Resource
from connectors.scim.transport import Transport

PAGE = 200
"""Resources asked for at once; servers answer with what they like."""


@dataclass(frozen=True)
class Listing:
    """The distinct resources of a collection. `because` says why it is not complete, or ""."""

    resources: tuple[Resource, ...]
    because: str = ""


def read_all(
    transport: Transport,
    kind: str,
    advance: Callable[[int], None],
    query: dict[str, str | int] | None = None,
) -> Listing:
    """All pages of ``/Users`` or ``/Groups``, until no new id appears.

    The server's totalResults is believed only as a lower bound: some give the size of the page,
    so a smaller number means nothing, but a larger one than was found means that some are missing.
    """
    found: dict[str, Resource] = {}
    promised = 0
    while True:
        page = transport.get(
            f"/{kind}", {**(query or {}), "startIndex": len(found) + 1, "count": PAGE}
        )
        resources = page.get("Resources") or page.get("resources") or []
        new = {str(item["id"]): item for item in resources if item.get("id")}
        fresh = {key: item for key, item in new.items() if key not in found}
        promised = max(promised, _number(page.get("totalResults")))
        found |= fresh
        advance(len(fresh))
        if not fresh:
            break
    because = f"{len(found)} of {promised} {kind} were sent" if len(found) < promised else ""
    return Listing(tuple(found.values()), because)


def _number(text: object) -> int:
    try:
        return int(str(text))
    except ValueError:
        return 0
