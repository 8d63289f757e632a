"""What the store remembers of each user, and of their accounts."""

from datetime import datetime

import numpy as np
import pandas as pd

from reconciler.columns import frames
from reconciler.columns.frames import Codes, Flags
from reconciler.columns.table_joins import NOWHERE, equal, is_in, locate, values_at
from reconciler.facts.grace import left_since
from reconciler.facts.vendor_memberships import Holdings
from reconciler.model.snapshot import Memory
from reconciler.model.user_facts import Match, Past


def past_of(
    users: pd.DataFrame,
    found: Match,
    assigned: Flags,
    inactive: Flags,
    last: Codes,
    memory: Memory,
    pending: frozenset[str],
    reclaiming: frozenset[str],
    now: datetime,
) -> Past:
    """Row by row with the users.

    `inactive`: the account is not in use. `last` is the last change of it from here (see
    `account_activity.last_activation_change`). `pending` are ids of accounts that the vendor
    accepted lately and does not show yet, `reclaiming` of users whose seat this plan takes back.
    """
    without = found.account == NOWHERE
    links, week = memory.links, memory.week
    awaited = links["id"][among(links["account"], pending)]
    moved = week["id"][frames.is_text(week["what"], "set")]
    return Past(
        last_activation_change=np.where(inactive, last, ""),
        changed=among(users["id"], frozenset(moved)),
        flapping=among(users["id"], memory.flapping),
        reclaiming=among(users["id"], reclaiming),
        reclaimed=among(users["id"], memory.reclaimed),
        lost_account=_lost_account(users, without & assigned, memory) & (last != "deactivated"),
        pending=without & is_in(users["id"], awaited),
        left=left_since(users, memory.leavers, now),
    )


def met_before(
    users: pd.DataFrame,
    found: Match,
    accounts: pd.DataFrame,
    holdings: Holdings,
    memory: Memory,
) -> Flags:
    """Whose account is linked to them in the store, or holds a set now.

    An object id as externalId proves nothing: other programs may provision this vendor, too.
    """
    met = np.zeros(len(users), dtype=bool)
    met[holdings.person[holdings.managed]] = True
    others = np.flatnonzero(~met & (found.account != NOWHERE))
    at = locate(users["id"].take(others), memory.links["id"])
    linked = values_at(memory.links["account"], at)
    met[others] = equal(linked, values_at(accounts["account"], found.account[others]))
    return met


def among(values: pd.Series, few: frozenset[str]) -> Flags:
    """Which of the values are one of a few."""
    return is_in(values, frames.column(sorted(few), frames.TEXT))


def _lost_account(users: pd.DataFrame, without: Flags, memory: Memory) -> Flags:
    """Of those `without` an account: the store remembers one, which is gone now."""
    lost = np.zeros(len(users), dtype=bool)
    lost[without] = locate(users["id"][without], memory.links["id"]) != NOWHERE
    return lost
