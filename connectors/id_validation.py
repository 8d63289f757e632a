"""Which ids from outside can be somebody's: those that every store and every address can hold."""

import re

OBJECT_ID = "[!-~]{1,36}"
"""Of Entra, in RE2's syntax as in Python's: a GUID, or whatever else is as short and as plain."""

_RESOURCE_ID = re.compile("[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,255}")


def is_object_id(value: object) -> bool:
    """Whether Entra could mean this by the id of a group or of one of its members."""
    return isinstance(value, str) and bool(re.fullmatch(OBJECT_ID, value))


def is_resource_id(value: object) -> bool:
    """Whether a SCIM server could mean this by an id (RFC 7643, section 3.1: any text, not empty).

    PostgreSQL holds no NUL, and no database halves of characters. Some servers send numbers.
    """
    return value is not None and bool(_RESOURCE_ID.fullmatch(str(value)))
