"""How a SCIM server can say no, and what cannot be known."""

from connectors.errors import Refused, Unreachable


class ScimRefused(Refused):
    """A SCIM error answer; `scim_type` is RFC 7644's keyword (section 3.12), "" if none."""

    def __init__(self, what: str, status: int, why: str, scim_type: str = "") -> None:
        super().__init__(what, status, why)
        self.scim_type = scim_type


class OutcomeUnknown(Unreachable):
    """A write was sent and no answer came: it may have been done. Only a read-back tells."""
