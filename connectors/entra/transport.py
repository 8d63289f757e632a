"""Requests to Graph: built and sent by the SDK, pinned to one origin, answered as bytes."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.parse import urlsplit

import httpx
import orjson
import stamina
from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider
from kiota_abstractions.method import Method
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_http.middleware.options import RedirectHandlerOption, ResponseHandlerOption
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_request_adapter import options as sdk_options
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory

from config.settings import Directory
from connectors.entra.token import AppToken
from connectors.errors import Refused, Unauthorized, Unreachable, network_cause

Json: TypeAlias = dict[str, Any]

CONNECT_SECONDS, READ_SECONDS = 10, 60
LARGEST_BODY = 64 << 20
"""Bytes of one answer."""

MOST_PAGES = 20_000
"""Of one collection: twenty million members."""

# The SDK repeats 429, 503 and 504 by itself; these are ours.
_PASSING_STATUSES = {500, 502}
ATTEMPTS = 4


class Transport:
    """Graph for one tenant. `budget` are seconds for all requests together."""

    def __init__(self, directory: Directory, token: AppToken, budget: float) -> None:
        self._origin = _origin(directory.endpoints.graph)
        self._deadline = asyncio.get_running_loop().time() + budget
        ca_file = directory.endpoints.ca_file
        self._http = GraphClientFactory.create_with_default_middleware(
            client=httpx.AsyncClient(
                verify=ssl.create_default_context(cafile=str(ca_file)) if ca_file else True,
                timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            ),
            options={
                **sdk_options,
                # Another host never gets the token: redirects are answers, not directions.
                RedirectHandlerOption.get_key(): RedirectHandlerOption(should_redirect=False),
            },
        )
        self._adapter = GraphRequestAdapter(
            BaseBearerTokenAuthenticationProvider(token), self._http
        )
        self._adapter.base_url = f"{directory.endpoints.graph}/v1.0"
        self.graph = GraphServiceClient(request_adapter=self._adapter)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def pages(self, request: RequestInformation) -> AsyncIterator[list[Json]]:
        """The pages of a collection, to the end of its nextLinks.

        Raises:
            Unreachable: also if a nextLink leads elsewhere or comes a second time.
            Unauthorized, Refused: Graph said no.
        """
        seen: set[str] = set()
        while True:
            body = await self.get(request)
            value = body.get("value")
            if not isinstance(value, list):
                raise Unreachable("reading a page", "the answer has no list of values")
            yield value
            following = body.get("@odata.nextLink")
            if not following:
                return
            if following in seen or len(seen) >= MOST_PAGES:
                raise Unreachable("following the pages", "they lead round in a circle")
            seen.add(following)
            request = RequestInformation(Method.GET)
            request.url = str(following)

    async def get(self, request: RequestInformation) -> Json:
        """The JSON object that Graph answers; see `pages` for what it raises."""
        try:
            body = orjson.loads(await self.content(request))
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict):
            raise Unreachable(_what(request), "the answer is not JSON")
        return body

    async def content(self, request: RequestInformation) -> bytes:
        """The bytes that Graph answers with status 200."""
        self._adapter.set_base_url_for_request_information(request)
        what = _what(request)
        if _origin(request.url) != self._origin:
            raise Unreachable(what, "the link leads to another host; it was not followed")
        response = await self._send(request, what)
        if response.status_code == 200:
            return response.content
        why = _error(response)
        if response.status_code == 401:
            raise Unauthorized(what, 401, why)
        if response.status_code >= 500 or response.status_code == 429:
            raise Unreachable(what, f"{response.status_code} {why}".strip())
        raise Refused(what, response.status_code, why)

    async def _attempt(self, request: RequestInformation) -> httpx.Response:
        answer: Any = await self._adapter.send_primitive_async(request, "bytes", {})
        response: httpx.Response = answer  # as the native handler passes it on
        return response

    async def _send(self, request: RequestInformation, what: str) -> httpx.Response:
        """The last of a few attempts; stamina waits between them."""
        request.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        try:
            async with asyncio.timeout_at(self._deadline):
                async for attempt in stamina.retry_context(_passing, attempts=ATTEMPTS):
                    with attempt:
                        response = await self._attempt(request)
                        last = attempt.num == ATTEMPTS
                        if response.status_code in _PASSING_STATUSES and not last:
                            response.raise_for_status()
        except httpx.TransportError as error:
            raise Unreachable(what, network_cause(error)) from error
        except TimeoutError:
            raise Unreachable(what, "the time for this run is over") from None
        if len(response.content) > LARGEST_BODY:
            raise Unreachable(what, "the answer is too large")
        return response


def _passing(error: Exception) -> bool:
    return isinstance(error, httpx.TransportError | httpx.HTTPStatusError)


def _origin(url: str) -> tuple[str | None, str | None, int | None]:
    """Scheme, host and port; user info or another host before an @ does not pass for it."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, None if parts.username else parts.hostname, port


def _what(request: RequestInformation) -> str:
    return f"GET {urlsplit(request.url).path} at Microsoft Graph"


def _error(response: httpx.Response) -> str:
    """Graph's own code and message, shortened; bodies that are none are not repeated."""
    try:
        error = orjson.loads(response.content)["error"]
        text = f"{error['code']}: {error['message']}"
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
    return "".join(character for character in text[:300] if character.isprintable())
