"""Whether an account belongs to a user: the rule for one account. `matching` has it for columns.

The externalId decides. An account without one is linked to nobody: it becomes the user's only if
user name and mail address both agree, never by one of them alone.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum

from reconciler.model.unsendable_text import is_address

IDENTITY = "externalId"
"""The attribute that ties an account to its Entra user (the guide, step 1)."""

USER_NAME = "userName"

Attributes = Mapping[str, str | bool | None]
"""Values by SCIM path; absent ones are None, or not there."""


class Certainty(IntEnum):
    """How certain it is that an account belongs to a user. From `AGREES` on it does."""

    SOMEBODY_ELSES = 0  # its externalId is another one
    UNLIKE = 1  # no externalId, and user name or mail address is another one
    NOT_DENIED = 2  # no externalId, and it does not show both user name and mail address
    AGREES = 3  # no externalId, and user name and mail address are the user's
    LINKED = 4  # its externalId is the user's object id


def mail_path(paths: Iterable[str]) -> str:
    """The SCIM path of the mail address that is compared; "" where none is mapped."""
    return next((path for path in paths if is_address(path) and path != USER_NAME), "")


def same_account(
    desired: Attributes, has: Attributes, same: Callable[[str], bool] | None = None
) -> Certainty:
    """How certain an account with the attributes `has` is the user's with the `desired` ones.

    `same` says whether the two values at a path are the same; by default case is ignored.
    """
    if linked := has.get(IDENTITY):
        return Certainty.LINKED if linked == desired[IDENTITY] else Certainty.SOMEBODY_ELSES
    same = same or (lambda path: _folded(has, path) == _folded(desired, path))
    paths = (USER_NAME, mail_path(desired))
    shown = [path for path in paths if path and has.get(path)]
    if not all(map(same, shown)):
        return Certainty.UNLIKE
    return Certainty.AGREES if len(shown) == len(paths) else Certainty.NOT_DENIED


def _folded(values: Attributes, path: str) -> str:
    return str(values[path]).casefold()
