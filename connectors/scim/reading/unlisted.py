"""Accounts that should be in the list of /Users and are not: are they there all the same?"""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.scim.errors import ScimRefused
from connectors.scim.paths import is_active
from connectors.scim.reading.known import Known
from connectors.scim.reading.listing import Resources, read_if_there
from connectors.scim.transport import ScimTransport

MOST_ASKED = 50
"""Members of groups that no list of users has: one who is there proves that the list is cut."""


@dataclass(frozen=True)
class Unlisted:
    """`users` are there; `pending` ids were accepted and are not visible yet.

    `because` says that the list is not whole, or nothing.
    """

    users: Resources = ()
    pending: frozenset[str] = frozenset()
    because: str = ""


def linked_accounts(transport: ScimTransport, listed: Iterable[str], known: Known) -> Unlisted:
    """Of the accounts that are known, those that the list lacks.

    Some vendors leave out of their lists who is deactivated, or who was made just now. Anybody else
    who is there proves that others may be missing as well.
    """
    users, pending = [], set()
    for account in sorted(known.accounts.difference(listed)):
        user = read_if_there(transport, "Users", account)
        if user is None:
            pending |= {account} & known.not_found
        elif is_active(user) is False or account in known.recent:
            users.append(user)
        else:
            return Unlisted(because=_cut(account))
    return Unlisted(tuple(users), frozenset(pending))


def members(transport: ScimTransport, strange: Iterable[str]) -> Unlisted:
    """Of the members of groups, those who are in no list; what is no id may be refused."""
    users = []
    for member in sorted(strange)[:MOST_ASKED]:
        try:
            user = read_if_there(transport, "Users", member)
        except ScimRefused as error:
            if error.throttled:
                raise
            continue
        if user and is_active(user) is not False:
            return Unlisted(because=_cut(member))
        users += [user] if user else []
    return Unlisted(tuple(users))


def _cut(account: str) -> str:
    return f"/Users does not list account {account}, which is there: others may be missing, too"
