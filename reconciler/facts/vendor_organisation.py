"""Whether the vendor shows the organisation that the store knows, by accounts and groups (T7).

One address may serve many organisations, and only the token says which. In another one all known
accounts are missing, and every user would get a new one.
"""

import pandas as pd

from reconciler.columns import frames
from reconciler.columns.table_joins import is_in
from reconciler.model.snapshot import Memory, Snapshot

FINGERPRINT = 3
"""From so many known accounts on, all of them missing means another organisation."""


def unknown_organisation(snapshot: Snapshot) -> str:
    """Why this seems to be another organisation, or "".

    Fewer known accounts than `FINGERPRINT` may all have been deleted; then the sets' groups must be
    others as well.
    """
    target, memory = snapshot.target, snapshot.memory
    accounts = _known_accounts(memory)
    for some in (accounts[:FINGERPRINT], accounts):  # nearly always a few are enough
        if is_in(target.accounts["account"], some).any():
            return ""
    groups = {at for known in memory.sets.values() for at in known.vendor_groups}
    present = {at for ids in target.groups.values() for at in ids}
    other_groups = groups and not groups & present
    if not len(accounts) or (len(accounts) < FINGERPRINT and not other_groups):
        return ""
    groups_too = " and none of the sets' groups" if other_groups else ""
    return (
        f"The vendor at {target.base_url} shows none of the accounts ({len(accounts)}){groups_too} "
        "that this store knows: it is another organisation, or all were deleted there."
    )


def _known_accounts(memory: Memory) -> "pd.Series[str]":
    """Linked accounts, without those that were deactivated: these may be deleted afterwards."""
    links, changes = memory.links, memory.activations
    deactivated = changes["id"][frames.is_text(changes["last"], "deactivated")]
    return links["account"][~is_in(links["id"], deactivated)]
