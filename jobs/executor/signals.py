"""How a person or the system ends a run: operations under way are finished and recorded first."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

from config.operating_system import TERMINATION

SIGNALS = (TERMINATION, signal.SIGINT)


@contextmanager
def ending_well(by_signal: Callable[[str], None]) -> Iterator[None]:
    """Calls `by_signal` with the name of every one of `SIGNALS`, instead of ending the program.

    Only the main thread can handle signals (Python's ``signal``).
    """
    if current_thread() is not main_thread():
        yield
        return

    def tell(number: int, _: FrameType | None) -> None:
        by_signal(signal.Signals(number).name)

    before = [(number, signal.signal(number, tell)) for number in SIGNALS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
