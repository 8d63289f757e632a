"""Whether an account belongs to a user: the rule for one account. `matching` has it for columns.

The externalId decides. An account without one is linked to nobody: it becomes the user's only if
two attributes both agree, by default user name and mail address (`AttributeMapping.matching`), and
never by one of them alone.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum

from reconciler.model.unsendable_text import is_address

IDENTITY = "externalId"
"""The attribute that ties an account to its Entra user (the guide, step 1)."""

USER_NAME = "userName"

_BOTH = 2

Attributes = Mapping[str, str | bool | None]
"""Values by SCIM path; absent ones are None, or not there."""


class Certainty(IntEnum):
    """How certain it is that an account belongs to a user. From `AGREES` on it does."""

    SOMEBODY_ELSES = 0  # its externalId is another one
    UNLIKE = 1  # no externalId, and one of the two attributes is another one
    NOT_DENIED = 2  # no externalId, and not both attributes are known of user and account
    AGREES = 3  # no externalId, and both attributes are the user's
    LINKED = 4  # its externalId is the user's object id


def same_account(
    desired: Attributes,
    has: Attributes,
    matching: Sequence[str],
    same: Callable[[str], bool] | None = None,
) -> Certainty:
    """How certain an account with the attributes `has` is the user's with the `desired` ones.

    `matching` are the SCIM paths that have to agree; a single one is never enough. `same` says
    whether the two values at a path are the same; by default case is ignored.
    """
    if linked := has.get(IDENTITY):
        return Certainty.LINKED if linked == desired[IDENTITY] else Certainty.SOMEBODY_ELSES
    same = same or (lambda path: _folded(has, path) == _folded(desired, path))
    known = [path for path in matching if has.get(path) and desired.get(path)]
    if not all(map(same, known)):
        return Certainty.UNLIKE
    return Certainty.AGREES if len(known) == _BOTH else Certainty.NOT_DENIED


def attributes_in_words(matching: Sequence[str], joined: str = "and") -> str:
    """Such as "user name and mail address", also where there is no mail address to agree."""
    names = [_in_words(path) for path in matching]
    return f" {joined} ".join(names if len(names) == _BOTH else ("user name", "mail address"))


def unlike(matching: Sequence[str]) -> str:
    """Why an account is not linked (A5); without a second attribute to agree none ever is."""
    both = attributes_in_words(matching)
    return f"{both[0].upper()}{both[1:]} do not both agree: left as is."


def _in_words(path: str) -> str:
    if path == USER_NAME:
        return "user name"
    return "mail address" if is_address(path) else path.rpartition(":")[2]


def _folded(values: Attributes, path: str) -> str:
    return str(values[path]).casefold()
