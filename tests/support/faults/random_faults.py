"""A share of all requests fails, to Graph and to the vendor: one seed decides which, and how.

What happens to a call depends on the seed, the day, what is asked and how often it was asked, and
not on the order in which threads come to ask. Some faults of Graph last for the day.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random
from threading import Lock
from typing import Any

from werkzeug.wrappers import Request, Response

from connectors.sandbox.server import Sandbox
from support.faults.http_faults import FAULTS, Spoil, reset, status

SLOW = {"silence", "trickling", "429, Retry-After in seconds"}
GRAPH = {name: spoil for name, spoil in FAULTS.items() if name not in SLOW}

LASTING = 0.3

Work = Callable[[], Response]
Fault = Callable[[Request, Work], Response]


def instead(spoil: Spoil) -> Fault:
    """The request does not reach the vendor."""
    return lambda request, work: spoil(request, Response())


def after(spoil: Spoil) -> Fault:
    """The vendor does its work; only the answer suffers."""
    return lambda request, work: spoil(request, work())


def _cut(request: Request, sound: Response) -> Response:
    return Response(sound.get_data()[:-9], status=sound.status_code, mimetype="application/json")


def _one_less(request: Request, sound: Response) -> Response:
    """A list that lacks what it counts."""
    try:
        content = json.loads(sound.get_data())
        content["Resources"] = content["Resources"][:-1]
    except (ValueError, KeyError, TypeError):
        return sound
    return Response(json.dumps(content), mimetype="application/scim+json")


READS: dict[str, Fault] = {
    "429": instead(status(429, Retry_After="0")),
    "500": instead(status(500)),
    "503": instead(status(503)),
    "reset": instead(reset),
    "cut JSON": after(_cut),
    "HTML": after(lambda request, sound: Response("<html>", mimetype="text/html")),
    "one less": after(_one_less),
}
WRITES: dict[str, Fault] = {
    **{str(code): instead(status(code)) for code in (400, 403, 409, 500, 503)},
    "429": instead(status(429, Retry_After="0")),
    "reset before": instead(reset),
    "reset after": after(reset),
    "500 after": after(status(500)),
    "504 after": after(status(504)),
    "empty after": after(lambda request, sound: Response("", status=sound.status_code)),
    "cut JSON after": after(_cut),
    "accepted and ignored": instead(lambda request, sound: Response("{}", status=200)),
}


class RandomFaults:
    """`rate` of all calls fail while it is above zero; `fired` counts them by name."""

    def __init__(self, sandbox: Sandbox, seed: int) -> None:
        self.rate, self.day, self.calls = 0.0, 0, 0
        self.fired: Counter[str] = Counter()
        self._seed, self._asked, self._lock = seed, Counter[str](), Lock()
        self._lasting: dict[str, str] = {}
        self._sandbox = sandbox
        self._wrap_graph()
        self._wrap_vendor()

    def _wrap_graph(self) -> None:
        graph = self._sandbox.graph
        sound = graph.answer

        def answer(request: Request) -> Response:
            fault = self._fault("graph", request.full_path, request.method, list(GRAPH))
            return GRAPH[fault](request, sound(request)) if fault else sound(request)

        graph.answer = answer  # type: ignore[method-assign]

    def _wrap_vendor(self) -> None:
        vendor = self._sandbox.vendor
        sound = vendor.__class__.__call__

        def call(_: object, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            request = Request(environ)
            faults = READS if request.method == "GET" else WRITES
            path = self._named(request.full_path)
            fault = self._fault("vendor", path, request.method, list(faults))
            if not fault:
                return sound(vendor, environ, start)
            request.get_data()  # so that the connection can be used again
            return faults[fault](request, lambda: _work(sound, vendor, environ, request))(
                environ, start
            )

        vendor.__class__ = type("Faulty", (vendor.__class__,), {"__call__": call})

    def _fault(self, server: str, path: str, method: str, names: list[str]) -> str:
        question = f"{server} {method} {path}"
        with self._lock:
            self.calls += 1
            if not self.rate:
                return ""
            self._asked[question] += 1
            fault = self._lasting.get(question, "") or self._chance(question, server, names)
            self.fired[f"{server}: {fault}"] += bool(fault)
            return fault

    def _chance(self, question: str, server: str, names: list[str]) -> str:
        chance = Random(f"{self._seed}/{self.day}/{question}/{self._asked[question]}")  # noqa: S311
        if chance.random() >= self.rate:
            return ""
        fault = chance.choice(names)
        if server == "graph" and chance.random() < LASTING:
            self._lasting[question] = fault
        return fault

    def begin(self, day: int, rate: float) -> None:
        """Another day, on which this part of the calls fails."""
        with self._lock:
            self.day, self.rate = day, rate
            self._asked.clear()
            self._lasting.clear()

    def _named(self, path: str) -> str:
        """Ids are made by chance, names are not."""
        for one in self._sandbox.vendor.storage.resources:
            if str(one.id) in path:
                name = getattr(one, "user_name", None) or getattr(one, "display_name", "")
                return path.replace(str(one.id), str(name))
        return path


def _work(sound: Any, vendor: Any, environ: dict[str, Any], request: Request) -> Response:
    """The vendor's own answer, with what it was asked put back where it reads."""
    from io import BytesIO

    environ["wsgi.input"] = BytesIO(request.get_data())
    told: dict[str, Any] = {}

    def start(state: str, headers: list[tuple[str, str]], *_: object) -> None:
        told.update(status=state, headers=headers)

    body = b"".join(sound(vendor, environ, start))
    return Response(body, told["status"], told["headers"])
