"""Whether a group shows all its members, and how to find one that it does not show.

AWS IAM Identity Center shows none (its GetGroup page); other servers show the first hundred.
"""

from contextlib import suppress

from connectors.errors import CounterpartError
from connectors.scim.filters import equals
from connectors.scim.reading.listing import read_if_there
from connectors.scim.reading.paging import resources_of
from connectors.scim.transport import ScimTransport
from reconciler.model.account import Members
from reconciler.model.capabilities import Capabilities, Feature

USUAL = 50
"""Servers cut the list of a group's members at a multiple of this, if nothing else was seen."""

_SEEN = "members shown: "
"""Prefix of the most members that a group of this server showed while it had more."""

NOBODY = "00000000-0000-4000-8000-000000000000"
"""An id that no account has: a server that finds it in a group finds everybody."""


def hides(can: Capabilities, members: int) -> bool:
    """Whether a group that shows so many members may have more, by what was seen of the server."""
    if can.may(Feature.MEMBERS):
        return False
    return members % USUAL == 0 or any(members >= most for most in _seen(can))


def learn_from_absence(
    transport: ScimTransport, can: Capabilities, group: str, members: Members, account: str
) -> None:
    """Learns from an account that was accepted into a group but is not among these `members`.

    The server shows only some members if it says in another way that the account is in the group;
    or if it cannot be asked, and the number of members is one at which servers cut.
    """
    said = _is_said_to_be_in(transport, group, members, account)
    if said or (said is None and members and len(members) % USUAL == 0):
        can.learn(Feature.MEMBERS, works=False)
        can.learn(f"{_SEEN}{len(members)}", works=True)


def learn_from_size(can: Capabilities, largest: int) -> None:
    """Learns that a group shows so many members, so that no smaller limit exists."""
    limits = _seen(can)
    for most in limits:
        can.learn(f"{_SEEN}{most}", works=most >= largest)
    if limits and max(limits) < largest:
        can.learn(Feature.MEMBERS, works=True)


def _seen(can: Capabilities) -> list[int]:
    return [
        int(feature.removeprefix(_SEEN))
        for feature, works in can.known.items()
        if works and feature.startswith(_SEEN)
    ]


def _is_said_to_be_in(
    transport: ScimTransport, group: str, members: Members, account: str
) -> bool | None:
    """The answer of `_is_in`; None if it cannot be asked."""
    with suppress(CounterpartError):
        return _is_in(transport, group, members, account)
    return None


def _is_in(transport: ScimTransport, group: str, members: Members, account: str) -> bool | None:
    """By the account's ``groups`` (RFC 7643, section 4.1.2), or by a filter of groups.

    If the filter does not find the account, that counts only if it finds a certain member.
    """
    user = read_if_there(transport, "Users", account) or {}
    groups = user.get("groups")
    named = groups if isinstance(groups, list) else []
    if any(isinstance(entry, dict) and entry.get("value") == group for entry in named):
        return True
    if _found(transport, group, account):
        return True if not _found(transport, group, NOBODY) else None
    shown = next(iter(members), None)
    return False if shown and _found(transport, group, shown) else None


def _found(transport: ScimTransport, group: str, account: str) -> bool:
    wanted = f"{equals('id', group)} and {equals('members', account)}"
    page = transport.get("/Groups", {"filter": wanted})
    return [str(found["id"]) for found in resources_of(page, "Groups")] == [group]
