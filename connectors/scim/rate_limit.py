"""Limits the rate of requests: evenly, for all workers together, and slower after a 429."""

from threading import Lock

from pyrate_limiter import GCRA, Limiter, Rate, SingleBucketFactory, StateBucket, StateStore

SECOND = 1000
"""In milliseconds, the limiter's own unit."""

MARGIN = 97
"""Percent of the permitted rate that is used: requests sent evenly do not arrive evenly. One may
come 31 ms late before a second has one too many, whatever the rate.
"""

CALM = 100
"""Requests without a 429 after which the rate is doubled again, up to the permitted one."""


class RateLimit:
    """At most `per_second` requests in every second, without bursts. Safe for several threads.

    `requests` counts those sent so far, repeated ones included. Several that have the same
    `counted` keep the limit together; without it, this one does alone.
    """

    def __init__(self, per_second: int, counted: StateStore | None = None) -> None:
        self.requests = 0
        self._counted = counted
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
        # One waits at a time: several would all wake for each turn, and fall behind the clock.
        with self._first_in_line:
            limiter.try_acquire("vendor")

    def ease(self) -> None:
        """Halves the rate, after a 429 (RFC 6585, section 4)."""
        with self._lock:
            self._set(max(1, self._now // 2))

    def _set(self, per_second: int) -> None:
        rate = Rate(per_second * MARGIN, SECOND * 100, burst=1)
        bucket = StateBucket([rate], GCRA(), self._counted)
        # This kind of bucket needs no cleaning; the cleaning thread would never end.
        self._limiter = Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=0)
        self._now, self._calm = per_second, 0
