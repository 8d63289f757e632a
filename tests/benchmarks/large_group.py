"""A group that many join at once and leave again: seconds, memory, and what was asked of whom.

    .venv/bin/python tests/benchmarks/large_group.py [PEOPLE]

Entra ID is the sandbox's. The vendor is a plain one in a process of its own that answers at once,
so that seatsync is what is measured: it names each of 20,000 members with 150 bytes, and takes
1,000 requests per second. While they leave it falls silent, the apply is sent SIGTERM, and the next
plan has the rest. Every command is a process of its own.
"""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from support.counterparts.small_tenant import group, user
from support.scenarios.company import Company

SET = "Everybody"
SPAWN = get_context("spawn")
LEAVING = re.compile(r'value eq "([^"]+)"')

PROGRAM = """
import resource, sys
from jobs.cli.main import main
try:
    main()
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


# The vendor


@dataclass
class PlainVendor:
    """Users and members as JSON that is ready to be sent, so that it takes no time to speak of."""

    users: dict[str, bytes] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    members: dict[str, dict[str, bytes]] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=count)

    def answer(self, method: str, target: str, body: Any) -> tuple[int, bytes]:
        url = urlsplit(target)
        kind, _, at = url.path.removeprefix("/v2/").partition("/")
        there = self.users if kind == "Users" else self.groups
        if method == "POST":
            return 201, self._created(kind, body)
        if at not in there:
            return (404, b"{}") if at else (200, self._page(kind, parse_qs(url.query)))
        if method == "PATCH":
            self._change(kind, at, body["Operations"])
        return 200, self._shown(kind, at)

    def _created(self, kind: str, body: Any) -> bytes:
        at = f"{next(self.ids):032x}"
        if kind == "Users":
            self.users[at] = json.dumps({**body, "id": at}).encode()
        else:
            self.groups[at], self.members[at] = body["displayName"], {}
        return self._shown(kind, at)

    def _shown(self, kind: str, at: str, *, members: bool = True) -> bytes:
        if kind == "Users":
            return self.users[at]
        shown = self.members[at].values() if members else ()
        head = json.dumps({"id": at, "displayName": self.groups[at]}).encode()
        return head[:-1] + b', "members": [' + b", ".join(shown) + b"]}"

    def _page(self, kind: str, query: Mapping[str, Sequence[str]]) -> bytes:
        there: Mapping[str, object] = self.users if kind == "Users" else self.groups
        first, size = (int(query.get(name, "1")[0]) for name in ("startIndex", "count"))
        found = [self._shown(kind, at, members=False) for at in islice(there, first - 1, None)]
        head = b'{"totalResults": %d, "Resources": [' % len(there)
        return head + b", ".join(found[:size]) + b"]}"

    def _change(self, kind: str, at: str, operations: Sequence[Any]) -> None:
        for operation in operations:
            if kind == "Users":
                said = operation["value"]
                changed = {operation["path"]: said} if "path" in operation else said
                self.users[at] = json.dumps({**json.loads(self.users[at]), **changed}).encode()
            elif operation["op"] == "add":
                joining = [one["value"] for one in operation["value"]]
                self.members[at] |= {one: _member(one) for one in joining}
            else:
                for gone in LEAVING.findall(operation["path"]):
                    del self.members[at][gone]


def _member(account: str) -> bytes:
    at = f"https://vendor.example/scim/v2/Users/{account}"
    shown = {"value": account, "$ref": at, "display": "Somebody", "type": "User"}
    return json.dumps(shown).encode()


def serve(pipe: Connection, silent: Event) -> None:
    """Tells by the pipe where it is, and from then on, when asked, its requests and bytes sent."""
    vendor, lock, asked, sent = PlainVendor(), Lock(), [0], [0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            while silent.is_set():
                sleep(1)
            with lock:
                status, content = vendor.answer(self.command, self.path, body)
                asked[0], sent[0] = asked[0] + 1, sent[0] + len(content)
            head = f"HTTP/1.1 {status} Answered\r\nContent-Length: {len(content)}\r\n\r\n"
            self.wfile.write(head.encode() + content)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - as http.server wants it

        def log_message(self, *_: object) -> None:
            """What is counted is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(f"http://127.0.0.1:{server.server_port}/v2")
    while pipe.recv():
        pipe.send((asked[0], sent[0]))


# The company


class LargeGroup(Company):
    """One set, with a seat for everybody."""

    def __init__(self, folder: Path, people: int, vendor: Connection) -> None:
        super().__init__(folder)
        self._people = [f"user{at}" for at in range(people)]
        self._vendor = vendor
        sets = [{"name": SET, "products": ["Sales"]}]
        self.sandbox = Sandbox(Tenant(self._tenant(people)), sets, {"Sales": people})

    def fill(self, members: int) -> None:
        """So many are in the group from now on."""
        self.sandbox.tenant.replace(self._tenant(members))

    def plan_and_approve(self) -> None:
        self.command("plan")
        plan = self.json("show")
        blocked = [one["code"] for one in plan["verdicts"] if one["outcome"] == "blocked"]
        overrides = [word for code in blocked for word in ("--override", code)]
        approved = self.run("approve", plan["id"], *overrides, "--reason", "measured")
        assert approved.exit_code == 0, approved.output

    def command(self, *words: str) -> None:
        """Prints what it cost, and the first line of what it said."""
        before, began = self.asked(), monotonic()
        self.ended(" ".join(words), self.begin(*words), before, began)

    def begin(self, *words: str) -> "subprocess.Popen[str]":
        arguments = [*words, "--log-format", "json", "--config", str(self.config)]
        command = [sys.executable, "-c", PROGRAM, *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ended(
        self,
        title: str,
        process: "subprocess.Popen[str]",
        before: tuple[int, int],
        began: float,
    ) -> None:
        said, log = process.communicate()
        seconds = monotonic() - began
        requests, sent = (after - then for after, then in zip(self.asked(), before, strict=True))
        (peak,) = re.findall(r"^peak (\d+)", log, re.MULTILINE)
        print(
            f"{title}: exit code {process.returncode}, {seconds:.0f} s, {int(peak) >> 10} MB;",
            end="",
        )
        print(f" the vendor got {requests:,} requests and sent {sent >> 20:,} MB")
        events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        plain = [line for line in (*said.splitlines(), *log.splitlines()) if line[:1] not in "{ "]
        print(f"    {plain[0]}")
        told = [
            f"{it['event']} {it['seconds']:.0f} s" for it in events if it.get("seconds", 0) >= 1
        ]
        print(f"    {', '.join(told)}", flush=True)

    def asked(self) -> tuple[int, int]:
        """Requests to the vendor, and bytes of its answers, so far."""
        self._vendor.send(True)
        requests, sent = self._vendor.recv()
        return requests, sent

    def _tenant(self, members: int) -> dict[str, Any]:
        people = [user(name) for name in self._people]
        return {"users": people, "groups": [group(SET, *self._people[:members])]}


def main(people: int = 20_000) -> None:
    with TemporaryDirectory() as folder:
        near, far = SPAWN.Pipe()
        silent = SPAWN.Event()
        SPAWN.Process(target=serve, args=(far, silent), daemon=True).start()
        url = near.recv()
        with (company := LargeGroup(Path(folder), people, near)).sandbox:
            company.sandbox.scim_url = url
            company.configure()
            company.plan_and_approve()
            company.command("apply", "latest")
            company.age_the_store()
            company.fill(1)
            company.plan_and_approve()
            end_beside_a_silent_vendor(company, silent, people)
            silent.clear()
            company.plan_and_approve()
            company.command("apply", "latest")
            company.command("plan")


def end_beside_a_silent_vendor(company: LargeGroup, silent: Event, people: int) -> None:
    """SIGTERM, once it has got a fifth as many requests as there are people."""
    before = company.asked()
    apply = company.begin("apply", "latest")
    while company.asked()[0] - before[0] < people // 5:
        sleep(0.1)
    silent.set()
    sleep(1)
    began = monotonic()
    apply.send_signal(signal.SIGTERM)
    company.ended("SIGTERM in mid-apply, the vendor silent", apply, before, began)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
