"""Self-fencing: a run that stood still for so long that another may be at work sends nothing more.

What a run had in hand goes out the moment it wakes: no lease of the store can hold that back. So it
asks itself first, directly before every request that changes something.
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta

from connectors.store.errors import LeaseLost, StoreError

TAKEN_OVER = "another run has taken over"
UNCERTAIN = "the store did not answer, so another run may have taken over"


def elapsed() -> float:
    """Seconds that also pass while the machine is suspended, where a clock of it knows.

    Windows' monotonic clock does ("GetTickCount64", "QueryPerformanceCounter"). A virtual machine
    that is paused may have no such clock. Then only the next beat tells.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Fence:
    """What a run knows of its own lease. Safe for several threads.

    `renew` beats once more in the store, and returns when (of `clock`) the lease was certainly
    the run's own. Nothing is sent later than `within` after that.
    """

    def __init__(
        self, renew: Callable[[], float], within: timedelta, clock: Callable[[], float] = elapsed
    ) -> None:
        self._renew = renew
        self._within = within.total_seconds()
        self._clock = clock
        self._certain = clock()
        self.lost = False

    def beat(self) -> None:
        """Shows the others that this run lives.

        Raises:
            LeaseLost: another run has taken over.
            StoreError: the store cannot be reached.
        """
        try:
            self._certain = self._renew()
        except LeaseLost:
            self.lost = True
            raise

    def objection(self) -> str:
        """Why nothing may be sent now, or nothing; where the last beat is old, it beats first."""
        if not self._is_certain() and not self.lost:
            try:
                self.beat()
            except LeaseLost:
                return TAKEN_OVER
            except StoreError:
                return UNCERTAIN
        if self.lost:
            return TAKEN_OVER
        return "" if self._is_certain() else UNCERTAIN

    def _is_certain(self) -> bool:
        return self._clock() - self._certain < self._within
