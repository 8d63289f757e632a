"""Guards over accounts: who becomes an admin, and what is only done with somebody's consent."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from reconciler.decisions.exemptions import LAST_ADMIN
from reconciler.model.plan import Verdict
from reconciler.model.plural import Count, named
from reconciler.planning.evaluation import Draft
from reconciler.situations import consent, objection


def new_admins(draft: Draft) -> Verdict:
    """R10: in 7 days more would become admins than the limit, or their number would double."""
    admins, limit = draft.consequences.admins, draft.settings.policy.max_admin_grants
    now, before = len(admins.active), len(admins.active - admins.lately)
    altogether = len(admins.new | admins.lately)
    if admins.new and (altogether > limit or (before and altogether >= before)):
        names = {operation.subject.id: operation.subject.name for operation in draft.operations}
        return objection(
            "R10",
            count=len(admins.new),
            users=named(sorted(names[user] for user in admins.new)),
            before=now,
            altogether=altogether,
            limit=limit,
        )
    return consent(
        "R10",
        f"{Count(len(admins.new)):user becomes an admin|users become admins}, {now} are; with the "
        f"last 7 days that is {altogether}, and the limit is {limit}.",
    )


def last_admins(draft: Draft) -> Verdict:
    """A15: those who stay only because no active admin would be left."""
    spared = np.flatnonzero(draft.decisions.spared == LAST_ADMIN)
    if len(spared):
        names = (user.name for user in draft.subjects.people.users(spared))
        return objection("A15", name=named(sorted(names)))
    admins = draft.consequences.admins
    now = f"{Count(len(admins.active) + admins.outside):active admin|active admins}"
    left = len(admins.left) + admins.outside
    return consent("A15", f"{now} now, {left} after the plan; one is to be left.")


def consented_accounts(draft: Draft) -> Iterator[Verdict]:
    """A6 and A12: accounts that are linked anew or made again once a person agrees."""
    reasons = Counter(operation.reason for operation in draft.operations)
    if relinked := reasons["A6"]:
        accounts = f"{Count(relinked):account|accounts}"
        yield objection("A6", message=f"{accounts} would be linked by object id instead.")
    if recreated := reasons["A12"]:
        accounts = f"{Count(recreated):account that was|accounts that were}"
        yield objection("A12", message=f"{accounts} deleted at the vendor would be remade.")
