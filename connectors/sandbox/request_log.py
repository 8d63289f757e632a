"""What a server was asked and what it changed: the counterpart's own record, for tests."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock


@dataclass(frozen=True)
class Write:
    """One change: to which resource, and the seats in use per product after it.

    `added` and `removed` are the members of a group; both are empty for other resources.
    """

    action: str
    resource: str
    id: str
    name: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    used: dict[str, int] = field(default_factory=dict)


class WriteLedger:
    """Append-only; mirrored to a file of JSON lines where one is given.

    Raises OSError at once if that cannot be written.
    """

    def __init__(self, mirror: Path | None = None) -> None:
        if mirror:
            mirror.open("a").close()
        self.requests: list[tuple[str, str]] = []
        self.writes: list[Write] = []
        self._mirror = mirror
        self._lock = Lock()

    def asked(self, method: str, path: str) -> None:
        """A request came in."""
        with self._lock:
            self.requests.append((method, path))

    def wrote(self, write: Write) -> None:
        """Something was changed."""
        with self._lock:
            self.writes.append(write)
            if self._mirror:
                with self._mirror.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(write)) + "\n")
