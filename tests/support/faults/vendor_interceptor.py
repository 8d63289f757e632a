"""Requests to the vendor that are answered in its place, or after it has done its work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition

from werkzeug.wrappers import Request, Response

from support.scenarios.company import Company


@dataclass
class VendorInterceptor:
    """Stands between the program and the vendor: may answer in its place, or after it."""

    company: Company
    _answering: int = 0
    _changed: Condition = field(default_factory=Condition)

    def __post_init__(self) -> None:
        vendor = self.company.sandbox.vendor
        sound = vendor.__class__.__call__

        def call(_: object, environ: dict[str, str], start: Callable[..., object]) -> object:
            self._count(1)
            try:
                return sound(vendor, environ, start)
            finally:
                self._count(-1)

        vendor.__class__ = type("Faulty", (vendor.__class__,), {"__call__": call})

    def _count(self, more: int) -> None:
        with self._changed:
            self._answering += more
            self._changed.notify_all()

    def finish(self) -> None:
        """Waits for the end of what is under way, such as requests of a process that is no more."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._answering, 60)

    def intercept(self, method: str, path: str, answer: Callable[[], Response | None]) -> None:
        """Answers in the vendor's place where `answer` has something to say."""
        vendor = self.company.sandbox.vendor
        sound = vendor.__class__.__call__

        def call(self: object, environ: dict[str, str], start: Callable[..., object]) -> object:
            request = Request(environ)
            fits = request.method == method and request.path.startswith(path)
            said = answer() if fits else None
            return said(environ, start) if said else sound(vendor, environ, start)

        vendor.__class__ = type("Faulty", (vendor.__class__,), {"__call__": call})

    def on(
        self, method: str, path: str, answer: Callable[[], Response], *, after: bool = False
    ) -> None:
        """Answers every such request, in the vendor's place or `after` it has done its work."""
        if not after:
            self.intercept(method, path, answer)
            return
        vendor = self.company.sandbox.vendor
        sound = vendor.__class__.__call__

        def call(self: object, environ: dict[str, str], start: Callable[..., object]) -> object:
            request = Request(environ)
            if request.method != method or not request.path.startswith(path):
                return sound(vendor, environ, start)
            b"".join(sound(vendor, environ, lambda *_: None))
            return answer()(environ, start)

        vendor.__class__ = type("Faulty", (vendor.__class__,), {"__call__": call})

    def clear(self) -> None:
        """Lets everything through again."""
        vendor = self.company.sandbox.vendor
        vendor.__class__ = next(c for c in type(vendor).__mro__ if c.__name__ != "Faulty")


def refusing(status: int, body: str = '{"detail": "no"}') -> Callable[[], Response]:
    return lambda: Response(body, status=status)
