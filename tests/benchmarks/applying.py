"""How fast a plan is applied: under the vendor's limit, and against bare sessions without one.

    .venv/bin/python tests/benchmarks/applying.py [PEOPLE]

PEOPLE join four sets, which are created; each comes to two operations. 10,000 operations take some
minutes, and show peak memory and what the journal takes.

bare     eight threads with one `requests.Session` that send what an apply sent, bodies included, to
         the same server, each account's requests in their order; they keep and check nothing

The server is in this process, and each that asks it in one of its own.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import goals
import orjson
import requests
from goals import note
from reading import SPAWN, TRIES

sys.path.insert(0, str(Path(__file__).parents[1]))

from connectors.sandbox.availability import Availability
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.executor.executor import WORKERS
from support.counterparts.small_tenant import group, user
from support.scenarios.pending_operations import PendingOperations

TEAMS = ("North Team", "South Team", "East Team", "West Team")
PERMITTED = 20
"""Requests per second."""
UNLIMITED = 1000
"""More than the server can answer."""
LATE = 0.05
"""Seconds until the vendor answers."""


@dataclass(frozen=True)
class Asked:
    """A request as the server got it, when, and the id of the resource in its answer."""

    moment: float
    method: str
    path: str
    body: bytes
    id: str


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

    def plan_it(self, permitted: int) -> None:
        """An approved plan of all, by which so many requests per second may be sent."""
        text = self.config.read_text()
        self.config.write_text(text.replace("per_second: 1000", f"per_second: {permitted}"))
        self.approve()
        self.slow.asked.clear()


class Slow:
    """The vendor, who takes his time; notes what he was asked."""

    def __init__(self, vendor: Any, latency: float) -> None:
        self._vendor = vendor
        self._latency = latency
        self._lock = Lock()
        self.asked: list[Asked] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        moment, body = time.monotonic(), environ["wsgi.input"]
        sent = body.getvalue() if isinstance(body, BytesIO) else b""
        time.sleep(self._latency)
        answer = b"".join(self._vendor(environ, start))
        made = str(orjson.loads(answer).get("id", "")) if answer else ""
        with self._lock:
            asked = Asked(moment, environ["REQUEST_METHOD"], environ["PATH_INFO"], sent, made)
            self.asked.append(asked)
        return [answer]

    def applied(self) -> list[Asked]:
        """From the first write on, in the order in which they came."""
        asked = sorted(self.asked, key=lambda one: one.moment)
        self.asked.clear()
        first = next(at for at, one in enumerate(asked) if one.method != "GET")
        return asked[first:]


# The two ways to apply


PROGRAM = """
import sys
from jobs.cli.main import main
try:
    main()
finally:
    with open("/proc/self/status") as status:
        print(*(line for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def apply_in_its_own_process(config: Path) -> tuple[int, int]:
    """How many operations were done, and its peak memory in MB."""
    command = [sys.executable, "-c", PROGRAM, "apply", "latest", "--json", "--config", config]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", ended.stderr)
    outcomes = orjson.loads(ended.stdout)["outcomes"]
    assert {outcome["result"] for outcome in outcomes} == {"done"}
    return len(outcomes), int(peak) // 1024


def send_bare(url: str, token: str, applied: list[Asked]) -> None:
    """Sends the same to a vendor without accounts, where what is created has other ids."""
    ids: dict[str, str] = {}

    def renamed(text: str) -> str:
        return re.sub("[0-9a-f]{32}", lambda found: ids[found[0]], text)

    def send(chain: list[Asked]) -> None:
        for one in chain:
            path, body = renamed(one.path), renamed(one.body.decode())
            answer = session.request(one.method, url + path, data=body.encode() or None)
            assert answer.ok, answer.text
            if one.method == "POST":
                ids[one.id] = answer.json()["id"]

    with requests.Session() as session, ThreadPoolExecutor(WORKERS) as workers:
        media_type = "application/scim+json"
        session.headers.update({"Accept": media_type, "Content-Type": media_type})
        session.headers["Authorization"] = f"Bearer {token}"
        for step in steps(applied):
            list(workers.map(send, step))


def steps(applied: list[Asked]) -> list[list[list[Asked]]]:
    """What is asked of each resource, in its order: new groups, then accounts, then members."""
    accounts = [one for one in applied if one.path.startswith("/v2/Users")]
    at = applied.index(accounts[0])
    filled = [one for one in applied[at:] if one.path.startswith("/v2/Groups")]
    chains = []
    for asked in (applied[:at], accounts, filled):
        by_id: dict[str, list[Asked]] = {}
        for one in asked:
            by_id.setdefault(one.id or one.path.rpartition("/")[2], []).append(one)
        chains.append(list(by_id.values()))
    return chains


# What is measured


def under_the_limit(people: int) -> None:
    """Prints the rows of the permitted rate."""
    with TemporaryDirectory() as folder, Joiners(Path(folder), people, LATE) as joiners:
        joiners.plan_it(PERMITTED)
        before = size_of_store(joiners.folder)
        operations, peak = apply_in_its_own_process(joiners.config)
        grown = size_of_store(joiners.folder) - before
        applied = joiners.slow.applied()
    note(
        f"{operations} operations in {seconds_of(applied):.0f} s, {peak} MB at most; "
        f"{len(applied) / operations:.2f} requests per operation; the store grew by "
        f"{grown / operations / 1000:.1f} kB per operation"
    )
    what = f"apply, {PERMITTED} requests per second permitted, {LATE * 1000:.0f} ms to every answer"
    goals.at_least(0.95, per_second(applied) / PERMITTED, "of that rate", what)
    goals.at_most(PERMITTED, busiest_second(applied), "requests", f"{what}: its busiest second")


def without_limit(people: int, latency: float) -> None:
    """Prints the row of ours against the bare sessions."""
    with TemporaryDirectory() as folder, Joiners(Path(folder), people, latency) as joiners:
        joiners.plan_it(UNLIMITED)
        joiners.remember()
        mine, bare = [], []
        for _ in range(TRIES):
            apply_in_its_own_process(joiners.config)
            applied = joiners.slow.applied()
            mine.append(per_second(applied))
            joiners.return_to_it()
            sandbox = joiners.sandbox
            with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
                url = sandbox.scim_url.removesuffix("/v2")
                pool.submit(send_bare, url, sandbox.token, applied).result()
            again = joiners.slow.applied()
            assert len(again) == len(applied)
            bare.append(per_second(again))
            joiners.return_to_it()
    what = f"apply, no limit, {latency * 1000:.0f} ms to every answer"
    note(f"{what}: {median(mine):.0f} requests per second, bare {median(bare):.0f}")
    goals.at_least(
        0.8, median(mine) / median(bare), "of their speed", f"{what}, against bare sessions"
    )


def size_of_store(folder: Path) -> int:
    """Bytes."""
    return sum(file.stat().st_size for file in folder.glob("seatsync.db*"))


def seconds_of(applied: list[Asked]) -> float:
    return applied[-1].moment - applied[0].moment


def per_second(applied: list[Asked]) -> float:
    return (len(applied) - 1) / seconds_of(applied)


def busiest_second(applied: list[Asked]) -> int:
    moments = [one.moment for one in applied]
    return max(sum(start <= other < start + 1 for other in moments) for start in moments)


def main(people: int = 100) -> None:
    under_the_limit(people)
    for latency in (LATE, 0):
        without_limit(4 * people, latency)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
