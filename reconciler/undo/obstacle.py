"""What keeps an undo from changing a user, whatever groups they are in."""

from collections.abc import Iterable

from reconciler.planning.evaluation import Evaluation
from reconciler.situations import titled
from reconciler.situations.users import (
    FLAPPING,
    LEAVE_GRACE,
    OUT_OF_SCOPE_KEPT,
    WITHOUT_RECLAIMED_SEAT,
)

OF_GROUPS = {
    FLAPPING.code,
    LEAVE_GRACE.code,
    OUT_OF_SCOPE_KEPT.code,
    WITHOUT_RECLAIMED_SEAT.code,
}
"""Situations that hold back what follows from groups; they do not keep a person from an undo."""


def obstacle(evaluation: Evaluation, user: str, sets: Iterable[str]) -> str:
    """Why this user (object id), or one of these sets, may not be changed; "" if they may."""
    code = evaluation.kept.get(user, "")
    if code and code not in OF_GROUPS:
        return left_as_is(code)
    return next(filter(None, (_closed(evaluation, name) for name in sets)), "")


def left_as_is(code: str) -> str:
    """In words, that this situation keeps the user from any change."""
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
