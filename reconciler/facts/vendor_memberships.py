"""Who holds which set at the vendor, and which sets keep users from gaining or losing one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconciler.columns import frames
from reconciler.columns.frames import Codes, Flags, Positions
from reconciler.columns.table_joins import NOWHERE, find, is_in, locate, pairs, take
from reconciler.facts.set_bindings import JudgedSets
from reconciler.model.snapshot import Snapshot, Target
from reconciler.model.user_facts import Match


@dataclass(frozen=True)
class Holdings:
    """Who holds what at the vendor, one row per account and set, all as positions.

    `person` is -1 where the owner of the account is not known for certain.
    """

    account: Positions
    set: Positions
    person: Positions

    @property
    def managed(self) -> Flags:
        """Which rows belong to a known user."""
        managed: Flags = self.person != NOWHERE
        return managed

    def only(self, rows: Flags) -> "Holdings":
        return Holdings(self.account[rows], self.set[rows], self.person[rows])


def join_holdings(
    found: Match, accounts: pd.DataFrame, snapshot: Snapshot, judged: JudgedSets
) -> Holdings:
    """The vendor's holdings of known sets; a set's former name counts as its name."""
    names = frames.column((item.name for item in judged.sets), frames.TEXT)
    held = snapshot.target.holdings
    sets = held["set"].replace(judged.renamed) if judged.renamed else held["set"]
    # A dangling member, whose account is gone, holds nothing that could be taken back.
    account, which = pairs(find(held["account"], accounts["account"]), locate(sets, names))
    person = np.full(len(accounts), NOWHERE)
    certain = found.linked | found.certain
    person[found.account[certain]] = np.flatnonzero(certain)
    return Holdings(account, which, person[account])


def products_held(holdings: Holdings, bundles: Positions, accounts: int) -> Positions:
    """Per account the mask of the products that it holds through all its sets."""
    masks = np.zeros(accounts, dtype=np.int64)
    np.bitwise_or.at(masks, holdings.account, bundles[holdings.set])
    return masks


def held_set(wanted: Positions, holdings: Holdings) -> Positions:
    """Per user the set they hold: the wanted one if they hold several, else the first."""
    mine = holdings.only(holdings.managed)
    held = np.full(len(wanted), NOWHERE)
    held[mine.person[::-1]] = mine.set[::-1]
    as_wanted = mine.set == wanted[mine.person]
    held[mine.person[as_wanted]] = mine.set[as_wanted]
    return held


def in_other_groups(found: Match, accounts: pd.DataFrame, target: Target) -> Flags:
    """Whose account is, or may be, in a group of the vendor that is no set's.

    Everybody may be in a group that could not be read.
    """
    known: Flags = found.account != NOWHERE
    if target.unread:
        return known
    inside = is_in(accounts["account"], target.others["account"])
    return known & take(inside, found.account)


def frozen_by(wanted: Positions, holdings: Holdings, judged: JudgedSets) -> Codes:
    """Per user the code of a frozen set that they want or hold, so that they stay as they are."""
    codes = np.array([judged.frozen.get(at, "") for at in range(len(judged.sets))], object)
    frozen = take(codes, wanted, "")
    mine = holdings.only(holdings.managed)
    held_codes = codes[mine.set]
    locked = held_codes != ""
    frozen[mine.person[locked]] = held_codes[locked]
    return frozen


def unproven_by(
    wanted: Positions, held: Positions, holdings: Holdings, judged: JudgedSets
) -> Codes:
    """Per user who would lose something the code of a set whose members are not known, else "".

    They may be in that set instead, so they are not known to have left.
    """
    loses = (wanted == NOWHERE) | (held != wanted)
    mine = holdings.only(holdings.managed)
    loses[mine.person[mine.set != held[mine.person]]] = True
    holds_nothing = (held == NOWHERE) & (wanted != NOWHERE)
    code = np.array(["", judged.unknown], dtype=object)
    unproven: Codes = code[(loses & ~holds_nothing).astype(int)]
    return unproven
