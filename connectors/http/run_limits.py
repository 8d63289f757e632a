"""Limits on what one run accepts from one server, over all its responses."""

from dataclasses import dataclass

MOST_BYTES = 4 << 30
"""Unpacked: a million accounts of 1,000 bytes at the vendor, each read four times."""

MOST_ENTRIES = 10_000_000
"""Members, users and groups; who is listed twice counts twice."""


class NotTaken(Exception):
    """A response above a limit. A retry would not help."""


@dataclass
class Allowance:
    """Counts what was received; raises NotTaken above a limit."""

    bytes: int = 0
    entries: int = 0

    def receive(self, count: int) -> None:
        """Bytes of a body."""
        self.bytes += count
        if self.bytes > MOST_BYTES:
            raise NotTaken(f"the answers of this run have more than {MOST_BYTES >> 20:,} MB")

    def list(self, count: int) -> None:
        """Entries of a collection."""
        self.entries += count
        if self.entries > MOST_ENTRIES:
            raise NotTaken(f"more than {MOST_ENTRIES:,} entries were listed in this run")
