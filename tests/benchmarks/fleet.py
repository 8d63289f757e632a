"""`make fleet`: small tenants over loopback, their workers and sessions killed at random.

Prints what was lost, doubled or overlapped, and what a run takes: of time, memory and database.
"""

import os
import signal
import sys
import time
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

from support.faults.seatsync_process import SeatsyncProcess, SeatsyncProcesses
from support.scenarios.simulated_fleet import SimulatedFleet, Troubles, simulated_fleet
from support.temporary_files import keep_in_memory

FIRST = 100
HOURS = 12
"""Given up after so many."""

TICK = os.sysconf("SC_CLK_TCK")


def workers_of(supervisor: SeatsyncProcess) -> list[Path]:
    """Their folders in /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == supervisor.pid:
            found.append(stat.parent)
    return found


def cpu_seconds(workers: list[Path]) -> float:
    """Of processes that live."""
    fields = [(one / "stat").read_text().rpartition(")")[2].split() for one in workers]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICK


def own_megabytes(worker: Path) -> float:
    """In memory, with its part of what it shares (proc_pid_smaps_rollup(5))."""
    lines = (worker / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def size(fleet: SimulatedFleet) -> int:
    return int(fleet.ask("SELECT pg_database_size(current_database())")[0][0])


def calm(fleet: SimulatedFleet, workers: list[Path]) -> float:
    """A run of each tenant that finds nothing to do; the CPU seconds of the workers per run."""
    before, bytes_before, began = cpu_seconds(workers), size(fleet), time.monotonic()
    look = fleet.queue_a_run_of_each()
    fleet.wait_until_done(HOURS * 3600)
    seconds, count = time.monotonic() - began, len(fleet.names)
    cpu = (cpu_seconds(workers) - before) / count
    memory = max(map(own_megabytes, workers))
    grown = (size(fleet) - bytes_before) / count / 1000
    print(
        f"{count:7} tenants: {count / seconds:5.1f} runs/s, {1 / cpu:5.1f} per core of workers, "
        f"{cpu:.3f} CPU s each; {memory:.0f} MB a worker; {size(fleet) / count / 1000:.0f} kB a "
        f"tenant, {grown:.1f} kB more by a run; a look {look:.2f} CPU s",
        flush=True,
    )
    return cpu


def main(tenants: int, seed: int) -> None:
    keep_in_memory()
    cores = os.cpu_count() or 1
    sizes = [tenants]
    while sizes[0] > FIRST:
        sizes.insert(0, max(FIRST, sizes[0] // 2))
    with (
        TemporaryDirectory() as folder,
        SeatsyncProcesses(Path(folder)) as processes,
        simulated_fleet(Path(folder)) as fleet,
    ):
        working = fleet.start(processes, cores)
        cpu: list[float] = []
        for count in sizes:
            fleet.add(count - len(fleet.names))
            fleet.queue_a_run_of_each()  # the first one gives everybody a seat
            fleet.wait_until_done(HOURS * 3600)
            cpu.append(calm(fleet, workers_of(working)))
        if len(sizes) > 1:
            times, more = cpu[-1] * sizes[-1] / (cpu[0] * sizes[0]), sizes[-1] / sizes[0]
            print(f"CPU of all workers grows with the tenants to the {log(times) / log(more):.2f}")
        fleet.add(tenants)
        fleet.queue_a_run_of_each()
        troubles = Troubles(fleet, seed, wanted=max(3, tenants // 20))
        fleet.wait_until_done(HOURS * 3600, meanwhile=troubles.happen)
        troubles.end()
        lost = fleet.without_a_run()
        fleet.queue_a_run_of_each()
        fleet.wait_until_done(HOURS * 3600)
        working.send(signal.SIGTERM)
        ended = working.wait()
        befell = ", ".join(f"{kind} {count}" for kind, count in sorted(troubles.done.items()))
        print(f"{tenants} new ones beside them; workers and sessions: {befell}")
        print(
            f"overlaps {fleet.vendors.overlaps()}, lost {lost}, doubled {fleet.doubled()}, without "
            f"an account {fleet.missing()}, requests with another tenant's token "
            f"{fleet.vendors.foreign}, tracebacks {ended.errors.count('Traceback')}"
        )
        print(f"load {os.getloadavg()[0]:.1f} on {cores} cores")


main(int(sys.argv[1]), int(sys.argv[2]))
