"""Processes that all want the one lease, and a witness of who was inside at the same time."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import sleep

from connectors.store.database import open_database
from connectors.store.errors import LeaseHeld

BEAT = timedelta(seconds=0.2)
ROUNDS = 5
INSIDE_SECONDS = 0.02


def compete(url: str, folder: Path, count: int, killed: int = 0) -> Counter[str]:
    """How often `count` processes held the lease, were refused, and "overlapped".

    All start at the same moment and try `ROUNDS` times. The first `killed` of them to get it are
    shot while they hold it.
    """
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["connectors.store.database", "connectors.store.lease"])
    start = processes.Barrier(count)
    victims = processes.Semaphore(killed)
    contenders = [
        processes.Process(target=_contend, args=(url, folder, f"run{at}", start, victims))
        for at in range(count)
    ]
    for contender in contenders:
        contender.start()
    for contender in contenders:
        contender.join(60)
    return _counted(folder, [contender.exitcode for contender in contenders])


def _contend(url: str, folder: Path, name: str, start: object, victims: object) -> None:
    store = open_database(url)
    start.wait(300)  # type: ignore[attr-defined]
    for at in range(ROUNDS):
        try:
            with store.lease(f"{name}.{at}", BEAT):
                _be_inside(folder, name, victims)
        except LeaseHeld:
            _note(folder, name, "refused")
            sleep(INSIDE_SECONDS)
    store.close()


def _be_inside(folder: Path, name: str, victims: object) -> None:
    """The lock file names its holder; a dead one's is a remnant and no overlap."""
    door = folder / "inside"
    try:
        holder = int(door.read_text() or 0)
        os.kill(holder, 0)
        _note(folder, name, "overlapped")
    except (FileNotFoundError, ProcessLookupError):
        pass
    door.write_text(str(os.getpid()))
    _note(folder, name, "held")
    if victims.acquire(block=False):  # type: ignore[attr-defined]
        os.kill(os.getpid(), signal.SIGKILL)
    sleep(INSIDE_SECONDS)
    if door.read_text() != str(os.getpid()):
        _note(folder, name, "overlapped")
    door.unlink()


def _note(folder: Path, name: str, what: str) -> None:
    with (folder / f"{name}.log").open("a", encoding="ascii") as log:
        log.write(f"{what}\n")


def _counted(folder: Path, exit_codes: Sequence[int | None]) -> Counter[str]:
    counts = Counter(
        overlapped=0, killed=exit_codes.count(-signal.SIGKILL), ended=exit_codes.count(0)
    )
    for log in folder.glob("*.log"):
        counts.update(log.read_text(encoding="ascii").split())
    return counts
