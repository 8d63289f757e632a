"""Where the tests' files lie: in memory, where there is enough.

Every commit of a store waits for the disk, thousands of times. What would survive a power cut is
tried by no test; what survives a killed process is the same in memory.
"""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - as a folder for others, such as pytest's own
ENOUGH = 4 << 30
"""Bytes: a few times what one run of all tests leaves behind."""


def keep_in_memory() -> None:
    """For this process and those that it starts, unless somebody named a folder (TMPDIR)."""
    if "TMPDIR" not in os.environ and _usable():
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _usable() -> bool:
    """In many containers it is small, or no program in it may be run, as some tests do."""
    try:
        there = os.statvfs(MEMORY)
    except OSError:
        return False
    spare = there.f_bavail * there.f_frsize
    return spare >= ENOUGH and not there.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK)
