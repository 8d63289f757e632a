"""Exit codes, the same for every command (64 and above as in BSD's sysexits)."""

from enum import IntEnum
from typing import Self


class Exit(IntEnum):
    """What a scheduler may rely on, each with its `meaning`."""

    OK = 0, "nothing to do, or everything was applied"
    FAILED = 1, "failed, and nothing was changed at the vendor"
    WAITING = 2, "changes wait for review"
    HELD = 3, "held, blocked or refused by a guard"
    PARTIAL = 4, "applied in part: the next plan has the rest"
    UNDECIDED = 5, "no set's group, or nobody in it, could be read, so nothing was decided (R19)"
    DRIFT = 6, "the vendor has what neither Entra ID asks for nor was put there from here"
    USAGE = 64, "wrong usage: no such command, plan or path"
    BUSY = 75, "another run is at work, or has taken over from this one"
    CONFIGURATION = 78, "the configuration is not usable"

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Self:
        exit_code = int.__new__(cls, code)
        exit_code._value_ = code
        exit_code.meaning = meaning
        return exit_code


AS_INTENDED = frozenset({Exit.OK, Exit.WAITING, Exit.HELD, Exit.DRIFT})
"""A run that ends so did its work; whatever waits for a person then does as it should."""

NOTHING_DONE = frozenset({Exit.FAILED, Exit.UNDECIDED})
"""A run that ends so has failed, and nothing is as it should be."""
