"""Guards over accounts: who becomes an admin, and what is only done with somebody's consent."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from reconciler.model.plan import Verdict
from reconciler.model.plural import Plural, named
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.accounts import ACCOUNT_DELETED, LAST_ADMIN, LINKED_BY_NICKNAME
from reconciler.situations.run import MANY_NEW_ADMINS


def new_admins(evaluation: Evaluation) -> Verdict:
    """R10: in 7 days more would become admins than the limit, or their number would double."""
    admins, limit = evaluation.consequences.admins, evaluation.settings.policy.max_admin_grants
    now, before = len(admins.active), len(admins.active - admins.lately)
    altogether = len(admins.new | admins.lately)
    if admins.new and (altogether > limit or (before and altogether >= before)):
        names = {
            operation.subject.id: operation.subject.name for operation in evaluation.operations
        }
        return guard_failed(
            MANY_NEW_ADMINS,
            count=len(admins.new),
            users=named(sorted(names[user] for user in admins.new)),
            before=now,
            altogether=altogether,
            limit=limit,
        )
    return guard_passed(
        MANY_NEW_ADMINS,
        f"{Plural(len(admins.new)):user becomes an admin|users become admins}, {now} are; with the "
        f"last 7 days that is {altogether}, and the limit is {limit}.",
    )


def last_admins(evaluation: Evaluation) -> Verdict:
    """A15: those who stay only because no active admin would be left."""
    spared = np.flatnonzero(evaluation.decisions.spared == LAST_ADMIN.code)
    if len(spared):
        names = (user.name for user in evaluation.facts.people.users(spared))
        return guard_failed(LAST_ADMIN, name=named(sorted(names)))
    admins = evaluation.consequences.admins
    now = f"{Plural(len(admins.active) + admins.outside):active admin|active admins}"
    left = len(admins.left) + admins.outside
    return guard_passed(LAST_ADMIN, f"{now} now, {left} after the plan; one is to be left.")


def consented_accounts(evaluation: Evaluation) -> Iterator[Verdict]:
    """A6 and A12: accounts that are linked anew or made again once a person agrees."""
    reasons = Counter(operation.reason for operation in evaluation.operations)
    if relinked := Plural(reasons[LINKED_BY_NICKNAME.code]):
        accounts, users = f"{relinked:account|accounts}", f"{relinked:user|users}"
        yield guard_failed(LINKED_BY_NICKNAME, name=users, user_name=accounts)
    if recreated := Plural(reasons[ACCOUNT_DELETED.code]):
        yield guard_failed(ACCOUNT_DELETED, name=f"{recreated:user|users}")
