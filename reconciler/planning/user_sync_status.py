"""Each user's status: what the vendor's portal calls the user sync status (the guide, step 2)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reconciler.columns.table_joins import NOWHERE, take
from reconciler.model.plan import Operation, Subject
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.findings.seats import waiting_list
from reconciler.situations.users import LEAVE_GRACE


@dataclass(frozen=True)
class UserStatus:
    """A user who is in a set's group or has an account; `set` is held at the vendor ("": none).

    `active` is that of the account, None where there is none. `operations` would give the user what
    they should have; `code` is the situation that keeps them from it, or "".
    """

    user: Subject
    set: str
    active: bool | None
    operations: tuple[Operation, ...]
    code: str


def user_statuses(evaluation: Evaluation) -> Iterator[UserStatus]:
    """The users in the order of their object ids."""
    people, accounts = evaluation.facts.people, evaluation.facts.people.match.account
    operations = defaultdict(list)
    for operation in evaluation.operations:
        operations[operation.subject.id].append(operation)
    codes = {entry.user.id: entry.code for entry in waiting_list(evaluation)}
    codes |= {grace.user.id: LEAVE_GRACE.code for grace in evaluation.graces}
    codes |= evaluation.kept
    names = np.array([item.name for item in evaluation.judged.sets], dtype=object)
    persons = np.flatnonzero((people.wanted != NOWHERE) | (accounts != NOWHERE))
    rows = zip(
        people.users(persons),
        take(names, people.held[persons], "").tolist(),
        accounts[persons].tolist(),
        people.inactive[persons].tolist(),
        strict=True,
    )
    for user, held, account, inactive in rows:
        yield UserStatus(
            user,
            held,
            None if account == NOWHERE else not inactive,
            tuple(operations[user.id]),
            codes.get(user.id, ""),
        )
