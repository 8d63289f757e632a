"""A15: whatever a plan or an undo does, an active admin at the vendor stays for certain."""

import numpy as np

from reconciler.columns.frames import Flags, is_false
from reconciler.columns.joins import NOWHERE, take
from reconciler.facts.build import Facts
from reconciler.facts.sets import JudgedSets


def last_admins(leaving: Flags, facts: Facts, judged: JudgedSets) -> Flags:
    """Those of the `leaving` who stay, because no active admin would be certain to stay else.

    `leaving` and the result are row by row with `facts.accounts`: accounts that would lose every
    admin set, or be deactivated. Whom a fault shields now may have to go as soon as it is over, so
    they are not certain to stay.
    """
    holdings = facts.holdings
    admin = np.array([item.admin for item in judged.sets], dtype=bool)
    admins = np.zeros(len(leaving), dtype=bool)
    admins[holdings.account[admin[holdings.set]]] = True
    admins &= ~is_false(facts.accounts["active"])
    owner = np.full(len(leaving), NOWHERE)
    owner[holdings.account] = holdings.person
    shielded = take(facts.people.shielded, owner)
    nobody_is_left = bool((leaving | shielded)[admins].all())
    last: Flags = admins & leaving & nobody_is_left
    return last
