"""Habits of vendors without groups, where a set is the value of the user's ``userType``."""

from collections.abc import Callable
from typing import Any

from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from connectors.sandbox.habits.habit import (
    Body,
    Habit,
    Upstream,
    operations_of,
    refusal,
    shown,
    with_operations,
    written,
)
from connectors.sandbox.habits.identity import OfUsers

ATTRIBUTE = "userType"


class NoGroups(Habit):
    name = "no-groups"
    imitates = "There is no /Groups: 404"
    source = "zulip PR 34398, with which groups were to come; RFC 7643, section 6"
    does = "points to vendor.membership, and holds sets in the attribute that it names"
    collection = "Groups"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        return refusal(404, "there is no such endpoint")


class SetsInSmallLetters(OfUsers):
    name = "user-type-in-small-letters"
    imitates = "userType is kept in small letters"
    source = "A cousin of langfuse PR 13528, for another attribute"
    does = "tells the value that is there, and neither plans a grant nor reserves a seat"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        def small(path: str, value: Any) -> Any:
            return value.lower() if path == ATTRIBUTE and value else value

        return written(request, small, vendor)


class SetsNotRemoved(OfUsers):
    name = "user-type-not-removed"
    imitates = "The removal of userType is answered by 204, and removes nothing"
    source = "SimpleIdServer issue 164; langwatch issue 7140"
    does = "reads back, and takes a success without effect for a refusal"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if request.method != "PATCH":
            return vendor.ask(request)
        kept = [one for one in operations_of(request) if one["op"].lower() != "remove"]
        return with_operations(request, vendor, kept)


class SetsAsList(OfUsers):
    name = "user-type-as-list"
    imitates = "userType is shown as a list of one"
    source = "A cousin of servers that store every attribute as several values, as LDAP does"
    does = "reads the value of a list of one"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        def as_list(user: Body) -> Body:
            return {**user, ATTRIBUTE: [user[ATTRIBUTE]]} if user.get(ATTRIBUTE) else user

        return shown(vendor.ask(request), as_list)


ATTRIBUTE_SETS: tuple[Callable[[], Habit], ...] = (
    NoGroups,
    SetsInSmallLetters,
    SetsNotRemoved,
    SetsAsList,
)
