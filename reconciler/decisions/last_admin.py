"""A15: no plan and no undo leaves the vendor without an admin who is certain to stay active."""

import numpy as np

from reconciler.columns.frames import Flags, is_false
from reconciler.columns.table_joins import NOWHERE, take
from reconciler.facts.build import Facts
from reconciler.facts.set_bindings import JudgedSets


def last_admins(leaving: Flags, facts: Facts, judged: JudgedSets) -> Flags:
    """Which of the `leaving` accounts must stay, because no active admin would be certain to else.

    `leaving` and the result are row by row with the accounts of `facts`: those that would lose
    every admin set, or be deactivated. Admins whom only a fault keeps unchanged
    (`UserFacts.shielded`) may have to leave once it is over, so they are not certain to stay.
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
