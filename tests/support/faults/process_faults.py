"""What befalls a process from outside."""

import os
import resource


def no_file_grows(beyond: int) -> None:
    """The kernel refuses the write, as it does on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (beyond, beyond))


def nothing_can_be_printed() -> None:
    """What it prints goes to a disk that is full."""
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


def nobody_reads() -> None:
    """The pipe of what it prints is closed at its other end, as by `| head`."""
    reader, writer = os.pipe()
    os.close(reader)
    os.dup2(writer, 1)
