"""HTTP to one SCIM endpoint and nowhere else."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import quote

import orjson
import requests
from pyrate_limiter import StateStore
from urllib3.exceptions import NewConnectionError, ProxyError

from config.secret_reference import SecretUnavailable
from config.vendor import VendorSettings
from connectors.errors import (
    CounterpartError,
    NoCredential,
    NotSent,
    OutcomeUnknown,
    Unauthorized,
    Unreachable,
)
from connectors.http.deadline_adapter import DeadlineAdapter, Patience
from connectors.http.json_answer import json_of
from connectors.http.network_route import Route, is_untrusted
from connectors.http.response_body import Limits
from connectors.http.run_limits import Allowance, NotTaken
from connectors.http.time_budget import TimeBudget
from connectors.retrying import retry
from connectors.scim.errors import Garbled, ScimRefused
from connectors.scim.gateway_answers import said_by_another
from connectors.scim.rate_limit import RateLimit
from connectors.scim.retries import TIME_IS_OVER, retries_within
from connectors.secrets.read_and_write import read_secret
from connectors.untrusted_text import excerpt

Json: TypeAlias = Any

SharedRate: TypeAlias = Callable[[str], StateStore]
"""By whose limit it is: where all who share it count what they have sent."""

MEDIA_TYPE = "application/scim+json"  # RFC 7644, section 8.1
CONNECT_SECONDS, READ_SECONDS, ANSWER_SECONDS = 10, 60, 180
"""Timeouts: to connect, between two pieces of an answer, and for the whole answer."""

LIMITS = Limits(24 << 20)
"""For servers without pages: room for 20,000 accounts in one answer."""

# After these it is not known what the server, or one behind a gateway, has done.
_UNDECIDED = {500, 502, 504}


def _may_pass(error: Exception) -> bool:
    """Whether one more attempt may help. One only: some servers answer 500 whenever they refuse."""
    return isinstance(error, Garbled) or (isinstance(error, ScimRefused) and error.status == 500)


class ScimTransport:
    """A session with the vendor's token. `budget` is in seconds, for all requests together; `time`
    is what is left of it.

    `objection` is asked directly before every write: why it must not be sent, or "". With a
    `shared_rate` the vendor's limit is kept together with whoever else uses the same token.
    """

    def __init__(
        self,
        vendor: VendorSettings,
        budget: float,
        objection: Callable[[], str],
        shared_rate: SharedRate | None = None,
    ) -> None:
        self._name = vendor.name
        self._base_url = vendor.base_url
        self._token = _token(vendor)
        self.time = TimeBudget(budget)
        self._objection = objection
        self._route = Route(vendor.base_url, "vendor.ca_file", vendor.ca_file)
        counted = shared_rate(_account(vendor, self._token)) if shared_rate else None
        self._pace = RateLimit(vendor.max_requests_per_second, counted)
        self._allowance = Allowance()
        self._session = self._route.session(
            DeadlineAdapter(
                retries_within(self.time, self._pace, objection),
                Patience(ANSWER_SECONDS, self.time),
                LIMITS,
                self._allowance,
            )
        )
        self._session.headers.update({"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE})
        self._session.auth = self._authorize

    @property
    def requests_sent(self) -> int:
        """How many requests were sent, repeated ones included."""
        return self._pace.requests

    def close(self) -> None:
        """Closes all connections."""
        self._session.close()

    def listed(self, count: int) -> None:
        """Counts resources that were read; raises Unreachable above the limit of a run."""
        try:
            self._allowance.list(count)
        except NotTaken as error:
            raise Unreachable(f"reading a list at {self._name}", str(error)) from None

    def url_of(self, path: str) -> str:
        """The full address of a path."""
        return f"{self._base_url}{path}"

    @retry(on=_may_pass, attempts=2, timeout=None, wait_initial=0.1, wait_jitter=0.1)
    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Json:
        """The JSON object of a successful answer; see `send` for what it raises."""
        return self.send("GET", path, query=query)

    def send(
        self,
        method: str,
        path: str,
        body: Json = None,
        query: Mapping[str, str | int] | None = None,
        version: str | None = None,
    ) -> Json:
        """The JSON body of a 2xx answer, None where there is none or it is not JSON.

        With a `version` the server refuses with 412 if the resource no longer has it.

        Raises:
            Unauthorized: 401.
            ScimRefused: another 4xx or 5xx.
            NotSent: a write that there is an objection to.
            OutcomeUnknown: a write whose answer was lost, or does not say what was done.
            Unreachable: a read that failed; Garbled, if its answer cannot be used.
            CounterpartError: HTTP cannot express the request; nothing was sent.
        """
        what = f"{method} {path} at {self._name}"
        request = self._prepared(what, method, path, body, query, version)
        self._pace.wait()
        if (left := self.time.left) <= 0:
            raise Unreachable(what, TIME_IS_OVER)
        if method != "GET" and (why := self._objection()):
            raise NotSent(what, why)
        try:
            response = self._session.send(
                request, timeout=(min(CONNECT_SECONDS, left), min(READ_SECONDS, left))
            )
        except CounterpartError:
            raise
        except NotTaken as error:
            raise _unanswered(method, what, str(error)) from error
        except requests.ConnectTimeout as error:
            raise Unreachable(what, "no connection in time") from error
        except requests.exceptions.ChunkedEncodingError as error:  # in the midst of the body
            raise _unanswered(method, what, self._route.cause(error), Garbled) from error
        except Exception as error:  # whatever it is, the request may have left
            if _never_sent(error):
                raise Unreachable(what, self._route.cause(error)) from error
            raise _unanswered(method, what, self._route.cause(error)) from error
        return self._judge(response, what, method)

    def _prepared(
        self,
        what: str,
        method: str,
        path: str,
        body: Json,
        query: Mapping[str, str | int] | None,
        version: str | None,
    ) -> requests.PreparedRequest:
        request = requests.Request(
            method, f"{self._base_url}{path}", headers={"If-Match": version}, params=query
        )
        try:
            request.data = None if body is None else orjson.dumps(body)
            return self._session.prepare_request(request)
        except (ValueError, TypeError) as error:  # half a character, or a line break in a header
            raise CounterpartError(what, f"it cannot be sent ({error})") from error

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _judge(self, response: requests.Response, what: str, method: str) -> Json:
        status, content = response.status_code, response.content
        body = json_of(content)
        error = body if isinstance(body, dict) else {}
        detail = _tamed(error.get("detail") or said_by_another(response, content, self._base_url))
        if status == 401:
            raise Unauthorized(what, 401, detail or "the API token is not accepted")
        if method != "GET" and status in _UNDECIDED:
            raise OutcomeUnknown(what, f"{status} {detail or _tamed(response.reason)}")
        if not 200 <= status < 300:
            scim_type = _tamed(error.get("scimType"))
            raise ScimRefused(what, status, detail or _tamed(response.reason), scim_type)
        if method == "GET" and not isinstance(body, dict):
            raise Garbled(what, f"status {status}: {detail or 'the body is no JSON object'}")
        return body


def _tamed(said: object) -> str:
    """The server's own words in one line."""
    return excerpt(" ".join(str(said or "").split()))


def resource_path(kind: str, resource_id: str) -> str:
    """``/Users/{id}``; ids may hold any character, ``@`` and ``/`` included."""
    return f"/{kind}/{quote(resource_id, safe='')}"


def _account(vendor: VendorSettings, token: str) -> str:
    """Whose limit it is at the vendor, by a digest that does not tell the token."""
    return sha256(f"{vendor.base_url}\n{token}".encode()).hexdigest()


def _token(vendor: VendorSettings) -> str:
    try:
        token = read_secret(vendor.token)
    except SecretUnavailable as error:
        raise NoCredential(f"connecting to {vendor.name}", str(error)) from None
    if not (token.isascii() and token.isprintable()):
        why = f"{vendor.token} holds characters that no API token has"
        raise NoCredential(f"connecting to {vendor.name}", why)
    return token


def _never_sent(error: Exception) -> bool:
    """Whether the request cannot have been received: there was no connection, or none trusted."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | ProxyError) or is_untrusted(error)


def _unanswered(
    method: str, what: str, why: str, read: type[Unreachable] = Unreachable
) -> Unreachable:
    if method == "GET":
        return read(what, why)
    return OutcomeUnknown(what, f"{why}: no answer came")
