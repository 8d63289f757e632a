"""The workers of a fleet: processes that do what its queue has, each one run at a time.

The secrets of a run, its events and what is said on stderr are its process's, so there are never
two in one. All are forked from a process that has imported what a run needs, and does nothing else.
"""

import gc
import logging
import multiprocessing
import os
import sys
import time
from functools import partial
from importlib import import_module
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

from config.fleet import Fleet
from config.load import load_fleet
from config.operating_system import TERMINATION
from config.seatsync_error import SeatsyncError
from connectors.job_queue import prepare_queue, work
from connectors.store.tenants import open_tenants
from jobs.fleet.tenant_run import run_tenant
from jobs.interruption import termination_as_ctrl_c
from jobs.output.console import remark, say
from jobs.output.exit_codes import Exit
from jobs.output.failures import in_plain_words
from reconciler.model.phrasing import Plural

SHORTEST_LIFE = 5
"""Seconds: one that ended sooner is not started again at once."""


class NoWorkers(SeatsyncError):
    """This system cannot have any."""


def keep_working(file: Path, workers: int, memory_limit: int) -> Exit:
    """Until SIGTERM or Ctrl-C; runs that are under way then come to their end.

    A worker that has more than `memory_limit` bytes in memory after a run is replaced.

    Raises:
        config.load.ConfigError: the fleet's file cannot be used; a tenant's fails its runs alone.
        connectors.store.errors.Unavailable: the database cannot be used; later workers try again.
        NoWorkers: see there.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        raise NoWorkers("Workers need a system that can fork processes, such as Linux")
    fleet = load_fleet(file)
    prepare_queue(fleet.store)
    import_module("connectors.entra.client")  # with Graph's SDK, which a run imports late
    gc.collect()
    gc.freeze()  # what all have in common is not copied by being looked through
    with termination_as_ctrl_c():
        team: list[_Worker] = []
        try:
            team += (_Worker(fleet, memory_limit) for _ in range(workers))
            remark(f"{Plural(workers):worker waits|workers wait} for runs that are due.")
            while True:
                wait([worker.process.sentinel for worker in team])
                for worker in team:
                    worker.replace_if_ended()
        except KeyboardInterrupt:
            remark("No other run is begun; those under way come to their end.")
        finally:
            for worker in team:
                worker.process.terminate()
            for worker in team:
                worker.process.join()
    return Exit.OK


class _Worker:
    """A process, and after it another one."""

    def __init__(self, fleet: Fleet, memory_limit: int) -> None:
        self._work = fleet, memory_limit
        self._start()

    def _start(self) -> None:
        self._began = time.monotonic()
        forking: Any = multiprocessing.get_context("fork")  # which Windows has not
        self.process: BaseProcess = forking.Process(target=_work, args=self._work)
        self.process.start()

    def replace_if_ended(self) -> None:
        if not self.process.is_alive():
            time.sleep(max(0, self._began + SHORTEST_LIFE - time.monotonic()))
            self._start()


def _work(fleet: Fleet, memory_limit: int) -> None:
    """All that a worker is, in its process."""
    Thread(target=_end_with_the_parent, daemon=True).start()
    for library in ("procrastinate", "psycopg"):
        logging.getLogger(library).addHandler(_Said(logging.WARNING))
        logging.getLogger(library).propagate = False
    try:
        with open_tenants(fleet.store) as tenants:
            run = partial(run_tenant, fleet, tenants)
            work(fleet.store, run, lambda: _bytes_in_memory() > memory_limit)
    except KeyboardInterrupt:
        return  # it had not begun
    except Exception as error:
        say(f"A worker ends: {in_plain_words(error)}")
        sys.exit(int(Exit.FAILED))


def _end_with_the_parent() -> None:
    """Whoever starts workers anew has none left of before."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), TERMINATION)


class _Said(logging.Handler):
    """What a library logs, in a line; how a job ended its own run has said."""

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(record, "action", "") != "job_error":
            say(f"{record.name}: {record.getMessage()}")


def _bytes_in_memory() -> int:
    """Of this process (Linux, proc_pid_status(5)); elsewhere it is not known, and 0."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next(
        int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:")
    )
