"""After how many errors an apply stops (P8)."""

MOST_IN_A_ROW = 5
MOST_PERCENT = 10


class ErrorBudget:
    """Counts operations as they end. Up to `MOST_IN_A_ROW` errors are within the share of any
    plan, however small.
    """

    def __init__(self, planned: int) -> None:
        self._most = max(MOST_IN_A_ROW, planned * MOST_PERCENT // 100)
        self.errors = 0
        self._in_a_row = 0

    def count(self, *, failed: bool) -> None:
        """One more operation has ended."""
        self.errors += failed
        self._in_a_row = self._in_a_row + 1 if failed else 0

    @property
    def exceeded(self) -> str:
        """The limit that is exceeded, in words, or ""."""
        if self._in_a_row >= MOST_IN_A_ROW:
            return f"{MOST_IN_A_ROW} in a row"
        if self.errors > self._most:
            return f"more than {MOST_PERCENT} % of the operations"
        return ""
