"""Small tenants by the hundred on loopback, and workers whose like are killed at random.

The vendor of each has a path and a token of its own, and notes who asked, and who wrote in which
order. PostgreSQL and the worker processes are real.
"""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from click.testing import CliRunner, Result
from sqlalchemy import Engine, create_engine, text
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from config.load import load_fleet
from connectors.job_queue import SCHEMA, open_queue
from connectors.sandbox.admin_portal import Portal
from connectors.sandbox.keep_alive_handler import KeepAliveHandler
from connectors.sandbox.request_log import WriteLedger
from connectors.sandbox.vendor import VendorApplication
from connectors.store.tenants import open_tenants
from jobs.cli.main import main
from jobs.fleet.schedule import FleetScheduler
from support.counterparts.databases import postgresql, without_privileges
from support.counterparts.directory_export import as_csv, proven
from support.counterparts.small_tenant import group
from support.faults.impatience import RUN_HEADER
from support.faults.seatsync_process import SeatsyncProcess, SeatsyncProcesses

PEOPLE = ("ana", "bob", "cem")
CROWD = (*PEOPLE, "dan", "eve")
"""Of whom `PEOPLE` may leave without the group being empty."""

SET = "Sales Team"
EVERY = timedelta(minutes=40)

DEFAULTS = {
    "products": ["Sales"],
    "subscription_sets": [{"name": SET, "products": ["Sales"]}],
    "seats": {"Sales": 10},
    "policy": {
        "auto_apply": True,
        "max_set_revoke_percent": 100,  # one of three is more than the usual limits
        "max_week_revoke_percent": 100,
        "max_revoke_percent": 100,
    },
    "schedule": {"every": "40m"},
}


class Vendors:
    """One server; each tenant's vendor is at its name, and made when it is first asked."""

    def __init__(self) -> None:
        self.vendors: dict[str, VendorApplication] = {}
        self.ledgers: dict[str, WriteLedger] = {}
        self.writers: dict[str, list[str]] = {}
        """Of each tenant the sessions that wrote, in order; each run has sessions of its own."""
        self.down: set[str] = set()
        """Whose vendor answers with 500, whatever it is asked."""
        self.foreign = 0
        """Requests with another tenant's token."""
        self.began_to_write: Callable[[str], None] = lambda name: None
        """Called after the first write of a session, before the answer goes out."""
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        name, _, rest = request.path.removeprefix("/").partition("/")
        with self._lock:
            vendor = self.vendors.get(name) or self.new(name)
            if request.authorization is None or request.authorization.token != f"of-{name}":
                self.foreign += 1
                return Response(status=401)(environ, start_response)
            if name in self.down:
                return Response(status=500)(environ, start_response)
            writer, writers = request.headers.get(RUN_HEADER, ""), self.writers[name]
            begins = request.method != "GET" and writer not in writers
            if request.method != "GET":
                writers.append(writer)
        answer = vendor({**environ, "PATH_INFO": f"/{rest}"}, start_response)
        if begins:
            self.began_to_write(name)
        return answer

    def new(self, name: str) -> VendorApplication:
        """A vendor with the set."""
        portal, ledger = Portal({"Sales": 10}), WriteLedger()
        portal.generate_token("1 year")
        portal.token = f"of-{name}"
        portal.create_set(SET, "", ["Sales"])
        self.vendors[name] = VendorApplication(portal, ledger)
        self.ledgers[name], self.writers[name] = ledger, []
        return self.vendors[name]

    def overlaps(self) -> int:
        """How often a run wrote again after another one of its tenant had."""
        turns = (
            [who for who, before in zip(order, ["", *order], strict=False) if who != before]
            for order in self.writers.values()
        )
        return sum(len(order) - len(set(order)) for order in turns)

    def accounts(self) -> Counter[str]:
        """How often each was made, by its name."""
        return Counter(
            write.name
            for ledger in self.ledgers.values()
            for write in ledger.writes
            if write.action == "create" and write.resource.startswith("User")
        )

    def asked_for(self) -> int:
        """Requests to make an account, whatever they came to."""
        return sum(ledger.requests.count(("POST", "/Users")) for ledger in self.ledgers.values())


class SimulatedFleet:
    """`with simulated_fleet(...)` has one; `add` tenants, and then do waves of runs."""

    def __init__(self, folder: Path, url: str, admin: Engine, vendors: Vendors, port: int) -> None:
        self.vendors, self.admin = vendors, admin
        self.names: list[str] = []
        self.file = folder / "fleet.yaml"
        self._folder, self.port = folder / "tenants", port
        self._folder.mkdir()
        self.file.write_text(json.dumps({"store": "env:STORE", "defaults": DEFAULTS}))
        os.environ["STORE"] = url
        self._stack = ExitStack()
        self.tenants = self._stack.enter_context(open_tenants(url))
        self._queue = self._stack.enter_context(open_queue(url))
        self._scheduler = FleetScheduler(
            self.file, load_fleet(self.file), self.tenants, self._queue
        )

    def close(self) -> None:
        self._stack.close()

    def tell(self, url: str) -> None:
        """Whoever is told of the fleet is told there at /fleet, and of each tenant at /tenant."""
        os.environ["TELL_FLEET"], os.environ["TELL_TENANT"] = f"{url}/fleet", f"{url}/tenant"
        said = json.loads(self.file.read_text())
        said["defaults"] |= {"notifications": [{"to": "env:TELL_TENANT"}]}
        said["notifications"] = [{"to": "env:TELL_FLEET"}]
        self.file.write_text(json.dumps(said))

    def add(self, count: int) -> None:
        """So many more."""
        for at in range(len(self.names), len(self.names) + count):
            name = f"tenant{at:05}"
            self.have(name, PEOPLE)
            self.tenants.add(name, str(uuid5(NAMESPACE_DNS, name)))
            self.names.append(name)
        self._scheduler.look()  # their timetables count from now on

    def have(self, name: str, people: Sequence[str], left: Sequence[str] = ()) -> None:
        """A tenant with these people, all in the set's group but those who `left`."""
        there = {person: f"{person}.{name}" for person in people}
        users = [
            {
                "id": str(uuid5(NAMESPACE_DNS, person)),
                "userPrincipalName": f"{person}@{name}.example",
                "mail": f"{person}@{name}.example",
                "givenName": person,
                "surname": name,
                "accountEnabled": True,
                "userType": "Member",
            }
            for person in there.values()
        ]
        members = [known for person, known in there.items() if person not in left]
        content = {
            "users": users,
            "groups": [group(SET, *members, id=f"{uuid5(NAMESPACE_DNS, SET + name)}")],
        }
        (self._folder / f"{name}.csv").write_text(proven(as_csv(content), "csv"))
        (self._folder / f"{name}.token").write_text(f"of-{name}")
        (self._folder / f"{name}.token").chmod(0o600)
        settings = {
            "fleet": "../fleet.yaml",
            "directory": {"file": f"{name}.csv", "tenant_id": str(uuid5(NAMESPACE_DNS, name))},
            "vendor": {
                "name": name,
                "base_url": f"http://127.0.0.1:{self.port}/{name}/v2",
                "token": f"file:{name}.token",
                "token_issued": f"{datetime.now(UTC):%Y-%m-%d}",
                "token_lifetime": "1y",
                "managed_through_idp": True,
                "max_requests_per_second": 1000,
            },
        }
        (self._folder / f"{name}.yaml").write_text(json.dumps(settings))

    def pass_an_hour(self, names: Collection[str]) -> None:
        """Since what is known of these tenants; their stores are no new ones any more."""
        pairs = "(SELECT id FROM identity WHERE name = ANY(:names))"
        with self.admin.begin() as connection:
            for table in ("fleet_plans", "server_failures"):
                past = f"UPDATE {table} SET at = at - interval '61 minutes' WHERE tenant IN {pairs}"  # noqa: S608
                connection.execute(text(past), {"names": [*names]})
            settled = f"UPDATE identity SET began = NULL WHERE id IN {pairs}"  # noqa: S608
            connection.execute(text(settled), {"names": [*names]})

    def queue_a_run_of_each(self) -> float:
        """As the timetable has it, had the runs before been that long ago.

        The CPU seconds that the look took are returned.
        """
        for name in self.names:
            self.tenants.queued(name, datetime.now(UTC) - EVERY)
        began = time.process_time()
        self._scheduler.look()
        return time.process_time() - began

    def queue_runs_of(self, names: Iterable[str]) -> None:
        """Beside the timetable."""
        for name in names:
            self._queue.put(name, datetime.now(UTC))

    def command(self, *arguments: str) -> Result:
        """`seatsync fleet` with these."""
        return CliRunner().invoke(main, ["fleet", *arguments, "--fleet", str(self.file)])

    def start(self, processes: SeatsyncProcesses, workers: int) -> SeatsyncProcess:
        return processes.command(
            *("fleet", "work", "--concurrency", str(workers), "--fleet", str(self.file)),
            fault=("support.faults.impatience", "be_impatient"),
        )

    def waiting(self) -> int:
        """Jobs that wait or are under way."""
        return self._count("status IN ('todo', 'doing')")

    def failed(self) -> int:
        """Jobs that did not do what they are for."""
        return self._count("status = 'failed'")

    def wait_until_done(
        self, seconds: float, meanwhile: Callable[[], object] = lambda: None
    ) -> None:
        began = time.monotonic()
        while self.waiting():
            assert time.monotonic() < began + seconds, f"{self.waiting()} jobs wait"
            meanwhile()
            time.sleep(0.2)

    def busy(self, tenant: str = "") -> Sequence[int]:
        """The processes that hold a lease now, or that of a tenant."""
        query = (
            "SELECT pid FROM lease JOIN identity ON identity.id = pair "
            "WHERE :name IN ('', name) ORDER BY random()"
        )
        return [pid for (pid,) in self.ask(query, name=tenant)]

    def newest_run(self, tenant: str) -> tuple[str, int | None]:
        """Its id and its exit code, which it has at its end."""
        query = (
            "SELECT runs.id, exit_code FROM runs JOIN identity ON identity.id = pair "
            "WHERE name = :name ORDER BY started DESC LIMIT 1"
        )
        return tuple(self.ask(query, name=tenant)[0])

    def without_a_run(self) -> int:
        """Tenants whose newest run did not come to its end."""
        newest = (
            "SELECT count(*) FROM identity i WHERE name <> '' AND coalesce((SELECT exit_code FROM "
            "runs r WHERE r.pair = i.id ORDER BY started DESC LIMIT 1), 1) NOT IN (0, 4)"
        )
        return int(self.ask(newest)[0][0])

    def missing(self) -> int:
        """Users who should have an account and have none."""
        return len(self.names) * len(PEOPLE) - len(self.vendors.accounts())

    def doubled(self) -> int:
        """Accounts that were asked for once more."""
        return self.vendors.asked_for() - len(self.vendors.accounts())

    def _count(self, which: str) -> int:
        query = f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs WHERE {which}"  # noqa: S608
        return int(self.ask(query)[0][0])

    def ask(self, query: str, **values: str) -> Sequence[Any]:
        with self.admin.begin() as connection:
            return connection.execute(text(query), values).all()


class Troubles:
    """What befalls busy workers, and sessions of the database.

    A worker stands still after the first write of its apply, with more to send, and goes on
    when another run of that tenant has ended. One does so at a time.
    """

    def __init__(self, fleet: SimulatedFleet, seed: int, wanted: int, pause: float = 0) -> None:
        """So many of each kind, and so many seconds between two that do not wait for an apply."""
        self._fleet, self._chance = fleet, random.Random(seed)  # noqa: S311
        self._pause, self._next = pause, 0.0
        self.left = dict.fromkeys(("killed", "stalled", "ended"), wanted)
        self.done: Counter[str] = Counter()
        self._lock = Lock()
        self._stalled: tuple[int, str, str] | None = None
        """Its process, its tenant, and its run."""
        fleet.vendors.began_to_write = self._stand_still

    def happen(self) -> None:
        """One at most; a worker whose tenant was taken over goes on."""
        with self._lock:
            if self._is_taken_over():
                self._wake()
        kinds = [kind for kind in ("killed", "ended") if self.left[kind]]
        if not kinds or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._pause
        kind = self._chance.choice(kinds)
        if kind == "ended":
            self._fleet.ask(
                "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity "
                "WHERE usename LIKE 'ordinary%' ORDER BY random() LIMIT 1) AS one"
            )
        else:
            still = self._stalled[0] if self._stalled else None
            if not self._sent(signal.SIGKILL, [one for one in self._fleet.busy() if one != still]):
                return
        self._count(kind)

    def end(self) -> None:
        """Nobody stands still any more, or will."""
        with self._lock:
            self.left["stalled"] = 0
            if self._stalled:
                self._wake()

    def _stand_still(self, tenant: str) -> None:
        with self._lock:
            if not self._stalled and self.left["stalled"]:
                busy = self._fleet.busy(tenant)
                run, _ = self._fleet.newest_run(tenant)
                if self._sent(signal.SIGSTOP, busy):
                    self._stalled = busy[0], tenant, run
                    self._count("stalled")

    def _is_taken_over(self) -> bool:
        if not self._stalled:
            return False
        _, tenant, stalled = self._stalled
        run, exit_code = self._fleet.newest_run(tenant)
        return run != stalled and exit_code is not None

    def _wake(self) -> None:
        assert self._stalled
        taken_over = self._is_taken_over()
        if self._sent(signal.SIGCONT, [self._stalled[0]]) and taken_over:
            self.done["taken over"] += 1
        self._stalled = None

    def _sent(self, number: signal.Signals, pids: Sequence[int]) -> bool:
        """To the first of them, if it is there."""
        with suppress(IndexError, ProcessLookupError):
            os.kill(pids[0], number)
            return True
        return False

    def _count(self, kind: str) -> None:
        self.left[kind] -= 1
        self.done[kind] += 1


@contextmanager
def simulated_fleet(folder: Path) -> Iterator[SimulatedFleet]:
    """One without tenants yet; its user of the database is no superuser."""
    vendors = Vendors()
    server = make_server("127.0.0.1", 0, vendors, threaded=True, request_handler=KeepAliveHandler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    with postgresql() as url, without_privileges(url) as ordinary:
        admin = create_engine(url)
        fleet = SimulatedFleet(folder, ordinary, admin, vendors, server.server_port)
        try:
            yield fleet
        finally:
            fleet.close()
            admin.dispose()
            server.shutdown()
            server.server_close()
