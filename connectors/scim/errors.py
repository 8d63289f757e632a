"""How a SCIM server can say no, and what cannot be known."""

from connectors.errors import ConnectorError, Refused, Unreachable

NO_PATCH = frozenset({404, 405, 501})
"""How servers say that they do not know PATCH, or not in this form (404: no such route)."""


class ScimRefused(Refused):
    """A SCIM error answer; `scim_type` is RFC 7644's keyword (section 3.12), "" if none."""

    def __init__(self, what: str, status: int, why: str, scim_type: str = "") -> None:
        super().__init__(what, status, why)
        self.scim_type = scim_type

    @property
    def throttled(self) -> bool:
        """Too many requests (RFC 6585, section 4): this one was not looked at."""
        return self.status == 429


class Changed(ScimRefused):
    """The account is not as it was last read, so it was left as it is (RFC 7644, section 3.14)."""


class Garbled(Unreachable):
    """An answer to a read that broke off, or is no JSON: the next one may be whole."""


class OutcomeUnknown(Unreachable):
    """A write was sent and no answer came: it may have been done. Only a read-back tells."""


class NotSent(ConnectorError):
    """A write that did not go out, because of what stood in its way: nothing came of it."""
