"""Whether a group shows all of its members, and who is in it where it does not.

AWS IAM Identity Center shows none (its GetGroup page); other servers show the first hundred.
"""

from contextlib import suppress

from connectors.errors import ConnectorError
from connectors.scim.capabilities import Capabilities, Feature
from connectors.scim.listing import read_if_there
from connectors.scim.membership import Members
from connectors.scim.paging import resources_of
from connectors.scim.patch import equals
from connectors.scim.transport import Transport

USUAL = 50
"""Servers cut the list of a group's members at a multiple of this, where nothing else was seen."""

_SEEN = "members shown: "
"""Before the most members that a group of this server showed, while others were in it."""

NOBODY = "00000000-0000-4000-8000-000000000000"
"""An id that no account has: a server that finds it in a group finds everybody."""


def hides(can: Capabilities, members: Members) -> bool:
    """Whether others may be in a group that shows these, at a server that was seen to hide some."""
    if can.may(Feature.MEMBERS):
        return False
    seen = [int(key.removeprefix(_SEEN)) for key in can.known if key.startswith(_SEEN)]
    return len(members) % USUAL == 0 or any(len(members) >= most for most in seen)


def learn_from_absence(
    transport: Transport, can: Capabilities, group: str, members: Members, account: str
) -> None:
    """An account was accepted into a group, which does not show it among these `members`.

    That is a server which shows only some, if their number is a limit, or if another question says
    that the account is in there.
    """
    cut = bool(members) and len(members) % USUAL == 0
    if cut or _is_said_to_be_in(transport, group, account):
        can.learn(Feature.MEMBERS, works=False)
        can.learn(f"{_SEEN}{len(members)}", works=True)


def _is_said_to_be_in(transport: Transport, group: str, account: str) -> bool:
    """What cannot be asked says nothing."""
    with suppress(ConnectorError):
        return _is_in(transport, group, account)
    return False


def _is_in(transport: Transport, group: str, account: str) -> bool:
    """By the account's ``groups`` (RFC 7643, section 4.1.2), or by a filter of groups."""
    user = read_if_there(transport, "Users", account) or {}
    groups = user.get("groups")
    named = groups if isinstance(groups, list) else []
    if any(isinstance(entry, dict) and entry.get("value") == group for entry in named):
        return True
    return _found(transport, group, account) and not _found(transport, group, NOBODY)


def _found(transport: Transport, group: str, account: str) -> bool:
    wanted = f"{equals('id', group)} and {equals('members', account)}"
    page = transport.get("/Groups", {"filter": wanted})
    return [str(found["id"]) for found in resources_of(page, "Groups")] == [group]
