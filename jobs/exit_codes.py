"""Exit codes, the same for every command (64 and above as in BSD's sysexits)."""

from enum import IntEnum


class Exit(IntEnum):
    """What a scheduler may rely on; the README explains each."""

    OK = 0
    FAILED = 1
    WAITING = 2
    HELD = 3
    PARTIAL = 4
    UNDECIDED = 5
    USAGE = 64
    CONFIGURATION = 78
    BUSY = 75
