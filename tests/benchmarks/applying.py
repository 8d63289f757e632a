"""How fast a plan is applied under the vendor's limit, against the same requests one by one.

    .venv/bin/python tests/benchmarks/applying.py [PEOPLE] [PER_SECOND]

The vendor answers after 50 ms. PEOPLE join four sets; each comes to two operations.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import requests

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from errands import Errands
from office import group, user

from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant

LATENCY = 0.05
TEAMS = ("North Team", "South Team", "East Team", "West Team")


class Joiners(Errands):
    """So many people without accounts, and four groups with all of them."""

    def __init__(self, folder: Path, people: int) -> None:
        super().__init__(folder)
        names = [f"user{at}" for at in range(people)]
        tenant = {
            "users": [user(name) for name in names],
            "groups": [group(name, *names[at::4]) for at, name in enumerate(TEAMS)],
        }
        sets = [{"name": name, "products": ["Sales"]} for name in TEAMS]
        self.sandbox = Sandbox(Tenant(tenant), sets, {"Sales": people})
        self.sandbox.vendor = Slow(self.sandbox.vendor)  # type: ignore[assignment]

    def _prepare_vendor(self) -> None:
        """Nobody has an account yet."""


class Slow:
    """The vendor, who takes his time; notes when he was asked what."""

    def __init__(self, vendor: Any) -> None:
        self._vendor = vendor
        self._lock = Lock()
        self.asked: list[tuple[float, str, str]] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        with self._lock:
            method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
            self.asked.append((time.monotonic(), method, path))
        time.sleep(LATENCY)
        return self._vendor(environ, start)


def per_second(moments: list[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0])


def busiest_second(moments: list[float]) -> int:
    return max(sum(start <= other < start + 1 for other in moments) for start in moments)


def main(people: int = 100, permitted: int = 20) -> None:
    with TemporaryDirectory() as folder, Joiners(Path(folder), people) as joiners:
        text = joiners.config.read_text()
        joiners.config.write_text(text.replace("per_second: 1000", f"per_second: {permitted}"))
        joiners.approve()
        slow: Any = joiners.sandbox.vendor
        slow.asked.clear()
        outcomes = joiners.json("apply latest")["outcomes"]
        assert {outcome["result"] for outcome in outcomes} == {"done"}
        asked = list(slow.asked)
        writes = [at for at, (_, method, _) in enumerate(asked) if method != "GET"]
        applying = asked[writes[0] :]
        moments = [moment for moment, _, _ in applying]

        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {joiners.sandbox.token}"
            slow.asked.clear()
            for _, _, path in applying:  # as reads, so that they change nothing
                session.get(joiners.sandbox.scim_url.removesuffix("/v2") + path)
        alone = [moment for moment, _, _ in slow.asked]

    print(f"{len(outcomes)} operations, {permitted} requests per second permitted")
    print(f"applied:    {per_second(moments):.1f} requests per second", end="")
    print(f" ({per_second(moments) / permitted:.2f} of the permitted rate)")
    print(f"            {busiest_second(moments)} in the busiest second")
    print(f"            {len(applying) / len(outcomes):.2f} requests per operation", end="")
    print(f", {writes[0]} before the first")
    print(f"one by one: {per_second(alone):.1f} requests per second")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
