"""How fast the vendor is asked: evenly, by all workers together, and slower when it says so."""

from threading import Lock

from pyrate_limiter import GCRA, Limiter, Rate, SingleBucketFactory, StateBucket

SECOND = 1000
"""In the limiter's own unit."""

MARGIN = 95
"""Percent of the permitted pace: requests that leave evenly do not arrive evenly."""

CALM = 100
"""Requests without a 429 after which the pace is doubled again, up to the permitted one."""


class RateLimit:
    """At most `per_second` requests in every second, without bursts. Safe for several threads.

    `requests` were let go until now, those that were sent again included.
    """

    def __init__(self, per_second: int) -> None:
        self.requests = 0
        self._permitted = per_second
        self._lock, self._first_in_line = Lock(), Lock()
        self._set(per_second)

    def wait(self) -> None:
        """Returns when the next request may be sent."""
        with self._lock:
            self.requests += 1
            self._calm += 1
            if self._now < self._permitted and self._calm > CALM:
                self._set(min(self._permitted, self._now * 2))
            limiter = self._limiter
        # One waits there at a time: of several, all wake for each turn, and fall behind the clock.
        with self._first_in_line:
            limiter.try_acquire("vendor")

    def ease(self) -> None:
        """After a 429 (RFC 6585, section 4): half as fast."""
        with self._lock:
            self._set(max(1, self._now // 2))

    def _set(self, per_second: int) -> None:
        rate = Rate(per_second * MARGIN, SECOND * 100, burst=1)
        bucket = StateBucket([rate], GCRA())
        # Such a bucket needs no cleaning; the thread that would do it never ends.
        self._limiter = Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=0)
        self._now, self._calm = per_second, 0
