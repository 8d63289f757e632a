"""What keeps an undo from a user, whatever the groups in Entra ID say of them."""

from collections.abc import Iterable

from reconciler.planning.evaluation import Evaluation
from reconciler.situations import titled
from reconciler.situations.users import FLAPPING, LEAVE_GRACE

OF_GROUPS = {FLAPPING.code, LEAVE_GRACE.code}
"""They hold back what follows from groups alone; an undo is somebody's decision."""


def obstacle(evaluation: Evaluation, user: str, sets: Iterable[str]) -> str:
    """Why nothing of this user (object id) may be changed, or nothing in these sets; or ""."""
    code = evaluation.kept.get(user, "")
    if code and code not in OF_GROUPS:
        return left_as_is(code)
    return next(filter(None, (_closed(evaluation, name) for name in sets)), "")


def left_as_is(code: str) -> str:
    """What is said of a user whom this situation keeps from any change."""
    return f"the user is left as is ({titled(code)})"


def _closed(evaluation: Evaluation, name: str) -> str:
    judged = evaluation.judged
    at = {item.name: at for at, item in enumerate(judged.sets[: judged.configured])}.get(name)
    if at is None:
        return f'set "{name}" is not configured any more'
    if code := judged.frozen.get(at):
        return f'set "{name}" is left as is ({titled(code)})'
    if len(evaluation.snapshot.target.groups.get(name, ())) != 1:
        return f'the vendor has no single group of "{name}" any more'
    return ""
