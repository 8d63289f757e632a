"""Whose an account is: the one rule, as `matching` has it for all accounts at once.

An externalId says it for certain. An account without one is nobody's: it is linked only where user
name and mail address both agree, and never by one of them alone.
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
    """How certain it is that an account is a user's. From `AGREES` on it is."""

    SOMEBODY_ELSES = 0  # it carries another externalId
    UNLIKE = 1  # it is nobody's, and user name or mail address is another one
    NOT_DENIED = 2  # it is nobody's, and does not show a user name and a mail address
    AGREES = 3  # it is nobody's, and user name and mail address are the user's
    LINKED = 4  # it carries the user's object id


def mail_path(paths: Iterable[str]) -> str:
    """The SCIM path of the mail address that is compared; "" where none is mapped."""
    return next((path for path in paths if is_address(path) and path != USER_NAME), "")


def same_account(
    desired: Attributes, has: Attributes, same: Callable[[str], bool] | None = None
) -> Certainty:
    """Whether the account that says `has` is the user's for whom `desired` is mapped.

    `same` compares the two values at a path; without it they are the same in any case.
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
