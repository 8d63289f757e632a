"""HTTP to one SCIM endpoint and nowhere else."""

import re
from collections.abc import Mapping
from time import monotonic
from typing import Any, TypeAlias
from urllib.parse import quote

import orjson
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from config.secret import SecretUnavailable
from config.settings import Vendor
from connectors.errors import Unauthorized, Unreachable, network_cause
from connectors.scim.errors import OutcomeUnknown, ScimRefused

Json: TypeAlias = Any

MEDIA_TYPE = "application/scim+json"  # RFC 7644, section 8.1
CONNECT_SECONDS, READ_SECONDS = 10, 60
LARGEST_BODY = 64 << 20
"""Bytes of one answer."""

# Reads are repeated, writes never: what a lost answer has done must be read first.
_RETRIES = Retry(
    total=4,
    connect=1,
    status_forcelist={429, 502, 503, 504},
    allowed_methods={"GET"},
    backoff_factor=0.5,
    backoff_max=30,
    retry_after_max=120,
    raise_on_status=False,
)


class Transport:
    """A session with the vendor's token. `budget` are seconds for all requests together."""

    def __init__(self, vendor: Vendor, budget: float) -> None:
        self._name = vendor.name
        self._base_url = vendor.base_url
        self._deadline = monotonic() + budget
        self._session = requests.Session()
        try:
            token = vendor.token.resolve()
        except SecretUnavailable as error:
            raise Unauthorized(f"connecting to {vendor.name}", 401, str(error)) from None
        self._session.headers.update(
            {"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE, "Authorization": f"Bearer {token}"}
        )
        adapter = HTTPAdapter(max_retries=_RETRIES)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def close(self) -> None:
        """Closes all connections."""
        self._session.close()

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Json:
        """The JSON body of a successful answer; see `send` for what it raises."""
        return self.send("GET", path, query=query)

    def send(
        self,
        method: str,
        path: str,
        body: Json = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Json:
        """The JSON body of a 2xx answer, None where there is none or it is not JSON.

        Raises:
            Unauthorized: 401.
            ScimRefused: another 4xx or 5xx.
            OutcomeUnknown: a write whose answer did not come.
            Unreachable: a read that failed, or an answer that is not JSON where it must be.
        """
        what = f"{method} {path} at {self._name}"
        if monotonic() > self._deadline:
            raise Unreachable(what, "the time for this run is over")
        try:
            # Another host never gets the token: redirects are answers, not directions.
            with self._session.request(
                method,
                f"{self._base_url}{path}",
                params=query,
                data=None if body is None else orjson.dumps(body),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = self._content(response, what)
        except requests.ConnectTimeout as error:
            raise Unreachable(what, "no connection in time") from error
        except requests.RequestException as error:
            raise _lost(method, what, error) from error
        return self._judge(response, content, what, method)

    def _content(self, response: requests.Response, what: str) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(1 << 16):
            content += chunk
            if len(content) > LARGEST_BODY:
                raise Unreachable(what, "the answer is too large")
            if monotonic() > self._deadline:
                raise Unreachable(what, "the answer takes too long")
        return bytes(content)

    def _judge(self, response: requests.Response, content: bytes, what: str, method: str) -> Json:
        try:
            body = orjson.loads(content) if content else None
        except orjson.JSONDecodeError:
            body = None
        if response.status_code == 401:
            raise Unauthorized(what, 401, _detail(body) or "the API token is not accepted")
        if not 200 <= response.status_code < 300:
            scim_type = str(body.get("scimType") or "") if isinstance(body, dict) else ""
            detail = _detail(body) or response.reason
            raise ScimRefused(what, response.status_code, detail, scim_type)
        if method == "GET" and not isinstance(body, dict):
            raise Unreachable(what, f"status {response.status_code} with a body that is not JSON")
        return body


def resource_path(kind: str, resource_id: str) -> str:
    """``/Users/{id}``; ids may hold any character, ``@`` and ``/`` included."""
    return f"/{kind}/{quote(resource_id, safe='')}"


def _lost(method: str, what: str, error: requests.RequestException) -> Unreachable:
    refused = isinstance(error, requests.ConnectionError) and "NewConnectionError" in str(error)
    reason = network_cause(error)
    if method == "GET" or refused or isinstance(error, requests.exceptions.SSLError):
        return Unreachable(what, reason)
    return OutcomeUnknown(what, f"{reason}: no answer came")


def _detail(body: Json) -> str:
    """The server's own words, shortened, and without anything that a terminal would obey."""
    text = str(body.get("detail") or "") if isinstance(body, dict) else ""
    return re.sub(r"[^\x20-\x7e\u00a1-\u1fff]", " ", text)[:300].strip()
