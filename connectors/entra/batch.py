"""Several small requests in one: Graph's JSON batching."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from connectors.concurrency import gather_all
from connectors.entra.answers import Json, body_of, method_of
from connectors.entra.pacing import wait_asked_for
from connectors.entra.transport import (
    NOT_FOUND,
    PASSING_STATUSES,
    GraphTransport,
)
from connectors.errors import Unreachable

IN_ONE_BATCH = 20
"""Requests that Graph takes in one."""

AT_ONCE = 4
"""Batches that are under way at the same time."""

Requests = Mapping[str, RequestInformation]
"""Requests by their ids within the batch."""


async def batch(
    transport: GraphTransport, requests: Sequence[RequestInformation]
) -> list[Json | None]:
    """The JSON objects that Graph answers, in the order of the requests; None for a 404.

    Graph throttles each request by itself: those that it throttled are sent again, together, after
    the longest of the times that it asks for. `GraphTransport.pages` says what is raised.
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def some(start: int) -> list[Json | None]:
        part = requests[start : start + IN_ONE_BATCH]
        async with gate:
            return await _answers(transport, {str(at): one for at, one in enumerate(part)})

    parts = await gather_all(some(start) for start in range(0, len(requests), IN_ONE_BATCH))
    return [answer for part in parts for answer in part]


async def _answers(transport: GraphTransport, requests: Requests) -> list[Json | None]:
    whole = RequestInformation(Method.POST)
    whole.url = f"{transport.base_url}/$batch"
    sent = httpx.Request(method_of(whole), whole.url)
    answered: dict[str, httpx.Response] = {}

    async def attempt() -> httpx.Response:
        open_ = {key: one for key, one in requests.items() if key not in answered}
        whole.set_stream_content(_content(transport, open_), "application/json")
        response = await transport.attempt(whole)
        if response.status_code == 200:
            latest = _responses(body_of(response, whole), open_, sent)
            for answer in latest.values():
                transport.pacing.heed(answer)
            passing = {k: one for k, one in latest.items() if one.status_code in PASSING_STATUSES}
            answered.update({k: one for k, one in latest.items() if k not in passing})
            if passing:
                max(passing.values(), key=lambda one: wait_asked_for(one) or 0).raise_for_status()
        return response

    transport.sound(await transport.repeated(attempt, whole), whole)
    return [
        None
        if answered[key].status_code == NOT_FOUND
        else body_of(transport.sound(answered[key], request), request)
        for key, request in requests.items()
    ]


def _content(transport: GraphTransport, requests: Requests) -> bytes:
    items = [
        {
            "id": key,
            "method": method_of(request),
            "url": transport.address(request).removeprefix(transport.base_url),
            **_body(request),
        }
        for key, request in requests.items()
    ]
    return orjson.dumps({"requests": items})


def _body(request: RequestInformation) -> Json:
    """Graph wants to know the type of a body, where there is one."""
    if not request.content:
        return {}
    headers = {"Content-Type": "application/json"}
    return {"headers": headers, "body": orjson.loads(request.content)}


def _responses(content: Json, requests: Requests, sent: httpx.Request) -> dict[str, httpx.Response]:
    """Per id its response; Graph gives no order."""
    try:
        items = {item["id"]: _response(item, sent) for item in content["responses"]}
    except (KeyError, TypeError, ValueError, AttributeError):
        items = {}
    if items.keys() != requests.keys():
        raise Unreachable("reading a batch", "it does not answer what was asked")
    return items


def _response(item: Any, sent: httpx.Request) -> httpx.Response:
    """As if it had come by itself; that it answers what was `sent` with others costs less."""
    return httpx.Response(
        int(item["status"]),
        headers={str(name): str(value) for name, value in (item.get("headers") or {}).items()},
        content=orjson.dumps(item.get("body")),
        request=sent,
    )
