"""Whom a plan spares for a reason that her own case does not tell.

A restraint turns an effect into KEEP: this plan does nothing to these people.
"""

import numpy as np
import pandas as pd

from reconciler.order import NOWHERE, Flags
from reconciler.sets import JudgedSets
from reconciler.situations.situation import Effect
from reconciler.subjects import Subjects

LAST_ADMIN, ONLY_GRANTS = "A15", "P11"


def restrain(
    decisions: pd.DataFrame, subjects: Subjects, judged: JudgedSets, grants_only: bool
) -> pd.DataFrame:
    """The decisions with `effect` KEEP for whoever is spared, and `spared` saying why ("" if not).

    P11: whoever would lose anything, where only grants are wanted. A15: those who would lose an
    admin set, if no active admin of the vendor would be left.
    """
    admin = np.array([item.admin for item in judged.sets] + [False])
    spared = np.full(len(decisions), "", dtype=object)
    if grants_only:
        spared[_losing(decisions["effect"], subjects, admin)] = ONLY_GRANTS
    kept = decisions["effect"].mask(spared != "", Effect.KEEP)
    spared[_last_admins(kept, subjects, admin)] = LAST_ADMIN
    return decisions.assign(
        spared=spared, effect=kept.mask(spared != "", Effect.KEEP).to_numpy(dtype=np.int64)
    )


def _losing(effects: "pd.Series[int]", subjects: Subjects, admin: Flags) -> Flags:
    """Who would give back an account, a seat, or the admin role."""
    people = subjects.people
    bundles = np.append(subjects.bundles, 0)
    held, wanted = people["held"].to_numpy(), people["wanted"].to_numpy()
    released = (effects == Effect.RELEASE).to_numpy() & (people["account"] != NOWHERE).to_numpy()
    active = (held != NOWHERE) | ~people["inactive"].to_numpy(dtype=bool)
    poorer = ((bundles[held] & ~bundles[wanted]) != 0) | (admin[held] & ~admin[wanted])
    extra = np.zeros(len(people), dtype=bool)
    mine = subjects.holdings[subjects.holdings["person"] != NOWHERE]
    extra[mine["person"][mine["set"].to_numpy() != held[mine["person"]]]] = True
    granted = (effects == Effect.GRANT).to_numpy()
    losing: Flags = (released & active) | (granted & (poorer | extra))
    return losing


def _last_admins(effects: "pd.Series[int]", subjects: Subjects, admin: Flags) -> Flags:
    """The active admins who would no longer be, if that is all of them."""
    holdings = subjects.holdings
    inactive = subjects.accounts["active"].eq(False).fillna(False).to_numpy(dtype=bool)
    of_admins = admin[holdings["set"]] & ~inactive[holdings["account"]]
    person = holdings["person"].to_numpy()[of_admins]
    # The last entry stands for whoever is not managed, and stays.
    effect = np.append(effects.to_numpy(), Effect.KEEP)[person]
    wants_admin = admin[np.append(subjects.people["wanted"].to_numpy(), NOWHERE)[person]]
    goes = (effect == Effect.RELEASE) | ((effect == Effect.GRANT) & ~wants_admin)
    last = np.zeros(len(effects), dtype=bool)
    if len(person) and goes.all():
        last[person] = True
    return last
