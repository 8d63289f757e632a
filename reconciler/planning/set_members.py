"""What the members of each set's group are: how many people who may hold a seat, and who else."""

import numpy as np
import pandas as pd

from reconciler.columns.frames import is_text
from reconciler.columns.table_joins import find, take
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
    counts: dict[str, dict[str, int]] = {}
    found = pd.DataFrame({"set": members["set"].to_numpy(dtype=object), "code": codes})
    rows = found.value_counts().reset_index()
    for name, code, count in zip(rows["set"], rows["code"], rows["count"], strict=True):
        counts.setdefault(name, {})[code] = int(count)
    return tuple(
        SetMembers(set=item.name, people=of_set.pop("", 0), others=of_set)
        for item in evaluation.judged.sets
        if (of_set := counts.get(item.name))
    )
