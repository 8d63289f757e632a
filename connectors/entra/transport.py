"""Requests to Graph: built and sent by the SDK, pinned to one origin, answered as bytes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider
from kiota_abstractions.method import Method
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_http.kiota_client_factory import KiotaClientFactory
from kiota_http.middleware import ParametersNameDecodingHandler
from kiota_http.middleware.options import ResponseHandlerOption
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

from config.directory import DirectorySettings
from connectors.entra.answers import Json, body_of, error_of, what_of, with_ids
from connectors.entra.auth.app_token import AppToken
from connectors.entra.auth.cached_sdk_token import CachedToken
from connectors.entra.pacing import Pacing, wait_asked_for
from connectors.entra.response_limits import Measured
from connectors.errors import Refused, Unauthorized, Unreachable
from connectors.http.network_route import Route, is_untrusted, origin
from connectors.http.response_body import Limits
from connectors.http.run_limits import Allowance, NotTaken
from connectors.retrying import retry_context
from connectors.untrusted_text import excerpt
from reconciler.model.phrasing import time_in_words

T = TypeVar("T")

FOLLOWING = "following the pages"
CONNECT_SECONDS, READ_SECONDS, ANSWER_SECONDS = 10, 60, 180
"""Timeouts: to connect, between two pieces of an answer, and for the whole answer."""

LIMITS = Limits(4 << 20, 250_000)
"""Of one answer: Graph lists at most 999 members in it, and eight answers may come at once."""

MOST_PAGES = 20_000
"""Pages of one collection: twenty million members."""

TIMES_ANEW = 2
"""How often a collection is begun anew because a page's token has expired."""

FORBIDDEN, NOT_FOUND = 403, 404
EXPIRED = "Directory_ExpiredPageToken"
PASSING_STATUSES = frozenset({429, 500, 502, 503, 504})
ATTEMPTS = 6
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between attempts if Graph does not say how long to wait; doubled each time."""


@dataclass(frozen=True)
class Page:
    """Some resources of a collection, as Graph listed them, unchecked.

    `delta_link` is what the last page of a delta query ends with (Graph: delta query overview).
    """

    resources: list[Json]
    request_id: str
    delta_link: object = None


class ExpiredPageToken(Refused):
    """A nextLink has expired: 400 Directory_ExpiredPageToken, which can happen at any page."""


class GraphTransport:
    """Requests to Graph for one tenant; see `begin` for the `budget`."""

    def __init__(
        self,
        directory: DirectorySettings,
        token: AppToken,
        pacing: Pacing,
        allowance: Allowance,
        budget: float,
    ) -> None:
        endpoints = directory.endpoints
        self._origin = origin(endpoints.graph)
        self._bearer = CachedToken(token)
        self.pacing = pacing
        self._allowance = allowance
        self.base_url = f"{endpoints.graph}/v1.0"
        self.begin(budget)
        self._route = Route(endpoints.graph, "directory.cloud.ca_file", endpoints.ca_file)
        self._http = KiotaClientFactory.create_with_custom_middleware(
            # No redirects: another host never gets the token. No retries: the SDK would repeat some
            # faults and not others; stamina repeats them all.
            [ParametersNameDecodingHandler(), Measured(LIMITS, allowance)],
            client=self._route.client(httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)),
        )
        self._adapter = GraphRequestAdapter(
            BaseBearerTokenAuthenticationProvider(self._bearer), self._http
        )
        self._adapter.base_url = self.base_url
        self.graph = GraphServiceClient(request_adapter=self._adapter)

    def begin(self, budget: float) -> None:
        """Another question: `budget` is in seconds, for all of its requests together."""
        self._deadline = asyncio.get_running_loop().time() + budget
        self._refused_token = ""

    async def close(self) -> None:
        """Gives the connections back."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def pages(self, request: RequestInformation) -> AsyncIterator[Page]:
        """The pages of a collection, to the end of its nextLinks.

        Raises:
            Unreachable: also if a nextLink leads elsewhere or comes a second time.
            Unauthorized, ExpiredPageToken, Refused: Graph said no.
        """
        seen: set[str] = set()
        while True:
            response = await self.answer(request)
            body = body_of(response, request)
            resources, following = body.get("value"), body.get("@odata.nextLink")
            if not isinstance(resources, list):
                raise Unreachable("reading a page", "the answer has no list of values")
            self._count(resources)
            if not isinstance(following, str | None):
                raise Unreachable(FOLLOWING, "a link is no text")
            request_id = excerpt(response.headers.get("request-id", ""))
            yield Page(resources, request_id, body.get("@odata.deltaLink"))
            if following is None:
                return
            if following in seen or len(seen) >= MOST_PAGES:
                raise Unreachable(FOLLOWING, "they lead round in a circle, or never end")
            seen.add(following)
            request = RequestInformation(Method.GET)
            request.url = following

    def _count(self, resources: list[Json]) -> None:
        try:
            self._allowance.list(len(resources))
        except NotTaken as error:
            raise Unreachable("reading a page", str(error)) from None

    async def collected(
        self, request: RequestInformation, begin: Callable[[], T], add: Callable[[T, Page], object]
    ) -> T:
        """What `begin` makes, once `add` has put all the pages of a collection into it.

        If a page's token has expired, the collection is read anew from `begin` on. See `pages` for
        what it raises.
        """
        for last in (False,) * TIMES_ANEW + (True,):
            collection = begin()
            try:
                async for page in self.pages(request):
                    add(collection, page)
            except ExpiredPageToken:
                if last:
                    raise
            else:
                break
        return collection

    async def resources(self, request: RequestInformation) -> list[Json]:
        """Every resource of a small collection; see `pages` for what it raises."""
        found: list[Json] = await self.collected(
            request, list, lambda found, page: found.extend(page.resources)
        )
        return with_ids(found)

    async def answer(self, request: RequestInformation) -> httpx.Response:
        """Graph's answer with status 200; see `pages` for what it raises."""
        return self.sound(await self.repeated(lambda: self.attempt(request), request), request)

    def sound(self, response: httpx.Response, request: RequestInformation) -> httpx.Response:
        """The response, if its status is 200; see `pages` for what is raised otherwise."""
        if response.status_code == 200:
            return response
        what, why = what_of(request), error_of(response)
        if response.status_code == 401:
            raise Unauthorized(what, 401, why)
        if response.status_code in PASSING_STATUSES:
            why = f"{response.status_code} {why}".strip() + self._too_long(response)
            raise Unreachable(what, why)
        refusal = ExpiredPageToken if why.startswith(EXPIRED) else Refused
        raise refusal(what, response.status_code, why)

    async def repeated(
        self, attempt: Callable[[], Awaitable[httpx.Response]], request: RequestInformation
    ) -> httpx.Response:
        """The response to the last of a few attempts; stamina waits between them."""
        attempts = retry_context(
            self._again,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=FIRST_WAIT,
            wait_max=LONGEST_WAIT,
        )
        try:
            async with asyncio.timeout_at(self._deadline):
                async for each in attempts:
                    with each:
                        response = await attempt()
        except httpx.HTTPStatusError as error:
            response = error.response
        except httpx.RequestError as error:
            raise Unreachable(what_of(request), self._route.cause(error)) from error
        except NotTaken as error:
            raise Unreachable(what_of(request), str(error)) from None
        except TimeoutError:
            raise Unreachable(what_of(request), "the time for this run is over") from None
        return response

    async def attempt(self, request: RequestInformation) -> httpx.Response:
        """One answer; raises httpx.HTTPStatusError for one that is worth another attempt."""
        self.address(request)
        await self.pacing.turn()
        request.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        request.headers.remove("Authorization")  # of an earlier attempt
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer: Any = await self._adapter.send_primitive_async(request, "bytes", {})
        except TimeoutError:
            raise httpx.ReadTimeout("the answer timed out") from None
        response: httpx.Response = answer  # as the native handler passes it on
        self.pacing.heed(response)
        if response.status_code in PASSING_STATUSES or self._has_another_token(response):
            response.raise_for_status()
        return response

    def address(self, request: RequestInformation) -> str:
        """The URL of a request, which leads to no other host.

        Raises:
            Unreachable: it would.
        """
        self._adapter.set_base_url_for_request_information(request)
        request.url = request.url  # for good: the SDK expands its template at each look
        below = request.url.startswith(f"{self.base_url}/")  # quicker than to take the URL apart
        if not below and origin(request.url) != self._origin:
            raise Unreachable(FOLLOWING, "a link leads to another host; it was not followed")
        return request.url

    def _too_long(self, response: httpx.Response) -> str:
        """In words, that Graph asks to wait longer than there is time for; "" if it does not."""
        seconds, left = wait_asked_for(response), self._seconds_left()
        if response.status_code not in PASSING_STATUSES or not seconds or seconds <= left:
            return ""
        return (
            f"; Graph asks to wait {time_in_words(seconds)}, the run has {time_in_words(left)} left"
        )

    def _seconds_left(self) -> float:
        return max(self._deadline - asyncio.get_running_loop().time(), 0.0)

    def _again(self, error: Exception) -> bool | float:
        """Whether to try again, or after how many seconds."""
        if not isinstance(error, httpx.HTTPStatusError):
            return isinstance(error, httpx.RequestError) and not is_untrusted(error)
        seconds = wait_asked_for(error.response)
        if seconds and seconds > self._seconds_left():
            return False
        return seconds or True

    def _has_another_token(self, response: httpx.Response) -> bool:
        """Asks Entra for another token after a 401, once in a question; whether there is one."""
        if response.status_code != 401:
            return False
        used = str(response.request.headers.get("Authorization", ""))
        if not self._refused_token:
            self._refused_token = used
            self._bearer.forget()
        return used == self._refused_token
