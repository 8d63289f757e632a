"""Microsoft Graph v1.0, as far as seatsync asks it."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from connectors.sandbox.authority import SandboxAuthority
from connectors.sandbox.delta import Delta, Expired, Kind, Malformed
from connectors.sandbox.graph_batch import answer_each
from connectors.sandbox.request_log import WriteLedger
from connectors.sandbox.tenant import Resource, Tenant

ROLES = ("GroupMember.Read.All", "User.Read.All", "Application.Read.All")
SEES_SIGN_INS = "AuditLog.Read.All"
DEFAULT_PAGE, LARGEST_PAGE = 100, 999
LARGEST_PAGE_OF_SIGN_INS = 1000

# Answered whatever is selected; the rest of a user needs User.Read.All.
ALWAYS = ("@odata.type", "id")

_FILTERS = (
    (re.compile(r"(\w+) eq '((?:[^']|'')*)'"), lambda value, given: value == given[0]),
    (re.compile(r"(\w+) in \(((?:'(?:[^']|'')*+',? ?)++)\)"), lambda value, given: value in given),
    (
        re.compile(r"startswith\((\w+), ?'((?:[^']|'')*)'\)", re.IGNORECASE),
        lambda value, given: value.startswith(given[0]),
    ),
)

_IDS = re.compile(r"id in \('([0-9A-Fa-f',-]+)'\)")


_SIGN_INS_FILTER = re.compile(
    r"appId eq '(?P<app>[^']*)'(?: and createdDateTime ge (?P<since>[0-9T:-]+Z))?"
)


class GraphError(Exception):
    """An answer in Graph's error shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Graph:
    """A WSGI application over a `Tenant`. `roles` are the application permissions of its token.

    Graph's endpoints may disagree. `unlisted` are memberships (ids of a group and a user) that
    checkMemberGroups tells, while neither the member list nor its count has them; `unchecked` are
    those that only checkMemberGroups lacks. Without `counts` it counts no members, and `expiring`
    says of how many more pages it will have forgotten the token. A tenant that is not `premium`
    gives no sign-ins.
    """

    def __init__(self, tenant: Tenant, authority: SandboxAuthority, ledger: WriteLedger) -> None:
        self.tenant = tenant
        self.roles: tuple[str, ...] = (*ROLES, SEES_SIGN_INS) if tenant.sign_ins else ROLES
        self.premium = True
        self.largest_page = LARGEST_PAGE
        self.counts, self.expiring = True, 0
        self.unlisted: set[tuple[str, str]] = set()
        self.unchecked: set[tuple[str, str]] = set()
        self.authority = authority
        self.delta = Delta(tenant)
        self._ledger = ledger
        self._request_ids = count(1)
        members = "/v1.0/groups/<group_id>/<any(members,transitiveMembers):which>"
        self._routes = Map(
            [
                Rule(
                    "/<tenant>/v2.0/.well-known/openid-configuration",
                    endpoint=authority.discovery,
                ),
                Rule("/<tenant>/oauth2/v2.0/token", endpoint=self._token, methods=["POST"]),
                Rule("/<tenant>/oauth2/v2.0/authorize", endpoint=authority.authorize),
                Rule("/<tenant>/oauth2/v2.0/devicecode", endpoint=authority.device_code),
                Rule("/<tenant>/deviceauth", endpoint=authority.device_page),
                Rule("/<tenant>/discovery/v2.0/keys", endpoint=authority.keys),
                Rule("/v1.0/groups", endpoint=self._list_groups),
                Rule("/v1.0/groups/<group_id>", endpoint=self._get_group),
                Rule(members, endpoint=self._list_members),
                Rule(f"{members}/graph.user/$count", endpoint=self._count_users),
                Rule("/v1.0/users", endpoint=self._list_users),
                Rule("/v1.0/groups/delta()", endpoint=partial(self._changes, kind="groups")),
                Rule("/v1.0/users/delta()", endpoint=partial(self._changes, kind="users")),
                Rule(
                    "/v1.0/users/<user_id>/checkMemberGroups",
                    endpoint=self._check_member_groups,
                    methods=["POST"],
                ),
                Rule("/v1.0/$batch", endpoint=self._batch, methods=["POST"]),
                Rule("/v1.0/directory/deletedItems/graph.user", endpoint=self._list_deleted),
                Rule("/v1.0/directory/deletedItems/graph.group", endpoint=self._deleted_groups),
                Rule("/v1.0/servicePrincipals", endpoint=self._list_service_principals),
                Rule("/v1.0/applications", endpoint=self._list_applications),
                Rule("/v1.0/auditLogs/signIns", endpoint=self._list_sign_ins),
            ]
        )

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        self._ledger.asked(request.method, request.path)
        response = self.answer(request)
        response.headers["request-id"] = f"00000000-0000-0000-0000-{next(self._request_ids):012}"
        return response(environ, start_response)

    def answer(self, request: Request) -> Response:
        """The response to a request; tests replace it to inject faults."""
        try:
            endpoint, arguments = self._routes.bind_to_environ(request.environ).match()
            if request.path.startswith("/v1.0/"):
                self._check_token(request)
            answer: Response = endpoint(request, **arguments)
        except GraphError as error:
            body = {"error": {"code": error.code, "message": error.message}}
            return _json(body, error.status)
        except HTTPException as error:
            status = error.code or 500
            return _json({"error": {"code": "BadRequest", "message": str(error)}}, status)
        return answer

    def _token(self, request: Request, tenant: str) -> Response:
        return self.authority.token(request, tenant, self.roles)

    def _check_token(self, request: Request) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self.authority.accepts(token):
            raise GraphError(401, "InvalidAuthenticationToken", "Access token is empty or invalid.")

    def _need(self, role: str) -> None:
        if role not in self.roles:
            message = "Insufficient privileges to complete the operation."
            raise GraphError(403, "Authorization_RequestDenied", message)

    # Groups, users, what was deleted, applications

    def _list_groups(self, request: Request) -> Response:
        self._need("GroupMember.Read.All")
        return self._page(
            request, _searched(_filtered(self.tenant.groups.values(), request), request)
        )

    def _get_group(self, request: Request, group_id: str) -> Response:
        return _json(_selected(self._group(group_id), request))

    def _list_members(self, request: Request, group_id: str, which: str) -> Response:
        return self._page(request, self._members(group_id, which))

    def _count_users(self, request: Request, group_id: str, which: str) -> Response:
        members = self._members(group_id, which)
        if not self.counts:
            raise GraphError(400, "Request_UnsupportedQuery", "Unsupported segment: $count.")
        if request.headers.get("ConsistencyLevel") != "eventual":
            raise GraphError(400, "Request_UnsupportedQuery", "$count needs ConsistencyLevel.")
        users = [member for member in members if member["id"] in self.tenant.users]
        return Response(str(len(users)), mimetype="text/plain")

    def _members(self, group_id: str, which: str) -> list[Resource]:
        """Without the permission to read hidden memberships the list is empty."""
        group = self._group(group_id)
        hidden = group.get("visibility") == "HiddenMembership"
        if hidden and "Member.Read.Hidden" not in self.roles:
            return []
        every = (
            self.tenant.transitive_members if which == "transitiveMembers" else self.tenant.members
        )
        return [one for one in every(group_id) if (group_id, one["id"]) not in self.unlisted]

    def _list_users(self, request: Request) -> Response:
        self._need("User.Read.All")
        return self._page(request, self._asked_for(request))

    def _asked_for(self, request: Request) -> list[Resource]:
        """Users by their ids are found without looking at all the others."""
        if ids := _IDS.fullmatch(request.args.get("$filter", "")):
            there = self.tenant.users
            named = {at: there[at] for at in map(str.lower, ids[1].split("','")) if at in there}
            return _filtered(named.values(), request)
        return _filtered(self.tenant.users.values(), request)

    def _changes(self, request: Request, kind: Kind) -> Response:
        self._need("GroupMember.Read.All" if kind == "groups" else "User.Read.All")
        self._check_page_token(request)
        try:
            answer = self.delta.answer(kind, request.args)
        except Malformed as error:
            raise GraphError(400, "Request_UnsupportedQuery", str(error)) from None
        except Expired:
            raise GraphError(410, "syncStateNotFound", "The sync state is not found.") from None
        name = "$deltatoken" if answer.last else "$skiptoken"
        link = f"{request.base_url}?{urlencode({name: answer.token})}"
        return _json(
            {
                "value": answer.objects,
                "@odata.deltaLink" if answer.last else "@odata.nextLink": link,
            }
        )

    def _check_member_groups(self, request: Request, user_id: str) -> Response:
        self._need("GroupMember.Read.All")
        if user_id not in self.tenant.users:
            message = f"Resource '{user_id}' does not exist."
            raise GraphError(404, "Request_ResourceNotFound", message)
        asked = request.get_json()["groupIds"]
        if len(asked) > 20:
            raise GraphError(400, "Request_BadRequest", "Too many groups.")
        known = [group_id for group_id in asked if group_id in self.tenant.groups]
        inside = {
            (group_id, member["id"])
            for group_id in known
            for member in self.tenant.transitive_members(group_id)
        }
        told = inside - self.unchecked
        return _json({"value": [group_id for group_id in known if (group_id, user_id) in told]})

    def _batch(self, request: Request) -> Response:
        try:
            return _json({"responses": answer_each(request, lambda one: self.answer(one))})
        except ValueError as error:
            raise GraphError(400, "BadRequest", str(error)) from None

    def _deleted_groups(self, request: Request) -> Response:
        self._need("Group.Read.All")
        return self._page(request, list(self.tenant.deleted_groups.values()))

    def _list_deleted(self, request: Request) -> Response:
        self._need("User.Read.All")
        return self._page(request, _filtered(self.tenant.deleted.values(), request))

    def _list_service_principals(self, request: Request) -> Response:
        self._need("Application.Read.All")
        return self._page(request, _filtered(self.tenant.service_principals, request))

    def _list_applications(self, request: Request) -> Response:
        self._need("Application.Read.All")
        return self._page(request, _filtered([self.authority.app.resource()], request))

    def _list_sign_ins(self, request: Request) -> Response:
        """The newest first, by Graph's default."""
        if SEES_SIGN_INS not in self.roles:
            message = "The principal does not have the required permission(s): AuditLog.Read.All."
            raise GraphError(403, "Authentication_MSGraphPermissionMissing", message)
        if not self.premium:
            code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
            raise GraphError(403, code, "The tenant has no premium license.")
        asked = _SIGN_INS_FILTER.fullmatch(request.args.get("$filter", ""))
        if not asked:
            raise GraphError(400, "BadRequest", "Invalid filter clause")
        since = datetime.fromisoformat(asked["since"] or "0001-01-01T00:00:00Z")
        found = [
            one
            for one in self.tenant.sign_ins
            if one["appId"] == asked["app"]
            and datetime.fromisoformat(one["createdDateTime"]) >= since
        ]
        found.sort(key=lambda one: datetime.fromisoformat(one["createdDateTime"]), reverse=True)
        size = int(request.args.get("$top", LARGEST_PAGE_OF_SIGN_INS))
        if size > LARGEST_PAGE_OF_SIGN_INS:
            raise GraphError(400, "BadRequest", "The limit of '1000' for Top query is exceeded.")
        start = int(request.args.get("$skiptoken", 0))
        body: dict[str, Any] = {"value": found[start : start + size]}
        if start + size < len(found):
            query = urlencode({**request.args.to_dict(), "$skiptoken": start + size})
            body["@odata.nextLink"] = f"{request.base_url}?{query}"
        return _json(body)

    def _group(self, group_id: str) -> Resource:
        self._need("GroupMember.Read.All")
        if group_id not in self.tenant.groups:
            message = f"Resource '{group_id}' does not exist."
            raise GraphError(404, "Request_ResourceNotFound", message)
        return self.tenant.groups[group_id]

    def _check_page_token(self, request: Request) -> None:
        if self.expiring and "$skiptoken" in request.args:
            self.expiring -= 1
            message = "The specified page token value has expired."
            raise GraphError(400, "Directory_ExpiredPageToken", message)

    def _page(self, request: Request, resources: list[Resource]) -> Response:
        self._check_page_token(request)
        size = min(int(request.args.get("$top", DEFAULT_PAGE)), self.largest_page)
        start = int(request.args.get("$skiptoken", 0))
        page = [_selected(item, request) for item in resources[start : start + size]]
        if "User.Read.All" not in self.roles:
            page = [_limited(item) for item in page]
        body: dict[str, Any] = {"value": page}
        if start + size < len(resources):
            query = urlencode({**request.args.to_dict(), "$skiptoken": start + size})
            body["@odata.nextLink"] = f"{request.base_url}?{query}"
        return _json(body)


def _filtered(resources: Iterable[Resource], request: Request) -> list[Resource]:
    """Graph compares text without regard to case, though it does not say so."""
    text = request.args.get("$filter")
    if text is None:
        return list(resources)
    for pattern, holds in _FILTERS:
        if match := pattern.fullmatch(text):
            attribute, given = match[1], match[2]
            quoted = re.findall(r"'((?:[^']|'')*)'", given) if given.startswith("'") else [given]
            values = [value.replace("''", "'").casefold() for value in quoted]
            if len(values) > 15:
                raise GraphError(400, "Request_UnsupportedQuery", "Too many child clauses.")
            return [r for r in resources if holds(str(r.get(attribute) or "").casefold(), values)]
    raise GraphError(400, "BadRequest", f"Invalid filter clause: {text}")


def _searched(resources: list[Resource], request: Request) -> list[Resource]:
    """Those that have, for each searched word, a word that begins with it."""
    text = request.args.get("$search")
    if text is None:
        return resources
    asked = re.fullmatch(r'"displayName:((?:[^"\\]|\\.)*)"', text)
    if not asked or request.headers.get("ConsistencyLevel") != "eventual":
        raise GraphError(400, "Request_UnsupportedQuery", "$search needs ConsistencyLevel.")
    wanted = _words(asked[1])
    return [
        resource
        for resource in resources
        if all(
            any(word.startswith(one) for word in _words(resource["displayName"])) for one in wanted
        )
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _selected(resource: Resource, request: Request) -> Resource:
    wanted = [name for name in request.args.get("$select", "id,displayName").split(",") if name]
    kept = {name: resource[name] for name in ALWAYS if name in resource}
    return kept | {name: resource.get(name) for name in wanted}


def _limited(resource: Resource) -> Resource:
    """What an app without User.Read.All sees of a user: the id alone."""
    if resource.get("@odata.type") != "#microsoft.graph.user":
        return resource
    return {name: value if name in ALWAYS else None for name, value in resource.items()}


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, mimetype="application/json")
