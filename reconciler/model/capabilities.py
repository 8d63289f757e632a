"""What a vendor's server can do, as it was seen: so that nothing is asked in vain twice."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

BELIEVED = timedelta(days=30)
"""After this, what was seen is found out anew: servers get better."""


class Feature(StrEnum):
    """What servers do differently, and a client can do without.

    FILTER: a look-up gives who fits and nobody else (RFC 7644, section 3.4.2.2). SORT: a list comes
    in the order that is asked for (section 3.4.2.3). CURSOR: a list is read by cursors (RFC 9865).
    TOTAL: totalResults is that of the list, not of the page. FROM_ONE: the first resource of a list
    is number 1 (RFC 7644, section 3.4.2.4), not 0. PATCH: it is known at all, CHANGES: it or PUT
    is. REMOVE: an attribute can be removed (section 3.5.2.2). BATCH: several members join or leave
    in one PATCH (section 3.5.2). VERSION: a change is refused if the resource is not of the version
    that is named (section 3.14). MEMBERS: groups show all who are in them. LEAVING: whoever is
    taken out of a group is out of it. EMPTY_GROUPS: a group may be made without members.
    EXTERNAL_ID: accounts show their externalId, LINK: also one that they are given later (RFC 7643,
    section 3.1).
    INVITES: a new account is not active before its owner accepts an invitation.
    """

    FILTER = "filter"
    SORT = "sort"
    CURSOR = "cursor"
    TOTAL = "totalResults"
    FROM_ONE = "startIndex=1"
    BATCH = "batch"
    EXTERNAL_ID = "externalId"
    LINK = "externalId later"
    PATCH = "patch"
    CHANGES = "patch or put"
    MEMBERS = "members"
    LEAVING = "members leave"
    EMPTY_GROUPS = "groups without members"
    REMOVE = "remove"
    INVITES = "invitations"
    VERSION = "etag"


_HIDDEN = "shown: "
"""Before what the server says it has and does not show."""


_REFUSED = {False: "refused once: ", True: "refused twice: "}
"""Before what was refused; see `reconciler.facts.vendor_refusals`."""

MISSED, REQUIRED = "missed", "required"
"""An attribute without which an account was refused, once and twice: one user may be special."""

REFUSALS = (*_REFUSED.values(), f"{MISSED}:", f"{REQUIRED}:")
"""Before whatever the vendor refused and may be asked for again."""


class Seen(NamedTuple):
    """That a server has a feature, or lacks it (`works`), and since when (UTC) that is known."""

    feature: str
    works: bool
    since: datetime


def believed(seen: Iterable[Seen], now: datetime) -> dict[str, bool]:
    """Per feature whether the server has it, as far as that is not too long ago."""
    return {one.feature: one.works for one in seen if one.since > now - BELIEVED}


class Capabilities:
    """Per feature whether the server has it. What is not known is tried, and learned from."""

    def __init__(self, known: Mapping[str, bool] | None = None) -> None:
        self.known = dict(known or {})

    def may(self, feature: str) -> bool:
        """Whether it is worth trying."""
        return self.known.get(feature, True)

    def surely(self, feature: str) -> bool:
        """Whether the server has it: it said so, or it was seen."""
        return self.known.get(feature, False)

    def learn(self, feature: str, *, works: bool) -> None:
        """An answer showed it; a later one that says otherwise counts more."""
        self.known[feature] = works

    def hide(self, what: str) -> None:
        """The server has this, says so when it is to be made, and does not show it.

        A set by its name, or an account by its user's object id.
        """
        self.learn(f"{_HIDDEN}{what}", works=False)

    @property
    def hidden(self) -> frozenset[str]:
        """Everything that is known to be so."""
        return frozenset(
            feature.removeprefix(_HIDDEN)
            for feature, shown in self.known.items()
            if feature.startswith(_HIDDEN) and not shown
        )

    def refuse(self, what: str) -> None:
        """The server refused this: once, or once more."""
        before = self.surely(f"{_REFUSED[False]}{what}")
        self.learn(f"{_REFUSED[before]}{what}", works=True)

    @property
    def refused(self) -> frozenset[str]:
        """Everything that was refused twice."""
        twice = _REFUSED[True]
        return frozenset(
            feature.removeprefix(twice)
            for feature, certain in self.known.items()
            if certain and feature.startswith(twice)
        )

    def heed(self, claims: Iterable[str] | None) -> None:
        """What the server says of itself; None, if it says nothing.

        A feature that it says it lacks is not tried. A claim proves nothing, but cursors and orders
        are only tried where they are claimed, or met.
        """
        for feature in (Feature.CURSOR, Feature.SORT):
            self.learn(feature, works=feature in (claims or ()))
        for feature in (Feature.FILTER, Feature.VERSION):
            if claims is not None and feature not in claims:
                self.learn(feature, works=False)
