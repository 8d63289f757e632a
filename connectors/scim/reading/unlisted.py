"""Asks for accounts that should be in the list of /Users and are not: they may still exist."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from connectors.scim.attribute_paths import Resource, is_active
from connectors.scim.errors import ScimRefused
from connectors.scim.reading.listing import read_if_there
from connectors.scim.reading.previously_seen import Known
from connectors.scim.transport import ScimTransport
from reconciler.columns.table_joins import is_in

MOST_ASKED = 50
"""How many members of groups that are in no list of users are asked for: one that exists proves
that the list is cut.
"""


@dataclass(frozen=True)
class Unlisted:
    """`users` exist; `pending` are ids that were accepted and are not visible yet.

    `because` says why the list is not complete, or is "".
    """

    users: tuple[Resource, ...] = ()
    pending: frozenset[str] = frozenset()
    because: str = ""


def linked_accounts(transport: ScimTransport, listed: "pd.Series[str]", known: Known) -> Unlisted:
    """The known accounts that are missing from the list.

    Some vendors do not list deactivated accounts, or those created just now. Any other account that
    exists proves that more may be missing.
    """
    users, pending = [], set()
    for account in sorted(set(known.accounts[~is_in(known.accounts, listed)])):
        user = read_if_there(transport, "Users", account)
        if user is None:
            pending |= {account} & known.not_found
        elif is_active(user) is False or account in known.recent:
            users.append(user)
        else:
            return Unlisted(because=_cut(account))
    return Unlisted(tuple(users), frozenset(pending))


def members(transport: ScimTransport, strange: Iterable[str]) -> Unlisted:
    """The members of groups that are missing from the list; what is no id may be refused."""
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
