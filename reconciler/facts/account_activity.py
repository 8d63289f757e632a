"""Whether an account is in use, where the vendor does not say so, or says it in its own way."""

import pandas as pd

from reconciler.columns.frames import Codes, Flags, is_false
from reconciler.columns.joins import locate, take
from reconciler.model.snapshot import Memory, Target
from reconciler.model.user_facts import Match


def last_activation_change(ids: "pd.Series[str]", memory: Memory) -> Codes:
    """What was last done here to the account of each user: created, reactivated, deactivated."""
    last = memory.switches["last"].to_numpy(dtype=object)
    return take(last, locate(ids, memory.switches["id"]), "")


def inactive(found: Match, target: Target, last: Codes) -> Flags:
    """Whose account is out of use.

    Where `active` is not shown, what was last done here counts. A new account may be shown as
    inactive until its owner accepts an invitation: that is no case for anybody else.
    """
    active = target.accounts["active"]
    off = take(is_false(active), found.account)
    hidden = take(active.isna().to_numpy(), found.account)
    off = (off & ~invited(found, target, last)) | (hidden & (last == "deactivated"))
    flags: Flags = off
    return flags


def invited(found: Match, target: Target, last: Codes) -> Flags:
    """Whose account was made here and is not in use yet, at a vendor that invites."""
    off = take(is_false(target.accounts["active"]), found.account)
    flags: Flags = off & (last == "created") & target.invites
    return flags
