"""What a SCIM server claims to support (RFC 7643, section 5), which proves nothing."""

from connectors.errors import Unreachable
from connectors.scim.errors import ScimRefused
from connectors.scim.transport import ScimTransport
from reconciler.model.capabilities import Feature


def claimed_features(transport: ScimTransport) -> tuple[str, ...] | None:
    """What /ServiceProviderConfig calls supported; None if there is no such answer.

    Features of RFC 7643, section 5, and ``cursor`` of its ``pagination`` (RFC 9865, section 4).
    """
    try:
        features = transport.get("/ServiceProviderConfig")
    except (ScimRefused, Unreachable):
        return None
    said = {name: one for name, one in features.items() if isinstance(one, dict)}
    claimed = {name for name, one in said.items() if one.get("supported") is True}
    if said.get("pagination", {}).get("cursor") is True:
        claimed.add(Feature.CURSOR)
    return tuple(sorted(claimed)) if "filter" in said else None
