"""How a command that stays is ended."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from config.operating_system import TERMINATION


@contextmanager
def termination_as_ctrl_c() -> Iterator[None]:
    """SIGTERM (Ctrl-Break) raises KeyboardInterrupt, so that what was begun is closed."""
    before = signal.signal(TERMINATION, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(TERMINATION, before)
