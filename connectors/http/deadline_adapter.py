"""HTTP through requests: a response is complete, in time and of bounded size, or it is refused.

The timeouts of requests and http.client bound each pause, but neither the whole response nor its
size: a server that sends a byte now and then, or `100 Continue` without end, would never time out.
"""

import io
import socket
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from connectors.http.response_body import ACCEPTED, Body, Broken, Limits
from connectors.http.run_limits import Allowance
from connectors.http.time_budget import UNLIMITED, TimeBudget

PIECE = 1 << 16


@dataclass(frozen=True)
class Patience:
    """Seconds for one answer, from the request on; none is waited for beyond the `budget`.

    A TLS handshake keeps the time to connect as a whole, for Python's ssl does.
    """

    seconds: float
    budget: TimeBudget = UNLIMITED


class DeadlineAdapter(HTTPAdapter):
    """Raises `run_limits.NotTaken` beside what requests raises."""

    def __init__(
        self, retries: Retry, patience: Patience, limits: Limits, allowance: Allowance
    ) -> None:
        self._limits, self._allowance = limits, allowance
        answer = partial(_Answer, patience, 2 * limits.bytes)  # with all that wraps the body
        self._connections = {
            "http": type("Http", (HTTPConnection,), {"response_class": answer}),
            "https": type("Https", (HTTPSConnection,), {"response_class": answer}),
        }
        super().__init__(max_retries=retries)

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        """A pool of connections whose answers end in time, through a proxy, too."""
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        pool.ConnectionCls = self._connections[pool.scheme]
        return pool

    def add_headers(self, request: requests.PreparedRequest, **options: Any) -> None:
        """Ask only for the encodings that `Body` decodes."""
        request.headers["Accept-Encoding"] = ACCEPTED

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Reads the body; a connection that breaks within it counts as one that broke before it."""
        response = super().build_response(req, resp)
        try:
            body = Body(resp.headers.get("Content-Encoding", ""), self._limits, self._allowance)
            while piece := resp.read1(PIECE, decode_content=False):
                body.add(piece)
            response._content = body.whole()  # noqa: SLF001 - where requests keeps it
        except (HTTPError, Broken) as error:
            raise requests.exceptions.ChunkedEncodingError(error, request=req) from error
        finally:
            resp.close()
        return response


class _Answer(HTTPResponse):
    """What http.client reads from a socket, from the status line on, `100 Continue` included."""

    def __init__(self, patience: Patience, most: int, sock: socket.socket, **options: Any) -> None:
        super().__init__(sock, **options)
        self.fp = io.BufferedReader(_Line(self.fp.detach(), sock, patience, most))


class _Line(io.RawIOBase):
    """The bytes of a socket, until the deadline or the limit of their number.

    Also bodies that nobody looks at end here: urllib3 reads what comes with a 503 to its end.
    """

    def __init__(self, raw: Any, sock: socket.socket, patience: Patience, most: int) -> None:
        self._raw, self._sock = raw, sock
        self._silence = sock.gettimeout() or patience.seconds
        self._until, self._budget = monotonic() + patience.seconds, patience.budget
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        seconds = min(self._until - monotonic(), self._budget.left)
        if seconds <= 0:
            raise TimeoutError("the answer timed out")
        self._sock.settimeout(min(self._silence, seconds))
        count: int | None = self._raw.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise OSError("the answer is too large")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
