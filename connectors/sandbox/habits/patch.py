"""Habits of PATCH: servers that have none, or one form of it."""

from collections.abc import Callable
from dataclasses import replace

from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from connectors.sandbox.habits.habit import (
    Habit,
    Upstream,
    collection_of,
    operations_of,
    refusal,
)


class NoPatch(Habit):
    name = "no-patch"
    imitates = "PATCH is 501, as /ServiceProviderConfig says; PUT replaces"
    source = "RFC 7644, section 3.5.2 (optional); thunderid PR 5110"
    does = "replaces by PUT what it has just read"

    status = 501

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if request.method == "PATCH":
            return refusal(self.status, "PATCH is not supported")
        answer = vendor.ask(request)
        if collection_of(request) == "ServiceProviderConfig" and answer.body:
            return replace(answer, body={**answer.body, "patch": {"supported": False}})
        return answer


class PatchNotAllowed(NoPatch):
    name = "patch-not-allowed"
    imitates = "PATCH is 405; PUT replaces"
    source = "authentik issue 11249"

    status = 405


class PatchHasNoRoute(NoPatch):
    name = "patch-has-no-route"
    imitates = "PATCH is 404, whatever it is for; PUT replaces"
    source = "A cousin of authentik issue 11249, behind a router"

    status = 404


class PatchWithoutPaths(Habit):
    name = "patch-without-paths"
    imitates = "A PATCH of a user with a path is 400; Okta's form, the values alone, is taken"
    source = "ssoready issue 206; WSO2 Identity Server (product-is issue 16933)"
    does = "sends the values alone where paths are refused, and remembers that"
    collection = "Users"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if any(one.get("path") for one in operations_of(request)):
            return refusal(400, "path is not supported", "invalidPath")
        return vendor.ask(request)


PATCH: tuple[Callable[[], Habit], ...] = (
    NoPatch,
    PatchNotAllowed,
    PatchHasNoRoute,
    PatchWithoutPaths,
)
