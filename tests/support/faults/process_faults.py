"""What befalls a process from outside."""

import os
import resource


def no_file_grows(beyond: int) -> None:
    """The kernel refuses the write, as it does on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (beyond, beyond))


def nobody_reads() -> None:
    """The pipe of what it prints is closed at its other end, as by `| head`."""
    reader, writer = os.pipe()
    os.close(reader)
    os.dup2(writer, 1)
