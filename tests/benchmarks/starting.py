"""What a command costs before and beside its work: CPU seconds of whole processes.

The company is the demo's, sixty people, served by this process. Modules are compiled beforehand,
as installers do; hence the first run of each command does not count.
"""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

import goals

from support.scenarios.company import Company

GOALS = {"--help": 0.15, "check": 0.5, "plan": 1.5, "history": 0.5, "explain U1": 0.5}
"""Seconds per command; `history` tells of the plans before it, `check` stays offline."""

TRIES = 5

PROGRAM = """
import sys, time
from jobs.cli.main import main
try:
    main()
finally:
    print(time.process_time(), file=sys.stderr)
"""


def main() -> None:
    with TemporaryDirectory() as folder, (company := Company(Path(folder))).sandbox:
        company.configure()
        for command, goal in GOALS.items():
            tries = [cpu_seconds(command, company) for _ in range(1 + TRIES)]
            goals.at_most(goal, median(tries[1:]), "s of CPU", f"whole process of `{command}`")


def cpu_seconds(command: str, company: Company) -> float:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(company.folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["SEATSYNC_CONFIG"] = str(company.config)
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command.split()],
        cwd=company.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in {0, 2, 3}, ended.stderr
    return float(ended.stderr.splitlines()[-1])


if __name__ == "__main__":
    main()
