"""Habits of identity: externalId, userName, and whom a request to create somebody gives."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from itertools import count
from typing import Any

from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from connectors.sandbox.habits.habit import (
    Body,
    Habit,
    Upstream,
    body_of,
    id_of,
    operations_of,
    refusal,
    shown,
    written,
)
from connectors.sandbox.habits.lists import Lists, everything, found, is_list, page

SUFFIX = "§"
"""Between a name and the number that keeps it apart from others behind the habit."""


class OfUsers(Habit):
    """A habit that users alone have."""

    collection = "Users"


class ExternalIdNotKept(OfUsers):
    name = "external-id-not-kept"
    imitates = "externalId is accepted and never shown"
    source = "langwatch issue 6974; awslabs/ssosync issue 329; canaille 0.3.6"
    does = "knows accounts by its own link with an agreeing userName, and says so once"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        return written(request, _without_external_id, vendor)


class ExternalIdAtCreationOnly(OfUsers):
    name = "external-id-at-creation-only"
    imitates = "externalId is kept when an account is made, and never changed afterwards"
    source = "open-webui issue 30074"
    does = "makes no further link of an account that does not take it"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if request.method == "PATCH":
            return written(request, _without_external_id, vendor)
        return vendor.ask(request)


class ExternalIdInCapitals(OfUsers):
    name = "external-id-in-capitals"
    imitates = "externalId is a GUID to the vendor, which shows it in capitals"
    source = "A cousin of stores that keep GUIDs as such"
    does = "compares object ids as GUIDs"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        looked_up = request.query.get("filter", "")
        if looked_up.startswith("externalId eq "):
            capitals = looked_up.replace(value := looked_up[14:], value.upper())
            request = replace(request, query={**request.query, "filter": capitals})

        def capital(path: str, value: Any) -> Any:
            return value.upper() if path == "externalId" and value else value

        return written(request, capital, vendor)


class UserNamesImmutable(OfUsers):
    name = "user-names-immutable"
    imitates = "A PATCH with another userName is refused as a whole: 400 mutability"
    source = "rancher issue 55220; vouch PR 1415"
    does = "changes the other attributes singly, and says once that names stay"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        now = vendor.read(request, f"/Users/{id_of(request)}").get("userName")
        if now and _user_name_of(request) not in {None, now}:
            return refusal(400, "userName is immutable", "mutability")
        return vendor.ask(request)


class UserNamesNotUnique(OfUsers):
    name = "user-names-not-unique"
    imitates = "A second account of the same userName is made without a word"
    source = "A cousin of RFC 7643, section 4.1.1, which servers over several stores forget"
    does = "creates nobody who may be on a page that it has not seen"

    def __init__(self) -> None:
        self._numbers = count(1)

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if is_list(request) and "filter" in request.query:
            return self._found(request, vendor)
        answer = vendor.ask(request)
        name = _user_name_of(request)
        if answer.status == HTTPStatus.CONFLICT and name:
            number = next(self._numbers)

            def apart(path: str, value: Any) -> Any:
                return f"{value}{SUFFIX}{number}" if path == "userName" else value

            answer = written(request, apart, vendor)
        return shown(answer, _as_named)

    def _found(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        resources = everything(replace(request, query={}), vendor)
        if isinstance(resources, ScimResponse):
            return resources
        attribute, _, value = request.query["filter"].partition(" eq ")
        wanted = value.strip('"').casefold()
        named = map(_as_named, resources)
        fitting = [one for one in named if str(one.get(attribute)).casefold() == wanted]
        return page(fitting, totalResults=len(fitting), startIndex=1)


@dataclass
class CreatingTakesOver(Lists):
    name = "creating-takes-over"
    imitates = "Accounts of the portal are not listed; to create one of the same name gives it"
    source = "onyx PR 8959; sourcegraph issue 49095"
    does = "takes the account only if it is certainly the user's, else leaves both as they are"
    collection = "Users"

    _managed: set[str] = field(default_factory=set)

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        answer = super().answer(request, vendor)
        if request.method != "POST":
            return answer
        if answer.status == HTTPStatus.CONFLICT and (hidden := self._hidden(request, vendor)):
            answer = ScimResponse(HTTPStatus.OK, hidden)
        if answer.status < HTTPStatus.BAD_REQUEST and answer.body:
            self._managed.add(answer.body["id"])
        return answer

    def listed(self, request: ScimRequest, resources: list[Body]) -> ScimResponse:
        managed = [one for one in resources if one["id"] in self._managed]
        return super().listed(request, managed)

    def _hidden(self, request: ScimRequest, vendor: Upstream) -> Body | None:
        named = f'userName eq "{_user_name_of(request)}"'
        called = found(request, vendor, "/Users", filter=named)
        return next((one for one in called if one["id"] not in self._managed), None)


class CreatedWithoutAnId(OfUsers):
    name = "created-without-an-id"
    imitates = "201 without a body to whoever creates an account"
    source = "RFC 7644, section 3.3 (the body is no more than a SHOULD)"
    does = "looks the account up by its names"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        answer = vendor.ask(request)
        return replace(answer, body=None) if answer.status == HTTPStatus.CREATED else answer


class GroupNamesAsSlugs(Habit):
    name = "group-names-as-slugs"
    imitates = "Groups' names are shown in small letters with hyphens, and are not unique"
    source = "A cousin of products whose teams are called by their address"
    does = "recognises the group by the answer that made it, says so once, and makes no second"
    collection = "Groups"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        def slug(group: Body) -> Body:
            name = str(group.get("displayName", ""))
            return {**group, "displayName": name.lower().replace(" ", "-")}

        return shown(vendor.ask(request), slug)


def _without_external_id(path: str, value: Any) -> Any:
    return None if path == "externalId" else value


def _user_name_of(request: ScimRequest) -> str | None:
    """The userName that is written, if one is."""
    said = [one["value"] for one in operations_of(request) if one.get("path") == "userName"]
    name = said[-1] if said else body_of(request).get("userName")
    return None if name is None else str(name)


def _as_named(user: Body) -> Body:
    name = str(user.get("userName", ""))
    return {**user, "userName": name.partition(SUFFIX)[0]}


IDENTITY: tuple[Callable[[], Habit], ...] = (
    CreatingTakesOver,
    CreatedWithoutAnId,
    ExternalIdNotKept,
    ExternalIdAtCreationOnly,
    ExternalIdInCapitals,
    UserNamesImmutable,
    UserNamesNotUnique,
    GroupNamesAsSlugs,
)
