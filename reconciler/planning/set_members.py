"""What the members of each set's group are: how many people who may hold a seat, and who else."""

import numpy as np
import pandas as pd

from reconciler.columns.frames import TEXT, column, is_text
from reconciler.columns.table_joins import NOWHERE, find, locate, take
from reconciler.model.plan import SetMembers
from reconciler.planning.evaluation import Evaluation
from reconciler.situations.situation import Effect
from reconciler.situations.users import NESTED_GROUP, NOT_A_PERSON, NOT_READ_FOR_CERTAIN


def set_members(evaluation: Evaluation) -> tuple[SetMembers, ...]:
    """One for each set whose group has members, in the configuration's order."""
    members, user = evaluation.snapshot.directory.members, evaluation.decisions.user
    at = find(members["id"], evaluation.facts.people.entra["id"])
    may_hold = take(user.effect, at, Effect.KEEP) == Effect.GRANT
    codes = np.where(may_hold, "", take(user.code, at, NOT_READ_FOR_CERTAIN.code))
    codes[~is_text(members["kind"], "user")] = NOT_A_PERSON.code
    codes[is_text(members["kind"], "group")] = NESTED_GROUP.code
    code, found = pd.factorize(codes)
    sets = evaluation.judged.sets
    which = locate(members["set"], column((item.name for item in sets), TEXT))
    known = which != NOWHERE
    counts = np.zeros((len(sets), len(found)), dtype=np.int64)
    np.add.at(counts, (which[known], code[known]), 1)
    return tuple(
        SetMembers(set=item.name, people=of_set.pop("", 0), others=of_set)
        for item, row in zip(sets, counts.tolist(), strict=True)
        if (of_set := {code: count for code, count in zip(found, row, strict=True) if count})
    )
