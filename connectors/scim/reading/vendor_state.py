"""Reads the vendor: every account, and who holds the sets or is in its other groups."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from connectors.scim.attribute_paths import Resource, external_id, is_active, pick
from connectors.scim.membership.protocol import Membership
from connectors.scim.reading.account_index import AccountIndex
from connectors.scim.reading.listing import Listing, Resources
from connectors.scim.reading.previously_seen import Known
from connectors.scim.reading.unlisted import linked_accounts, members
from connectors.scim.transport import ScimTransport
from reconciler.columns import frames
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.snapshot import Target


def read_target(
    transport: ScimTransport,
    can: Capabilities,
    membership: Membership,
    users: Listing,
    index: AccountIndex,
    base_url: str,
    sets: Collection[str],
    paths: Sequence[str],
    known: Known,
) -> Target:
    """The vendor's accounts and holdings; `complete` only if it is proven that all were read.

    `index` has the listed `users`, and gets those that are known and not listed.

    Raises:
        Unauthorized, ScimRefused, Unreachable: the sets cannot be listed.
    """
    linked = linked_accounts(transport, _ids(users.resources), known)
    everybody = (*users.resources, *linked.users)
    for user in linked.users:
        index.add(user)
    held = membership.held(everybody, sets, known)
    strange = {account for _, account in held.holdings} - _ids(everybody)
    met = members(transport, strange)
    everybody = (*everybody, *met.users)
    nobody = strange - _ids(met.users)
    because = users.because or linked.because or held.because or met.because
    _learn_about_external_ids(can, everybody)
    return Target(
        base_url=base_url,
        groups=held.groups,
        accounts=_accounts(everybody, paths),
        holdings=_holdings(held.holdings),
        others=_holdings(held.others),
        unread=held.unread,
        complete=not because,
        because=because,
        vendor_names=held.vendor_names,
        unknown_members=Counter(name for name, account in held.holdings if account in nobody),
        pending=linked.pending.union(held.pending),
        hidden=can.hidden,
        hiding_members=frozenset(held.hiding_members),
        shows_external_id=can.may(Feature.EXTERNAL_ID) and can.may(Feature.LINK),
    )


def _ids(users: Resources) -> set[str]:
    return {str(user["id"]) for user in users}


def _learn_about_external_ids(can: Capabilities, users: Resources) -> None:
    if users:
        can.learn(Feature.EXTERNAL_ID, works=any(map(external_id, users)))


def _holdings(pairs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    return frames.frame(frames.HOLDINGS, ({"set": name, "account": at} for name, at in pairs))


def _accounts(users: Sequence[Resource], paths: Sequence[str]) -> pd.DataFrame:
    columns = dict.fromkeys(["userName", "externalId", *(p for p in paths if p != "active")])
    return pd.DataFrame(
        {
            "account": frames.column((str(user["id"]) for user in users), frames.TEXT),
            **{
                path: frames.column([_said(user, path) for user in users], frames.TEXT)
                for path in columns
            },
            "active": frames.column(map(is_active, users), frames.FLAG),
        }
    )


def _said(user: Resource, path: str) -> str | None:
    return external_id(user) if path == "externalId" else pick(user, path)
