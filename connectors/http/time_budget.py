"""How long a run may ask one counterpart: a time that can be shortened while requests are sent."""

from math import inf
from threading import Condition
from time import monotonic


class TimeBudget:
    """So many `seconds` from now on. Safe for several threads, and to be called by a signal."""

    def __init__(self, seconds: float) -> None:
        self._until = monotonic() + seconds
        self._shortened = Condition()

    @property
    def left(self) -> float:
        """Seconds; 0 or less once it is over."""
        return self._until - monotonic()

    def end_within(self, seconds: float) -> None:
        """It ends that soon, unless it ends sooner; who waits for longer is woken."""
        with self._shortened:
            self._until = min(self._until, monotonic() + seconds)
            self._shortened.notify_all()

    def wait(self, seconds: float) -> bool:
        """True after so many seconds; False at once when the time will be over before they are."""
        end = monotonic() + seconds
        with self._shortened:
            while (left := end - monotonic()) > 0:
                if end > self._until:
                    return False
                self._shortened.wait(left)
        return True


UNLIMITED = TimeBudget(inf)
