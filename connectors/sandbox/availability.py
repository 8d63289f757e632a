"""How a server answers: every request at once, every other one, or none."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from http import HTTPStatus
from itertools import count
from typing import Any

from werkzeug.wrappers import Response


class Pace(StrEnum):
    """What a server is like at the moment."""

    QUICK = "quick"
    SLOW = "slow"
    DOWN = "down"


RETRY_AFTER = {Pace.SLOW: 1, Pace.DOWN: 3600}
"""Seconds in Retry-After (RFC 9110, section 10.2.3)."""


class Availability:
    """A WSGI application before the vendor's, or Graph's. While `pace` is slow, one request of two
    is answered with 429 (RFC 6585, section 4); while it is down, each with 503. Only paths that
    begin with `within` are meant: who signs in to Entra ID does so at another service.
    """

    def __init__(self, server: Callable[..., Iterable[bytes]], within: str = "/") -> None:
        self.pace = Pace.QUICK
        self._server = server
        self._within = within
        self._asked = count()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not str(environ["PATH_INFO"]).startswith(self._within):
            return self._server(environ, start)
        if self.pace is Pace.SLOW and next(self._asked) % 2 == 0:
            return self._later(HTTPStatus.TOO_MANY_REQUESTS)(environ, start)
        if self.pace is Pace.DOWN:
            return self._later(HTTPStatus.SERVICE_UNAVAILABLE)(environ, start)
        return self._server(environ, start)

    def _later(self, status: HTTPStatus) -> Response:
        return Response(status=status, headers={"Retry-After": str(RETRY_AFTER[self.pace])})
