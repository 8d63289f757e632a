"""Graph's answers and errors, parsed, and requests and errors in words for an administrator."""

from typing import Any, TypeAlias

import httpx
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from connectors.errors import Unreachable
from connectors.http.json_answer import json_of
from connectors.id_validation import is_object_id
from connectors.untrusted_text import excerpt

Json: TypeAlias = dict[str, Any]


def body_of(response: httpx.Response, request: RequestInformation) -> Json:
    """The JSON object that answers the request; raises Unreachable."""
    body = json_of(response.content)
    if not isinstance(body, dict):
        raise Unreachable(what_of(request), "the answer is not JSON")
    return body


def with_ids(resources: list[Any]) -> list[Json]:
    """The resources, if each is an object with an id; raises Unreachable."""
    if not all(isinstance(item, dict) and is_object_id(item.get("id")) for item in resources):
        raise Unreachable("reading a page", "a value has no usable id")
    return resources


def what_of(request: RequestInformation) -> str:
    """A request in words, for an administrator."""
    return f"{method_of(request)} {excerpt(httpx.URL(request.url).path)} at Microsoft Graph"


def method_of(request: RequestInformation) -> str:
    """GET or POST."""
    return (request.http_method or Method.GET).value


def error_of(response: httpx.Response) -> str:
    """Graph's own code and message, shortened; other bodies are not repeated.

    The full stop is left to the sentence in which it stands.
    """
    try:
        error = json_of(response.content)["error"]
        return excerpt(f"{error['code']}: {error['message']}").rstrip(".")
    except (KeyError, TypeError):
        return ""
