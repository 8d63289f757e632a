"""seatsync in processes of its own, each of which can be made to fail at a named point."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Ended:
    """How a process ended (below 0: by that signal), what it printed, which points it passed."""

    code: int
    output: str
    passed: tuple[str, ...]


class SeatsyncProcess:
    """Runs from `with` to its end."""

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

    def run(self, command: str, config: Path, fault: str = "kill", at: int = 0) -> Ended:
        """One command; with `at` above 0 its `at`-th point fails."""
        assert self._server.stdin
        assert self._server.stdout
        output, passed = self._folder / "output", self._folder / "passed"
        order = {
            "arguments": [*command.split(), "--config", str(config)],
            "output": str(output),
            "passed": str(passed),
            "fault": fault,
            "at": at,
        }
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        return Ended(code, output.read_text(), tuple(passed.read_text().splitlines()))
