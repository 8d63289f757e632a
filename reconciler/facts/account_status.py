"""Whether an account is in use, also where the vendor does not show it or invites new users."""

import pandas as pd

from reconciler.columns.frames import Codes, Flags, is_false
from reconciler.columns.table_joins import locate, take
from reconciler.model.snapshot import Memory, Target
from reconciler.model.user_facts import Match


def last_activation_change(ids: "pd.Series[str]", memory: Memory) -> Codes:
    """The last change from here of each user's account: created, reactivated, deactivated, ""."""
    last = memory.activations["last"].to_numpy(dtype=object)
    return take(last, locate(ids, memory.activations["id"]), "")


def inactive(found: Match, target: Target, last: Codes) -> Flags:
    """Whose account is not in use.

    Where `active` is not shown, the last change from here counts. A new account that is not active
    because its owner has not yet accepted an invitation counts as in use.
    """
    active = target.accounts["active"]
    shown_inactive = take(is_false(active), found.account)
    not_shown = take(active.isna().to_numpy(), found.account)
    off: Flags = shown_inactive & ~invited(found, target, last)
    off |= not_shown & (last == "deactivated")
    return off


def invited(found: Match, target: Target, last: Codes) -> Flags:
    """Whose account was made here and is not active yet, at a vendor that invites."""
    inactive = take(is_false(target.accounts["active"]), found.account)
    awaited: Flags = inactive & (last == "created") & target.invites
    return awaited
