"""Named points at which the program can be made to fail, wound around it from outside.

A process that is armed counts the points it passes and fails at the n-th. Each name goes to a file
before anything happens, so that its last line says where a killed process was.
"""

import errno
import itertools
import os
import signal
import sqlite3
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from connectors.scim.transport import ScimTransport

_SAYS = {"ENOSPC": "database or disk is full", "EIO": "disk I/O error"}
_CHANGES = ("INSERT", "UPDATE", "DELETE")


def arm(fault: str, at: int, passed: str) -> None:
    """Lets this process fail at the `at`-th point that is one for this fault.

    "kill" is kill -9 around requests, commits and renames; "ENOSPC" and "EIO" are what a disk says
    to a write. A disk that is full stays full; an input/output error comes once.
    """
    point = _Points(fault, at, Path(passed))
    if fault == "kill":
        _around(ScimTransport, "send", point, "send")
        _before(HTTPConnection, "getresponse", lambda *_: point("request sent"))
        _around(DefaultDialect, "do_commit", point, "commit")
        _around(os, "replace", point, "rename")
    else:
        _before(os, "replace", lambda *_: point("rename"))
        _before(os, "fsync", lambda *_: point("fsync"))
        _before(os, "open", lambda _, flags, *__: flags & os.O_CREAT and point("create file"))
        _before(DefaultDialect, "do_commit", lambda *_: point("commit", sqlite3.OperationalError))
        _before(
            DefaultDialect,
            "do_execute",
            lambda _, __, text, *___: (
                text.startswith(_CHANGES) and point("write row", sqlite3.OperationalError)
            ),
        )


class _Points:
    def __init__(self, fault: str, at: int, passed: Path) -> None:
        self._fault, self._at = fault, at
        self._passed = os.open(passed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._count = itertools.count(1)

    def __call__(self, name: str, error: type[Exception] = OSError) -> None:
        # Several threads pass here, and writing lets another one go first.
        count = next(self._count)
        os.write(self._passed, f"{name}\n".encode())
        if self._fault == "kill":
            if count == self._at:
                os.kill(os.getpid(), signal.SIGKILL)
        elif count == self._at or (self._fault == "ENOSPC" and count > self._at > 0):
            if error is OSError:
                number = getattr(errno, self._fault)
                raise OSError(number, os.strerror(number))
            raise error(_SAYS[self._fault])


def _around(owner: Any, name: str, point: _Points, label: str) -> None:
    sound = getattr(owner, name)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        point(f"before {label}")
        result = sound(*arguments, **options)
        point(f"after {label}")
        return result

    setattr(owner, name, wrapped)


def _before(owner: Any, name: str, act: Callable[..., object]) -> None:
    sound = getattr(owner, name)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        act(*arguments)
        return sound(*arguments, **options)

    setattr(owner, name, wrapped)
