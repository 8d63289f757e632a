"""Errors of a SCIM server."""

from connectors.errors import Refused, Unreachable

NO_PATCH = frozenset({404, 405, 501})
"""Statuses by which servers refuse PATCH, or this form of it (404: no such route)."""


class ScimRefused(Refused):
    """A SCIM error answer; `scim_type` is RFC 7644's keyword (section 3.12), "" if none."""

    def __init__(self, what: str, status: int, why: str, scim_type: str = "") -> None:
        super().__init__(what, status, why)
        self.scim_type = scim_type


class Changed(ScimRefused):
    """The account no longer has the version that was last read (RFC 7644, section 3.14)."""

    outdated = True


class Garbled(Unreachable):
    """The answer to a read was cut off, or is no JSON: another attempt may succeed."""
