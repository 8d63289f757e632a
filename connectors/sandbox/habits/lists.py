"""Habits of lists: pages, cursors and totals, and what is in no list."""

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from random import Random
from typing import Any

from scim2_models import ListResponse, Resource
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from connectors.sandbox.habits.habit import (
    Body,
    Habit,
    Upstream,
    another,
    collection_of,
    id_of,
    refusal,
)

SCHEMA = ListResponse[Resource[Any]].__schema__
LARGEST_PAGE = "100"
"""What is asked of the vendor behind, whatever the client asks for."""


def is_list(request: ScimRequest) -> bool:
    """Whether a collection is asked for, filtered or not."""
    asked = collection_of(request) in {"Users", "Groups"} and not id_of(request)
    return asked and request.method == "GET"


def everything(request: ScimRequest, vendor: Upstream) -> list[Body] | ScimResponse:
    """All that the vendor behind would list to this request, or its refusal."""
    found: list[Body] = []
    desired = {name: text for name, text in request.query.items() if name != "cursor"}
    while True:
        query = {**desired, "startIndex": str(len(found) + 1), "count": LARGEST_PAGE}
        answer = vendor.ask(replace(request, query=query))
        if answer.status != HTTPStatus.OK or answer.body is None:
            return answer
        part = answer.body.get("Resources") or []
        found += part
        if not part or len(found) >= answer.body["totalResults"]:
            return found


def found(request: ScimRequest, vendor: Upstream, path: str, **query: str) -> list[Body]:
    """What the vendor's own look into a collection finds; nobody where it is refused."""
    resources = everything(another(request, "GET", path, **query), vendor)
    return resources if isinstance(resources, list) else []


def page(resources: list[Body], **said: object) -> ScimResponse:
    """A ListResponse, and what else it says."""
    body = {"schemas": [SCHEMA], "itemsPerPage": len(resources), **said, "Resources": resources}
    return ScimResponse(HTTPStatus.OK, body)


@dataclass
class Lists(Habit):
    """Lists of its own, made of all that the vendor behind has; `most` resources fit a page."""

    most: int = 50

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if not is_list(request):
            return vendor.ask(request)
        resources = everything(request, vendor)
        if isinstance(resources, ScimResponse):
            return resources
        return self.listed(request, resources)

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        """The page of these resources that is sent: here the one of RFC 7644."""
        start = self.start_of(request)
        part = self.part(request, resources, start)
        return page(part, totalResults=len(resources), startIndex=start + 1)

    def start_of(self, request: ScimRequest) -> int:
        """How many resources are before the page."""
        return max(1, int(request.query.get("startIndex", 1))) - 1

    def part(self, request: ScimRequest, resources: list[Body], start: int) -> list[Body]:
        """Not more than fit a page."""
        desired = max(0, int(request.query.get("count", self.most)))
        return resources[start : start + min(desired, self.most)]


class ByCursor(Lists):
    """Pages that name the next one (RFC 9865), whatever startIndex says."""

    def by_cursor(
        self, request: ScimRequest, resources: list[Body], **said: object
    ) -> ScimResponse:
        """The page that the cursor stands for, and what else it says."""
        start = int(request.query.get("cursor") or 0)
        part = self.part(request, resources, start)
        end = start + len(part)
        return page(part, **said, **({"nextCursor": str(end)} if end < len(resources) else {}))


class CursorPages(ByCursor):
    name = "cursor-pages"
    imitates = "Pages by cursor, as /ServiceProviderConfig says; no totals; startIndex is ignored"
    source = "RFC 9865; Entra ID's own SCIM API lists so"
    does = "follows the cursor to its end"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        answer = super().answer(request, vendor)
        if collection_of(request) != "ServiceProviderConfig" or not answer.body:
            return answer
        offered = {"cursor": True, "index": False, "defaultPaginationMethod": "cursor"}
        return replace(answer, body={**answer.body, "pagination": offered})

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        return self.by_cursor(request, resources)


class CursorPagesWithTotals(ByCursor):
    name = "cursor-pages-with-totals"
    imitates = "Pages by cursor, of which /ServiceProviderConfig says nothing, with the real total"
    source = "RFC 9865; WSO2 Identity Server (product-is issues 6313 and 7320)"
    does = "follows the cursor that a page names"

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        return self.by_cursor(request, resources, totalResults=len(resources))


class FirstPageOnly(Lists):
    name = "first-page-only"
    imitates = "Always the first page, whatever startIndex says; its size as the total"
    source = "AWS IAM Identity Center (awslabs/ssosync issues 1, 65 and 81), without its cursor"
    does = "finds no proof that a list ended, says so (R3), and changes nobody"

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        part = self.part(request, resources, 0)
        return page(part, totalResults=len(part), startIndex=1)


class TotalOfThePage(Lists):
    name = "total-of-the-page"
    imitates = "Pages as asked for, with the page's size as the total"
    source = "AWS IAM Identity Center (awslabs/ssosync issue 81; idp-scim-sync issue 76)"
    does = "reads on until an empty page"

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        start = self.start_of(request)
        part = self.part(request, resources, start)
        return page(part, totalResults=len(part), startIndex=start + 1)


class PagesFromZero(Lists):
    name = "pages-from-zero"
    imitates = "Counts resources from 0, so that startIndex 1 leaves out the first"
    source = "A cousin of the servers whose startIndex is an offset"
    does = "asks for number 0 where one is missing by the total, and counts from there"

    def start_of(self, request: ScimRequest) -> int:
        return max(0, int(request.query.get("startIndex", 0)))

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        start = self.start_of(request)
        part = self.part(request, resources, start)
        return page(part, totalResults=len(resources), startIndex=start)


@dataclass
class PagesWithoutOrder(Lists):
    name = "pages-without-order"
    imitates = "Another order at every request, so that pages overlap and leave some out"
    source = "scim-for-keycloak issue 157; better-auth issue 10399"
    does = "unites several readings, until nothing new comes twice"

    _random: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - no secret

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        return super().listed(request, self._random.sample(resources, len(resources)))


class CountRefused(Lists):
    name = "count-refused"
    imitates = "400 to a `count` that is larger than its page"
    source = "A cousin of AWS IAM Identity Center's bounds on pages (idp-scim-sync issue 520)"
    does = "asks for smaller pages, and last for none"

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        if int(request.query.get("count", 0)) > self.most:
            return refusal(400, f"count is at most {self.most}", "invalidValue")
        return super().listed(request, resources)


class TotalCountsTheHidden(Lists):
    name = "total-counts-the-hidden"
    imitates = "A total that counts an account that is never shown"
    source = "A cousin of the lists that leave out portal accounts (onyx PR 8959)"
    does = "says that a list is not complete (R3), and changes nobody"
    collection = "Users"

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        answer = super().listed(request, resources)
        if "filter" in request.query:
            return answer
        return replace(answer, body={**(answer.body or {}), "totalResults": len(resources) + 1})


class InactiveNotListed(Lists):
    name = "inactive-not-listed"
    imitates = "Deactivated users are in no list and found by no filter; by id they are"
    source = "A cousin of better-auth issue 11111, where such accounts refuse their return by 409"
    does = "asks by id for an account that it knows, before it calls it absent"
    collection = "Users"

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        listed = [one for one in resources if one.get("active") is not False]
        return super().listed(request, listed)


@dataclass
class GroupsListedLate(Lists):
    name = "groups-listed-late"
    imitates = "A new group is in no list for a while (here in twelve); by id it is there at once"
    source = "zitadel issue 7543; scimgateway issue 168"
    does = "keeps the id that it was told, and asks for it before it makes another"
    collection = "Groups"

    late: int = 12
    _seen: dict[str, int] = field(default_factory=dict)

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        for one in resources:
            self._seen[one["id"]] = self._seen.get(one["id"], 0) + 1
        listed = [one for one in resources if self._seen[one["id"]] > self.late]
        return super().listed(request, listed)


LISTS = (
    CursorPages,
    CursorPagesWithTotals,
    FirstPageOnly,
    TotalOfThePage,
    PagesFromZero,
    PagesWithoutOrder,
    CountRefused,
    TotalCountsTheHidden,
    InactiveNotListed,
    GroupsListedLate,
)
