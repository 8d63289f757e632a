"""A habit is a layer before the well-behaved vendor that changes requests, responses, or both."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeAlias

from scim2_models import Error
from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE, ScimResponse

from connectors.sandbox.admin_portal import Portal

Body: TypeAlias = dict[str, Any]

PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True)
class Upstream:
    """What a habit passes requests on to: the well-behaved vendor, or the next habit."""

    ask: Callable[[ScimRequest], ScimResponse]
    portal: Portal

    def read(self, request: ScimRequest, path: str) -> Body:
        """Another resource, asked for with the rights of this request; {} if there is none."""
        answer = self.ask(another(request, "GET", path))
        return answer.body or {} if answer.status == HTTPStatus.OK else {}

    def patch(self, request: ScimRequest, path: str, *operations: Body) -> None:
        """Changes another resource with the rights of this request."""
        body = {"schemas": [PATCH_SCHEMA], "Operations": list(operations)}
        self.ask(with_body(another(request, "PATCH", path), body))

    def delete(self, request: ScimRequest, path: str) -> None:
        """Deletes a resource with the rights of this request."""
        self.ask(another(request, "DELETE", path))


class Habit:
    """One of them. `imitates` and `source` say what was seen and where, `does` what seatsync does.

    `collection` is the only one that it concerns, "" if it concerns all.
    """

    name: str
    imitates: str
    source: str
    does: str
    collection: str = ""

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        """What the client is answered: here what it would be without the habit."""
        return vendor.ask(request)


def with_habits(habits: Sequence[Habit], vendor: Upstream) -> Upstream:
    """The vendor that has these habits, the first of them nearest to the client."""
    for habit in reversed(habits):
        vendor = _with(habit, vendor)
    return vendor


def _with(habit: Habit, vendor: Upstream) -> Upstream:
    def ask(request: ScimRequest) -> ScimResponse:
        if habit.collection in {"", collection_of(request)}:
            return habit.answer(request, vendor)
        return vendor.ask(request)

    return replace(vendor, ask=ask)


def collection_of(request: ScimRequest) -> str:
    """``Users`` of ``/Users`` and of ``/Users/1``."""
    return request.path.strip("/").partition("/")[0]


def id_of(request: ScimRequest) -> str:
    """The resource that is meant, "" for a whole collection."""
    return request.path.strip("/").partition("/")[2]


def body_of(request: ScimRequest) -> Body:
    """The JSON that was sent; {} if there is none."""
    return json.loads(request.body) if request.body else {}


def with_body(request: ScimRequest, body: Body) -> ScimRequest:
    """The same request with another body."""
    return replace(request, body=json.dumps(body).encode())


def another(request: ScimRequest, method: str, path: str, **query: str) -> ScimRequest:
    """A request of the vendor's own, in the name of whoever sent this one."""
    kept = {"Authorization": request.header("Authorization") or ""}
    headers = {**kept, "Content-Type": SCIM_MEDIA_TYPE}
    return replace(request, method=method, path=path, query=query, headers=headers, body=b"")


def operations_of(request: ScimRequest) -> list[Body]:
    """The operations of a PATCH, none if it is no PATCH."""
    return body_of(request).get("Operations", []) if request.method == "PATCH" else []


def with_operations(
    request: ScimRequest, vendor: Upstream, operations: Sequence[Body]
) -> ScimResponse:
    """What the vendor says to these operations; to none it says what there is."""
    if operations:
        body = {**body_of(request), "Operations": list(operations)}
        return vendor.ask(with_body(request, body))
    return vendor.ask(another(request, "GET", request.path))


def refusal(status: int, detail: str, scim_type: str | None = None) -> ScimResponse:
    """An error answer (RFC 7644, section 3.12)."""
    error = Error(status=status, detail=detail, scim_type=scim_type)
    return ScimResponse(HTTPStatus(status), error.model_dump())


def shown(answer: ScimResponse, change: Callable[[Body], Body]) -> ScimResponse:
    """The answer with each of its resources changed; an error stays as it is."""
    body = answer.body
    if body is None or answer.status >= HTTPStatus.BAD_REQUEST:
        return answer
    if "Resources" in body:
        return replace(answer, body={**body, "Resources": [*map(change, body["Resources"])]})
    return replace(answer, body=body if "totalResults" in body else change(body))


def written(
    request: ScimRequest, change: Callable[[str, Any], Any], vendor: Upstream
) -> ScimResponse:
    """The answer to the request after `change` has seen every attribute's path and value.

    What it makes None is not written. Paths are dotted, whatever entry of several is meant.
    """
    if request.method == "PATCH":
        operations = [
            {**one, "value": value}
            for one in operations_of(request)
            if (value := _changed(one.get("path", ""), one.get("value"), change)) is not None
            or one["op"].lower() == "remove"
        ]
        return with_operations(request, vendor, operations)
    if request.body:
        return vendor.ask(with_body(request, _changed("", body_of(request), change)))
    return vendor.ask(request)


def _changed(path: str, value: Any, change: Callable[[str, Any], Any]) -> Any:
    if isinstance(value, dict):
        changed = {
            key: _changed(f"{path}.{key}" if path else key, inner, change)
            for key, inner in value.items()
        }
        return {key: inner for key, inner in changed.items() if inner is not None}
    return change(path, value)
