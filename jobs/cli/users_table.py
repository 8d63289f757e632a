"""The rows of users, for which everything is read and evaluated."""

from operator import attrgetter

from jobs.context import Context
from jobs.output.rows.users import UserRow
from jobs.report.words import in_words, reason
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.user_sync_status import UserStatus, user_statuses


def user_rows(context: Context, evaluation: Evaluation) -> list[UserRow]:
    """By name: the portal's user sync status, as a plan that was made now would see it."""
    with context.store.transaction() as tx:
        changed = tx.journal.last_changes()
    rows = [
        UserRow(
            user=status.user.name,
            set=status.set,
            account="none" if status.active is None else "active" if status.active else "inactive",
            state=_state(status),
            last_change=changed.get(status.user.id),
        )
        for status in user_statuses(evaluation)
    ]
    return sorted(rows, key=attrgetter("user"))


def _state(status: UserStatus) -> str:
    if status.operations:
        return "to do: " + "; ".join(map(in_words, status.operations))
    return reason(status.code) if status.code else "in step"
