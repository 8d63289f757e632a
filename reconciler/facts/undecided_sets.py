"""Sets that nothing can be decided about, because their groups or members could not be read."""

import numpy as np

from reconciler.columns.table_joins import NOWHERE
from reconciler.facts.build import Facts
from reconciler.facts.set_bindings import JudgedSets
from reconciler.facts.set_rules import MEMBERS_UNKNOWN


def undecided_sets(judged: JudgedSets, facts: Facts) -> tuple[int, ...]:
    """Positions of configured sets whose members are not known, or could none of them be read."""
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
    """Whether no set is left to decide about, and not because of the configuration alone."""
    frozen = judged.frozen.keys() | set(undecided)
    return bool(undecided) and len(frozen) == judged.configured
