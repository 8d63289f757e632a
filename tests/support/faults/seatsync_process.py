"""seatsync in processes of its own, each of which can be made to fail, or to stand still."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[3]

Fault = tuple[str | int, ...]
"""A module, the name of a function there, and what it is called with in the new process."""


@dataclass(frozen=True)
class Ended:
    """How a process ended (below 0: by that signal), and what it printed."""

    code: int
    output: str
    errors: str


class SeatsyncProcesses:
    """Forked from one process, which runs from `with` to its end: to begin an interpreter and to
    import Graph's SDK takes seconds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "support.faults.forkserver"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.communicate()

    def rehearse(self, config: Path, *arguments: str) -> None:
        """Runs it where all later ones come from, so that they need not begin from nothing."""
        self.answer(rehearsal=True, arguments=[*arguments, "--config", str(config)])

    def start(self, config: Path, *arguments: str, fault: Fault = ()) -> "SeatsyncProcess":
        return self.command(*arguments, "--config", str(config), fault=fault)

    def command(self, *arguments: str, fault: Fault = ()) -> "SeatsyncProcess":
        """One that has no configuration, or more than one."""
        return SeatsyncProcess(self, Path(mkdtemp(dir=self._folder)), arguments, fault)

    def run(self, config: Path, *arguments: str, fault: Fault = ()) -> Ended:
        return self.start(config, *arguments, fault=fault).wait()

    def answer(self, **order: Any) -> int:
        """What the fork server says to it."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())


class SeatsyncProcess:
    """One command."""

    def __init__(
        self,
        processes: SeatsyncProcesses,
        folder: Path,
        arguments: tuple[str, ...],
        fault: Fault,
    ) -> None:
        self._processes = processes
        self._output, self._errors = folder / "output", folder / "errors"
        self.pid = processes.answer(
            rehearsal=False,
            arguments=[*arguments],
            output=str(self._output),
            errors=str(self._errors),
            environment=dict(os.environ),
            fault=fault,
        )

    def send(self, number: signal.Signals) -> None:
        """One that has ended hears nothing."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self) -> Ended:
        """Until it ends."""
        code = os.waitstatus_to_exitcode(self._processes.answer(wait=self.pid))
        return Ended(code, self._output.read_text(), self._errors.read_text())

    def wait_until_it_stands_still(self) -> None:
        assert os.WIFSTOPPED(self._processes.answer(wait=self.pid)), self._errors.read_text()
