"""Which requests to the vendor are repeated, and until when."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from urllib3 import BaseHTTPResponse
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.util import Retry

from connectors.errors import NotSent, Unreachable
from connectors.http.time_budget import TimeBudget
from connectors.scim.rate_limit import RateLimit

TOO_MANY = 429

TIME_IS_OVER = "the time for this run is over"


def retries_within(budget: TimeBudget, pace: RateLimit, objection: Callable[[], str]) -> Retry:
    """Reads are repeated, writes never: after a lost answer it must first be read what was done.

    The exception is 429 (RFC 6585, section 4), which says that nothing was done. Retry-After is
    honoured in full; a wait that would not end within the `budget` is not begun, and the last
    answer stands; where the budget is shortened meanwhile, the wait ends, and nothing is sent. Each
    repetition keeps to `pace`. Before a write is repeated, `objection` is asked again; with one it
    is `NotSent`.
    """
    return _Within(
        budget,
        pace,
        objection,
        total=4,
        connect=1,
        # A TLS error may come after the request was sent.
        other=0,
        status_forcelist={TOO_MANY, 502, 503, 504},
        allowed_methods={"GET"},
        backoff_factor=0.5,
        backoff_max=30,
        retry_after_max=24 * 3600,
        raise_on_status=False,
    )


class _Within(Retry):
    def __init__(
        self, budget: TimeBudget, pace: RateLimit, objection: Callable[[], str], **options: Any
    ) -> None:
        super().__init__(**options)
        self._budget = budget
        self._pace = pace
        self._objection = objection
        self._request, self._writes = "", False

    def new(self, **changes: Any) -> Self:
        kept = {"budget": self._budget, "pace": self._pace, "objection": self._objection}
        return super().new(**kept, **changes)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        if not self._budget.wait(self._pause(response)):
            raise (NotSent if self._writes else Unreachable)(self._request, TIME_IS_OVER)
        self._pace.wait()
        if self._writes and (why := self._objection()):
            raise NotSent(self._request, why)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return status_code == TOO_MANY or super().is_retry(method, status_code, has_retry_after)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        if response and response.status == TOO_MANY:
            self._pace.ease()
        following = super().increment(method, url, response, error, _pool, _stacktrace)
        following._request = f"{method} {url}"  # noqa: SLF001 - its own
        following._writes = method != "GET"  # noqa: SLF001
        if following._pause(response) > self._budget.left:  # noqa: SLF001
            raise MaxRetryError(_pool, url, error or ResponseError("no time is left"))  # type: ignore[arg-type]  # as urllib3 itself does
        return following

    def _pause(self, response: BaseHTTPResponse | None) -> float:
        """Seconds until the next attempt: what the server asks for, or ever longer ones."""
        asked = self.get_retry_after(response) if response else None
        return asked or self.get_backoff_time()

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None
