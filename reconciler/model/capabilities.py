"""What a vendor's server was seen to support, so that nothing is tried in vain twice."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

BELIEVED = timedelta(days=30)
"""What was seen longer ago is tried again: servers get better."""


class Feature(StrEnum):
    """What some servers lack, and a client can do without.

    FILTER: a filter finds the resources that match and no others (RFC 7644, section 3.4.2.2).
    SORT: a list has the order that was asked for (section 3.4.2.3). CURSOR: a list can be read by
    cursors (RFC 9865). TOTAL: totalResults counts the whole list, not the page. FROM_ONE: the
    first resource of a list has the index 1 (RFC 7644, section 3.4.2.4), not 0. PATCH: the server
    has PATCH. CHANGES: it has PATCH or PUT. REMOVE: PATCH can remove an attribute (section
    3.5.2.2). BATCH: one PATCH can add or remove several members (section 3.5.2). VERSION: a change
    is refused if the resource has another version than the request says (section 3.14). MEMBERS:
    groups show all their members. LEAVING: a removed member is no longer in the group.
    EMPTY_GROUPS: a group can be created without members. EXTERNAL_ID: accounts show their
    externalId. LINK: they show one that they get later, too (RFC 7643, section 3.1). INVITES: a
    new account is not active before its owner accepts an invitation.
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
"""Prefix of what the server says it has and does not show; see `Capabilities.hide`."""

MISSED, REQUIRED = "missed", "required"
"""Prefixes of attributes without which an account was refused, once and twice: the first time may
have to do with that one user.
"""

REFUSALS = (f"{MISSED}:", f"{REQUIRED}:")
"""What `seatsync retry` forgets of a server's features."""


class Seen(NamedTuple):
    """That a server has a feature, or lacks it (`works`), and since when (UTC) that is known."""

    feature: str
    works: bool
    since: datetime


def believed(seen: Iterable[Seen], now: datetime) -> dict[str, bool]:
    """Per feature whether the server has it, where that was seen within `BELIEVED`."""
    return {one.feature: one.works for one in seen if one.since > now - BELIEVED}


class Capabilities:
    """Per feature whether the server has it. What is not known is tried, and then known."""

    def __init__(self, known: Mapping[str, bool] | None = None) -> None:
        self.known = dict(known or {})

    def may(self, feature: str) -> bool:
        """Whether to try it: the server is not known to lack it."""
        return self.known.get(feature, True)

    def surely(self, feature: str) -> bool:
        """Whether the server is known to have it: it said so, or it was seen."""
        return self.known.get(feature, False)

    def learn(self, feature: str, *, works: bool) -> None:
        """Remembers what an answer showed, in place of what earlier ones did."""
        self.known[feature] = works

    def hide(self, what: str) -> None:
        """Remembers what the server does not show, but refuses to create because it has it.

        `what` is the name of a set, or the object id of an account's user.
        """
        self.learn(f"{_HIDDEN}{what}", works=False)

    @property
    def hidden(self) -> frozenset[str]:
        """Everything that `hide` was told of."""
        return frozenset(
            feature.removeprefix(_HIDDEN)
            for feature, shown in self.known.items()
            if feature.startswith(_HIDDEN) and not shown
        )

    def heed(self, claims: Iterable[str] | None) -> None:
        """Learns from the features that the server claims; None if it claims nothing at all.

        A feature that it says it lacks is not tried. A claim proves nothing, but cursors and
        sorting are tried only where they are claimed, or where they were met.
        """
        for feature in (Feature.CURSOR, Feature.SORT):
            self.learn(feature, works=feature in (claims or ()))
        for feature in (Feature.FILTER, Feature.VERSION):
            if claims is not None and feature not in claims:
                self.learn(feature, works=False)
