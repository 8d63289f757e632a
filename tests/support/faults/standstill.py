"""A process that stops itself at a point (SIGSTOP), and is woken from outside.

The signal is for the thread that is there: of another one this thread would not wait to see it. No
heartbeat is under way then: it would keep an heir from the lease's row until the database ends its
session.
"""

import signal
from collections.abc import Callable
from datetime import timedelta
from functools import partialmethod
from threading import Lock, get_ident
from typing import Any

from connectors.scim.transport import ScimTransport
from connectors.store.fence import Fence
from connectors.store.store import Store
from jobs.executor.executor import Execution

BEAT = 0.2
"""Seconds, so that an heir need not wait for a minute."""

Arguments = tuple[Any, ...]

POINTS: dict[str, tuple[type, str, Callable[[Arguments], bool]]] = {
    "begun": (Execution, "_begin", lambda _: True),
    "about to send": (ScimTransport, "_prepared", lambda arguments: arguments[2] != "GET"),
    "between two requests": (ScimTransport, "send", lambda arguments: arguments[1] != "GET"),
}


def stand_still(at: str) -> None:
    """After the first time that this process comes to this point."""
    owner, name, meant = POINTS[at]
    sound, beat = getattr(owner, name), Fence.beat
    stopped: list[str] = []
    beating = Lock()

    def stopping(*arguments: Any, **options: Any) -> Any:
        result = sound(*arguments, **options)
        if meant(arguments) and not stopped:
            stopped.append(name)
            with beating:
                signal.pthread_kill(get_ident(), signal.SIGSTOP)
        return result

    def beat_unless_it_stops(fence: Fence) -> None:
        with beating:
            beat(fence)

    setattr(owner, name, stopping)
    Fence.beat = beat_unless_it_stops  # type: ignore[method-assign]
    Store.lease = partialmethod(Store.lease, beat=timedelta(seconds=BEAT))  # type: ignore[assignment,method-assign]
