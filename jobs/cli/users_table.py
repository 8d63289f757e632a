"""The table of users, for which everything is read and evaluated."""

from operator import itemgetter

from jobs.cli.tables import Rows, Table, minute
from jobs.context import Context
from jobs.report.words import in_words
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.status import UserStatus, user_statuses
from reconciler.situations import titled


def users_table(context: Context, evaluation: Evaluation) -> Table:
    """What the portal calls the user sync status, as a plan that was made now would see it."""
    header = ("user", "set", "account", "state", "last_change")
    with context.store.transaction() as tx:
        changed = tx.journal.last_changes()
    accounts = {None: "none", True: "active", False: "inactive"}
    rows: Rows = [
        (
            status.user.name,
            status.set,
            accounts[status.active],
            _state(status),
            minute(changed.get(status.user.id)),
        )
        for status in user_statuses(evaluation)
    ]
    return header, sorted(rows, key=itemgetter(0))


def _state(status: UserStatus) -> str:
    if status.operations:
        return "to do: " + "; ".join(map(in_words, status.operations))
    return titled(status.code) if status.code else "in step"
