"""Whether an account is in use, where the vendor does not say so, or says it in its own way."""

import numpy as np
import pandas as pd

from reconciler.columns.frames import Codes, Flags, is_false
from reconciler.columns.joins import NOWHERE, locate
from reconciler.model.snapshot import Memory, Target
from reconciler.model.user_facts import Match


def last_switched(ids: "pd.Series[str]", memory: Memory) -> Codes:
    """What was last done here to the account of each user: created, reactivated, deactivated."""
    last = np.append(memory.switches["last"].to_numpy(dtype=object), "")
    done: Codes = last[locate(ids, memory.switches["id"])]
    return done


def inactive(found: Match, target: Target, last: Codes) -> Flags:
    """Whose account is out of use.

    Where `active` is not shown, what was last done here counts. A new account may be shown as
    inactive until its owner accepts an invitation: that is no case for anybody else.
    """
    active = target.accounts["active"]
    off = np.append(is_false(active), False)[found.account]
    hidden = np.append(active.isna().to_numpy(), False)[found.account]
    hidden &= found.account != NOWHERE
    off = (off & ~invited(found, target, last)) | (hidden & (last == "deactivated"))
    flags: Flags = off
    return flags


def invited(found: Match, target: Target, last: Codes) -> Flags:
    """Whose account was made here and is not in use yet, at a vendor that invites."""
    off = np.append(is_false(target.accounts["active"]), False)[found.account]
    flags: Flags = off & (last == "created") & target.invites
    return flags
