"""Counts requests to Graph and their cost, and slows down or waits near its limits."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

NEARLY, FULLY = 0.8, 1.0
"""Shares of the limit: from the first on Graph reports the use, from the second on it throttles."""

SLOWLY, A_WINDOW = 1.0, 10.0
"""Seconds between two requests near the limit, and seconds over which Graph counts requests."""

# Graph, "Throttling limits", identity and access: what a GET costs before its options.
_COSTS = (
    (re.compile(r"/groups/[^/]+/transitiveMembers"), 5),
    (re.compile(r"/groups/[^/]+/members"), 3),
    (re.compile(r"/users"), 2),
    (re.compile(r"/\$batch$"), 0),  # the requests in it have their own cost
)


class Pacing:
    """Counts requests and resource units; `turn` waits until the next request may be sent.

    `clock_skew` is how far this machine's clock is ahead of Graph's; of all answers the smallest.
    """

    def __init__(self) -> None:
        self.requests = 0
        self.resource_units = 0
        self.clock_skew = timedelta(0)
        self._nearest = timedelta.max
        self._next_turn, self._gap = 0.0, 0.0

    async def turn(self) -> None:
        """Returns when the next request may be sent."""
        self.requests += 1
        now = asyncio.get_running_loop().time()
        mine = max(now, self._next_turn)
        self._next_turn = mine + self._gap
        if mine > now:
            await asyncio.sleep(mine - now)

    def heed(self, response: httpx.Response) -> None:
        """Adds an answer's cost, and slows down while Graph's limit is near."""
        charged = _number(response, "x-ms-resource-unit")
        self.resource_units += int(charged) if charged else _cost(response.url)
        skew = _skew(response)
        if skew is not None and abs(skew) < self._nearest:
            self.clock_skew, self._nearest = skew, abs(skew)
        used = _number(response, "x-ms-throttle-limit-percentage")
        self._gap = SLOWLY if used >= NEARLY else 0.0
        if used >= FULLY:
            self._next_turn = asyncio.get_running_loop().time() + A_WINDOW


def wait_asked_for(response: httpx.Response) -> float | None:
    """The seconds of ``Retry-After`` (RFC 9110, section 10.2.3); None if absent or invalid."""
    text = response.headers.get("Retry-After", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):  # no date at all, or one without a zone
        return None
    return max(seconds, 0.0)


def _skew(response: httpx.Response) -> timedelta | None:
    """From ``Date`` (RFC 9110, section 6.6.1), which has whole seconds; None if it is absent."""
    try:
        return datetime.now(UTC) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, TypeError):
        return None


def _number(response: httpx.Response, header: str) -> float:
    """Zero if it is absent, or no number."""
    text = response.headers.get(header, "")
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d*)?", text, re.ASCII) else 0.0


def _cost(url: httpx.URL) -> int:
    """The documented resource units; `$select` saves one, and the least is one (but see $batch)."""
    base = next((cost for pattern, cost in _COSTS if pattern.search(url.path)), 1)
    return base and max(1, base - (b"select=" in url.query))
