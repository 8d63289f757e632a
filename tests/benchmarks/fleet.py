"""`make fleet`: small tenants over loopback, their workers and sessions killed at random.

Prints what was lost, doubled or overlapped, what a run takes of time, memory and database, and what
is told and written where the vendors of 30 % of them are down, or 30 % lose users by one cause.
"""

import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

from pytest_httpserver import HTTPServer

from connectors.http.network_route import CA_VARIABLES
from reconciler.fleet import FEWEST_LOSING
from support.faults.seatsync_process import SeatsyncProcess, SeatsyncProcesses
from support.scenarios.simulated_fleet import (
    CROWD,
    PEOPLE,
    SimulatedFleet,
    Troubles,
    simulated_fleet,
)
from support.temporary_files import keep_in_memory

FIRST = 100
HOURS = 12
"""Given up after so many."""

PAUSE = 5
"""Seconds between two that are killed or ended."""

TICK = os.sysconf("SC_CLK_TCK")


def stats() -> Iterator[tuple[Path, list[int]]]:
    """The folder of each process, and its numbers from its parent's on (proc_pid_stat(5))."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            yield stat.parent, [int(field) for field in fields[1:]]


def children(parent: int) -> list[Path]:
    """Their folders in /proc."""
    return [folder for folder, numbers in stats() if numbers[0] == parent]


def cpu_of_children(parent: int) -> float:
    """Seconds, of those that live and of those that have ended."""
    live = sum(sum(numbers[10:12]) for _, numbers in stats() if numbers[0] == parent)
    ended = sum(sum(numbers[12:14]) for folder, numbers in stats() if folder.name == f"{parent}")
    return (live + ended) / TICK


def own_megabytes(worker: Path) -> float:
    """In memory, with its part of what it shares (proc_pid_smaps_rollup(5))."""
    lines = (worker / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def size(fleet: SimulatedFleet) -> int:
    return int(fleet.ask("SELECT pg_database_size(current_database())")[0][0])


@dataclass(frozen=True)
class Measure:
    """Of one moment, in seconds of the clock, and of the CPU of workers and of the database."""

    at: float
    workers: float
    database: float


def measured(fleet: SimulatedFleet, working: SeatsyncProcess) -> Measure:
    session = fleet.ask("SELECT pg_backend_pid()")[0][0]
    database = next(numbers[0] for folder, numbers in stats() if folder.name == f"{session}")
    return Measure(time.monotonic(), cpu_of_children(working.pid), cpu_of_children(database))


def calm(fleet: SimulatedFleet, working: SeatsyncProcess) -> float:
    """A run of each tenant that finds nothing to do; the CPU seconds of all per run."""
    before, bytes_before, count = measured(fleet, working), size(fleet), len(fleet.names)
    look = fleet.queue_a_run_of_each()
    fleet.wait_until_done(HOURS * 3600)
    after = measured(fleet, working)
    cpu = (after.workers - before.workers) / count
    database = (after.database - before.database) / count
    memory = max(map(own_megabytes, children(working.pid)))
    grown = (size(fleet) - bytes_before) / count / 1000
    print(
        f"{count:7} tenants: {count / (after.at - before.at):5.1f} runs/s, {cpu:.3f} CPU s of a "
        f"worker and {database:.3f} of the database each; {memory:.0f} MB a worker; "
        f"{size(fleet) / count / 1000:.0f} kB a tenant, {grown:.1f} kB more by a run; "
        f"a look at all timetables {look:.2f} CPU s; without an account {fleet.missing()}",
        flush=True,
    )
    return cpu + database


def begin(fleet: SimulatedFleet, count: int, seed: int | None) -> None:
    """Grows to so many, whose first runs give everybody a seat; with a seed, amid troubles."""
    before, began = len(fleet.names), time.monotonic()
    fleet.add(count - before)
    fleet.queue_runs_of(fleet.names[before:])
    if seed is None:
        fleet.wait_until_done(HOURS * 3600)
        return
    troubles = Troubles(fleet, seed, wanted=max(3, count // 100), pause=PAUSE)
    fleet.wait_until_done(HOURS * 3600, meanwhile=troubles.happen)
    troubles.end()
    befell = ", ".join(f"{kind} {number}" for kind, number in sorted(troubles.done.items()))
    seconds = time.monotonic() - began
    print(
        f"{count - before} new ones in {seconds:.0f} s; workers and sessions: {befell}; "
        f"overlaps {fleet.vendors.overlaps()}, lost {fleet.without_a_run()}, doubled "
        f"{fleet.doubled()}, without an account {fleet.missing()}, requests with another tenant's "
        f"token {fleet.vendors.foreign}",
        flush=True,
    )


def run_and_tell(fleet: SimulatedFleet, told: HTTPServer, names: list[str], state: str) -> None:
    """A run of each of these; what is told and written meanwhile."""
    told.clear_log()
    before = sum(len(fleet.vendors.writers[name]) for name in names)
    fleet.queue_runs_of(names)
    fleet.wait_until_done(HOURS * 3600)
    paths = Counter(request.path for request, _ in told.log)
    written = sum(len(fleet.vendors.writers[name]) for name in names) - before
    print(
        f"{len(names)} tenants, {state}: messages of the fleet {paths['/fleet']}, of tenants "
        f"{paths['/tenant']}; writes {written}",
        flush=True,
    )


def outage(fleet: SimulatedFleet, told: HTTPServer, names: list[str]) -> None:
    """Their vendors are down for a run of each, and work again in the next."""
    fleet.vendors.down.update(names)
    run_and_tell(fleet, told, names, "whose vendor is down")
    fleet.vendors.down.clear()
    run_and_tell(fleet, told, names, "whose vendor works again")


def shared_loss(fleet: SimulatedFleet, told: HTTPServer, names: list[str]) -> None:
    """Most of their users leave at once, until a person lets that be applied."""
    for name in names:
        fleet.have(name, CROWD)
    run_and_tell(fleet, told, names, "which get two users more")
    fleet.pass_an_hour(names)
    for name in names:
        fleet.have(name, CROWD, left=PEOPLE)
    run_and_tell(fleet, told, names, "which lose three of five users")
    run_and_tell(fleet, told, names, "which lose them again")
    assert fleet.command("resume-applies", "--reason", "meant").exit_code == 0
    run_and_tell(fleet, told, names, "which may lose them")


def main(tenants: int, seed: int) -> None:
    keep_in_memory()
    for name in CA_VARIABLES:  # each run would read them, for servers without TLS
        os.environ.pop(name, None)
    sizes = [tenants]
    while sizes[0] > FIRST:
        sizes.insert(0, max(FIRST, sizes[0] // 10))
    with (
        TemporaryDirectory() as folder,
        SeatsyncProcesses(Path(folder)) as processes,
        HTTPServer() as told,
        simulated_fleet(Path(folder)) as fleet,
    ):
        told.expect_request(re.compile("/.*")).respond_with_data()
        fleet.tell(f"json://127.0.0.1:{told.port}")
        working = fleet.start(processes, workers=os.cpu_count() or 1)
        cpu = []
        for count in sizes:
            begin(fleet, count, seed if count == tenants else None)
            cpu.append(calm(fleet, working))
        if len(sizes) > 1:
            times, more = cpu[-1] * sizes[-1] / (cpu[0] * sizes[0]), sizes[-1] / sizes[0]
            print(f"CPU of all grows with the tenants to the {log(times) / log(more):.2f}")
        thirty_percent = max(FEWEST_LOSING, tenants * 3 // 10)
        outage(fleet, told, fleet.names[:thirty_percent])
        shared_loss(fleet, told, fleet.names[-thirty_percent:])
        working.send(signal.SIGTERM)
        ended = working.wait()
        print(
            f"overlaps {fleet.vendors.overlaps()}, lost {fleet.without_a_run()}, doubled "
            f"{fleet.doubled()}, tracebacks {ended.errors.count('Traceback')}; "
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )


main(int(sys.argv[1]), int(sys.argv[2]))
