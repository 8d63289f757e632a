"""How the vendor answers: every request at once, every other one, or none."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from http import HTTPStatus
from itertools import count
from typing import Any

from werkzeug.wrappers import Response


class Pace(StrEnum):
    """What the vendor is like at the moment."""

    QUICK = "quick"
    SLOW = "slow"
    DOWN = "down"


RETRY_AFTER = {Pace.SLOW: 1, Pace.DOWN: 3600}
"""Seconds in Retry-After (RFC 9110, section 10.2.3)."""


class Availability:
    """A WSGI application before the vendor's. While `pace` is slow, one request of two is answered
    with 429 (RFC 6585, section 4); while it is down, each with 503.
    """

    def __init__(self, vendor: Callable[..., Iterable[bytes]]) -> None:
        self.pace = Pace.QUICK
        self._vendor = vendor
        self._asked = count()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if self.pace is Pace.SLOW and next(self._asked) % 2 == 0:
            return self._later(HTTPStatus.TOO_MANY_REQUESTS)(environ, start)
        if self.pace is Pace.DOWN:
            return self._later(HTTPStatus.SERVICE_UNAVAILABLE)(environ, start)
        return self._vendor(environ, start)

    def _later(self, status: HTTPStatus) -> Response:
        return Response(status=status, headers={"Retry-After": str(RETRY_AFTER[self.pace])})
