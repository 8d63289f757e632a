"""Requests to Graph: built and sent by the SDK, pinned to one origin, answered as bytes."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self, TypeAlias

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
from connectors.entra.excerpt import excerpt
from connectors.entra.token import AppToken
from connectors.errors import Refused, Unauthorized, Unreachable, network_cause

Json: TypeAlias = dict[str, Any]

FOLLOWING = "following the pages"
CONNECT_SECONDS, READ_SECONDS = 10, 60
LARGEST_BODY = 64 << 20
"""Bytes of one answer."""

MOST_PAGES = 20_000
"""Of one collection: twenty million members."""

# The SDK repeats 429, 503 and 504 by itself; these are ours.
_PASSING_STATUSES = {500, 502}
ATTEMPTS = 4

# A second attempt is no news to cron; whoever sets up logging still sees it.
logging.getLogger("stamina").addHandler(logging.NullHandler())


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
            resources, following = _page(await self.get(request))
            yield resources
            if following is None:
                return
            if following in seen or len(seen) >= MOST_PAGES:
                raise Unreachable(FOLLOWING, "they lead round in a circle, or never end")
            seen.add(following)
            request = RequestInformation(Method.GET)
            request.url = following

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
        if _origin(request.url) != self._origin:
            raise Unreachable(FOLLOWING, "a link leads to another host; it was not followed")
        what = _what(request)
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
        except httpx.RequestError as error:
            raise Unreachable(what, network_cause(error)) from error
        except TimeoutError:
            raise Unreachable(what, "the time for this run is over") from None
        if len(response.content) > LARGEST_BODY:
            raise Unreachable(what, "the answer is too large")
        return response


def _passing(error: Exception) -> bool:
    return isinstance(error, httpx.RequestError | httpx.HTTPStatusError)


def _page(body: Json) -> tuple[list[Json], str | None]:
    """The resources of a page, and where the next one is."""
    resources, following = body.get("value"), body.get("@odata.nextLink")
    if not isinstance(resources, list):
        raise Unreachable("reading a page", "the answer has no list of values")
    if not all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in resources):
        raise Unreachable("reading a page", "a value has no id")
    if not isinstance(following, str | None):
        raise Unreachable(FOLLOWING, "a link is no text")
    return resources, following


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port as httpx reads them, which sends the request; no user info passes."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    return None if parts.userinfo else (parts.scheme, parts.host, parts.port)


def _what(request: RequestInformation) -> str:
    return f"GET {excerpt(httpx.URL(request.url).path)} at Microsoft Graph"


def _error(response: httpx.Response) -> str:
    """Graph's own code and message, shortened; bodies that are none are not repeated."""
    try:
        error = orjson.loads(response.content)["error"]
        return excerpt(f"{error['code']}: {error['message']}")
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
