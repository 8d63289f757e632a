"""Whether the vendor is the organisation that the store knows, by its accounts and groups (T7).

Behind one address there may be many, and the token alone says which. In another one nothing is
there that was there before, and everybody would be given an account anew.
"""

import pandas as pd

from reconciler.columns import frames
from reconciler.columns.joins import is_in
from reconciler.model.snapshot import Memory, Snapshot

FINGERPRINT = 3
"""Accounts that are gone together are the mark of another organisation, from so many on."""


def unknown_organisation(snapshot: Snapshot) -> str:
    """What speaks against this organisation, or "".

    Of fewer accounts than `FINGERPRINT` all may have been deleted, but then the sets' groups are
    still the same ones.
    """
    target, memory = snapshot.target, snapshot.memory
    accounts = _known_accounts(memory)
    if is_in(accounts, target.accounts["account"]).any():
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
    """Without those that were deactivated: these may be deleted afterwards."""
    links, switches = memory.links, memory.switches
    deactivated = switches["id"][frames.says(switches["last"], "deactivated")]
    return links["account"][~is_in(links["id"], deactivated)]
