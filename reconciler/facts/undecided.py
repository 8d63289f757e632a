"""Sets about which a run can decide nothing, because what it takes could not be read."""

import numpy as np

from reconciler.columns.joins import NOWHERE
from reconciler.facts.build import Facts
from reconciler.facts.set_rules import MEMBERS_UNKNOWN
from reconciler.facts.sets import JudgedSets


def undecided_sets(judged: JudgedSets, facts: Facts) -> tuple[int, ...]:
    """Positions of configured sets: nobody knows who is in the group, or may read any member."""
    people = facts.people
    unread = people.presence.unproven
    seeking = people.wanted != NOWHERE
    size = len(judged.sets)
    hidden, read = (
        np.bincount(people.wanted[seeking & flags], minlength=size) for flags in (unread, ~unread)
    )
    faults = {situation.code for situation, _ in MEMBERS_UNKNOWN}
    return tuple(
        at
        for at in range(judged.configured)
        if judged.frozen.get(at) in faults
        or (at not in judged.frozen and hidden[at] and not read[at])
    )


def nothing_decided(judged: JudgedSets, undecided: tuple[int, ...]) -> bool:
    """No set is left to decide about, and that is not for what is configured alone."""
    frozen = judged.frozen.keys() | set(undecided)
    return bool(undecided) and len(frozen) == judged.configured
