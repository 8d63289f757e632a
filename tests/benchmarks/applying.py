"""How fast a plan is applied under the vendor's limit, against the same requests one by one.

    .venv/bin/python tests/benchmarks/applying.py [PEOPLE] [PER_SECOND] [MILLISECONDS]

The vendor answers after 50 ms, or as many MILLISECONDS. PEOPLE join four sets; each comes to two
operations. 10,000 operations in some minutes, for peak memory and the journal's size:

    .venv/bin/python tests/benchmarks/applying.py 5000 1000 0
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import goals
import requests
from goals import note

sys.path.insert(0, str(Path(__file__).parents[1]))

from connectors.sandbox.availability import Availability
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from support.counterparts.small_tenant import group, user
from support.scenarios.pending_operations import PendingOperations

TEAMS = ("North Team", "South Team", "East Team", "West Team")

SAMPLE = 200
"""Requests that are sent one by one."""


class Joiners(PendingOperations):
    """So many people without accounts, and four groups with all of them."""

    def __init__(self, folder: Path, people: int, latency: float) -> None:
        super().__init__(folder)
        names = [f"user{at}" for at in range(people)]
        tenant = {
            "users": [user(name) for name in names],
            "groups": [group(name, *names[at::4]) for at, name in enumerate(TEAMS)],
        }
        sets = [{"name": name, "products": ["Sales"]} for name in TEAMS]
        self.sandbox = Sandbox(Tenant(tenant), sets, {"Sales": people})
        self.slow = Slow(self.sandbox.vendor, latency)
        self.sandbox.availability = Availability(self.slow)

    def _prepare_vendor(self) -> None:
        """Nobody has an account yet."""


class Slow:
    """The vendor, who takes his time; notes when he was asked what."""

    def __init__(self, vendor: Any, latency: float) -> None:
        self._vendor = vendor
        self._latency = latency
        self._lock = Lock()
        self.asked: list[tuple[float, str, str]] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        with self._lock:
            method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
            self.asked.append((time.monotonic(), method, path))
        time.sleep(self._latency)
        return self._vendor(environ, start)


PROGRAM = """
import sys
from jobs.cli.main import main
try:
    main()
finally:
    with open("/proc/self/status") as status:
        print(*(line for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def apply_in_its_own_process(config: Path) -> tuple[Any, int]:
    """What it says, and its peak memory in MB."""
    command = [sys.executable, "-c", PROGRAM, "apply", "latest", "--json", "--config", config]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", ended.stderr)
    return json.loads(ended.stdout), int(peak) // 1024


def size_of_store(folder: Path) -> int:
    """Bytes."""
    return sum(file.stat().st_size for file in folder.glob("seatsync.db*"))


def per_second(moments: list[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0])


def busiest_second(moments: list[float]) -> int:
    return max(sum(start <= other < start + 1 for other in moments) for start in moments)


def main(people: int = 100, permitted: int = 20, milliseconds: int = 50) -> None:
    with (
        TemporaryDirectory() as folder,
        Joiners(Path(folder), people, milliseconds / 1000) as joiners,
    ):
        text = joiners.config.read_text()
        joiners.config.write_text(text.replace("per_second: 1000", f"per_second: {permitted}"))
        joiners.approve()
        slow = joiners.slow
        slow.asked.clear()
        before = size_of_store(joiners.folder)
        applied, peak = apply_in_its_own_process(joiners.config)
        grown = size_of_store(joiners.folder) - before
        outcomes = applied["outcomes"]
        assert {outcome["result"] for outcome in outcomes} == {"done"}
        asked = list(slow.asked)
        writes = [at for at, (_, method, _) in enumerate(asked) if method != "GET"]
        applying = asked[writes[0] :]
        moments = [moment for moment, _, _ in applying]

        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {joiners.sandbox.token}"
            slow.asked.clear()
            for _, _, path in applying[:SAMPLE]:  # as reads, so that they change nothing
                session.get(joiners.sandbox.scim_url.removesuffix("/v2") + path)
        alone = [moment for moment, _, _ in slow.asked]

    note(
        f"{len(outcomes)} operations in {moments[-1] - moments[0]:.0f} s, {peak} MB at most; "
        f"{len(applying) / len(outcomes):.2f} requests per operation, {writes[0]} before the "
        f"first; the store grew by {grown / len(outcomes) / 1000:.1f} kB per operation; one by "
        f"one {per_second(alone):.1f} requests per second"
    )
    what = f"apply, {permitted} requests per second permitted, {milliseconds} ms to every answer"
    goals.at_least(0.95, per_second(moments) / permitted, "of that rate", what)
    goals.at_most(permitted, busiest_second(moments), "requests", f"{what}: its busiest second")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
