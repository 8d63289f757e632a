"""How a SCIM server can say no, and what cannot be known."""

from connectors.errors import Refused, Unreachable

NO_PATCH = frozenset({404, 405, 501})
"""How servers say that they do not know PATCH, or not in this form (404: no such route)."""


class ScimRefused(Refused):
    """A SCIM error answer; `scim_type` is RFC 7644's keyword (section 3.12), "" if none."""

    def __init__(self, what: str, status: int, why: str, scim_type: str = "") -> None:
        super().__init__(what, status, why)
        self.scim_type = scim_type


class Changed(ScimRefused):
    """The account is not of the version that was last read (RFC 7644, section 3.14)."""

    outdated = True


class Garbled(Unreachable):
    """An answer to a read that broke off, or is no JSON: the next one may be whole."""
