"""Who left a group, or came back into one, between plan and apply (P4)."""

import numpy as np

from reconciler.model.frames import cells
from reconciler.model.plan import Operation, Plan
from reconciler.model.snapshot import Directory
from reconciler.undo.former import absence


def source_drift(plan: Plan, now: Directory) -> dict[str, str]:
    """Per object id of a user whose groups no longer carry the plan: what happened.

    `now` holds the groups of all sets that the plan grants or takes away. A grant needs its user
    to be seen in the group, a revoke needs the proof that she is not: gone, or disabled. An undo
    goes against the groups, and `now` holds the people to whom it gives something back.
    """
    if plan.undoes:
        return _absent(now)
    proven = {read.set for read in now.reads if read.group and read.complete}
    members = set(zip(now.members["set"], now.members["id"], strict=True))
    disabled = set(now.people.loc[now.people["accountEnabled"].eq(False).fillna(False), "id"])

    def changed(operation: Operation) -> str:
        user = operation.subject.id
        for name in operation.gained:
            if (name, user) not in members:
                return f'left "{name}"' if name in proven else _unproven(name)
        for name in operation.lost:
            if (name, user) in members and user not in disabled:
                return f'came back into "{name}"'
            if name not in proven:
                return _unproven(name)
        return ""

    reasons = ((operation.subject.id, changed(operation)) for operation in plan.operations)
    return {user: why for user, why in reasons if why}


def receivers(plan: Plan) -> tuple[str, ...]:
    """Object ids of those who are given a set or an active account."""
    given = (o.subject.id for o in plan.operations if o.gained or o.after.active)
    return tuple(dict.fromkeys(given))


def _absent(now: Directory) -> dict[str, str]:
    people = now.people
    told = zip(
        people["id"].tolist(),
        people["presence"].tolist(),
        cells(people["accountEnabled"], np.arange(len(people))),
        strict=True,
    )
    reasons = {user: absence(presence, enabled) for user, presence, enabled in told}
    return {user: why for user, why in reasons.items() if why}


def _unproven(name: str) -> str:
    return f'may have left or joined "{name}", which was not read to its end,'
