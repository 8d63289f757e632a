"""Reads the vendor: every account, and who holds the sets or is in its other groups."""

from collections import Counter
from collections.abc import Collection, Sequence

from connectors.arrow_frame import frame_of
from connectors.scim.membership.protocol import Membership
from connectors.scim.reading.account_columns import EXTERNAL_ID, AccountColumns
from connectors.scim.reading.listing import Listing
from connectors.scim.reading.previously_seen import Known
from connectors.scim.reading.unlisted import linked_accounts, members
from connectors.scim.transport import ScimTransport
from reconciler.columns.table_joins import is_in
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.snapshot import Target


def read_target(
    transport: ScimTransport,
    can: Capabilities,
    membership: Membership,
    users: Listing[AccountColumns],
    base_url: str,
    sets: Collection[str],
    paths: Sequence[str],
    known: Known,
) -> Target:
    """The vendor's accounts and holdings; `complete` only if it is proven that all were read.

    The accounts that are known and not listed are added to the `users`.

    Raises:
        Unauthorized, ScimRefused, Unreachable: the sets cannot be listed.
    """
    accounts = users.kept
    linked = linked_accounts(transport, accounts.ids, known)
    accounts.add(linked.users)
    held = membership.held(accounts, sets, known)
    holdings = frame_of(held.holdings)
    strange = holdings[~is_in(holdings["account"], accounts.ids)]
    met = members(transport, set(strange["account"]))
    accounts.add(met.users)
    nobody = strange[~is_in(strange["account"], accounts.ids)]
    because = users.because or linked.because or held.because or met.because
    _learn_about_external_ids(can, accounts)
    return Target(
        base_url=base_url,
        groups=held.groups,
        accounts=accounts.frame(paths),
        holdings=holdings,
        others=frame_of(held.others),
        unread=held.unread,
        complete=not because,
        because=because,
        vendor_names=held.vendor_names,
        unknown_members=Counter(nobody["set"]),
        pending=linked.pending.union(held.pending),
        hidden=can.hidden,
        hiding_members=frozenset(held.hiding_members),
        shows_external_id=can.may(Feature.EXTERNAL_ID) and can.may(Feature.LINK),
    )


def _learn_about_external_ids(can: Capabilities, accounts: AccountColumns) -> None:
    external_ids = accounts[EXTERNAL_ID]
    if len(external_ids):
        can.learn(Feature.EXTERNAL_ID, works=external_ids.null_count < len(external_ids))
