"""What a vendor's server can do, as it was seen: so that nothing is asked in vain twice."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from connectors.errors import Unreachable
from connectors.scim.errors import ScimRefused
from connectors.scim.transport import Transport


class Feature(StrEnum):
    """What servers do differently, and a client can do without.

    FILTER: a look-up gives who fits and nobody else (RFC 7644, section 3.4.2.2). COUNT: the size
    of a page may be asked for (section 3.4.2.4). BATCH: several members join or leave in one PATCH
    (section 3.5.2). VERSION: a change is refused if the resource is not of the version that is
    named (section 3.14).
    """

    FILTER = "filter"
    COUNT = "count"
    BATCH = "batch"
    VERSION = "etag"


class Capabilities:
    """Per feature whether the server has it. What is not known is tried, and learned from."""

    def __init__(self, known: Mapping[str, bool] | None = None) -> None:
        self.known = dict(known or {})

    def may(self, feature: Feature) -> bool:
        """Whether it is worth trying."""
        return self.known.get(feature, True)

    def learn(self, feature: Feature, *, works: bool) -> None:
        """An answer showed it; a later one that says otherwise counts more."""
        self.known[feature] = works

    def heed(self, claims: Iterable[str]) -> None:
        """A feature that the server itself says it lacks is not tried; a claim proves nothing."""
        for feature in (Feature.FILTER, Feature.VERSION):
            if feature not in claims:
                self.learn(feature, works=False)


def claims_of(transport: Transport) -> tuple[str, ...] | None:
    """What /ServiceProviderConfig calls supported (RFC 7643, section 5); None: it says nothing."""
    try:
        features = transport.get("/ServiceProviderConfig")
    except (ScimRefused, Unreachable):
        return None
    said = {name: one for name, one in features.items() if isinstance(one, dict)}
    claimed = sorted(name for name, one in said.items() if one.get("supported") is True)
    return tuple(claimed) if "filter" in said else None
