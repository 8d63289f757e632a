"""Killed, or with a disk that fails, at any point: nothing is lost, nothing is done twice.

The vendor's own ledger is asked, never our report. `make crash` tries every point there is; the
tests draw a few of them, always the same.
"""

import os
import random
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from support.faults.seatsync_process import Ended, SeatsyncProcess
from support.scenarios.pending_operations import Crowd, PendingOperations

EVERY_POINT = "SEATSYNC_EVERY_POINT" in os.environ
COMMANDS = ("plan", "approve PLAN --reason tested", "apply latest")
# Whose plan it is, the fault, and how many points of which command are drawn.
TRIALS: tuple[tuple[type[PendingOperations], str, dict[str, int]], ...] = (
    (PendingOperations, "kill", {"plan": 1, "apply latest": 3}),
    (PendingOperations, "ENOSPC", {"apply latest": 2}),
    (PendingOperations, "EIO", {"apply latest": 1}),
    (Crowd, "kill", {"apply latest": 2}),
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeatsyncProcess]:
    with SeatsyncProcess(tmp_path_factory.mktemp("program")) as program:
        yield program


Undisturbed = Callable[[type[PendingOperations], str], "Attempt"]


@pytest.fixture(scope="module")
def undisturbed(program: SeatsyncProcess, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """What is done, and which points are passed, where nothing fails: one for both disk faults."""
    wholes: dict[tuple[type[PendingOperations], bool], Attempt] = {}

    def whole(whose: type[PendingOperations], fault: str) -> Attempt:
        key = whose, fault == "kill"
        if key not in wholes:
            wholes[key] = Attempt(whose, program, tmp_path_factory.mktemp("whole") / "it", fault)
        return wholes[key]

    return whole


@pytest.mark.parametrize(("whose", "fault", "draw"), TRIALS)
def test_whatever_happens_one_rerun_makes_it_good(
    program: SeatsyncProcess,
    undisturbed: Undisturbed,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    whose: type[PendingOperations],
    fault: str,
    draw: dict[str, int],
) -> None:
    troubles: list[str] = []
    whole = undisturbed(whose, fault)
    for command in COMMANDS:
        points = range(1, len(whole.ended[command].passed) + 1)
        drawn = random.Random(7).sample(points, draw.get(command, 0))  # noqa: S311
        tally = Tally()
        for at in points if EVERY_POINT else drawn:
            folder = tmp_path / f"{COMMANDS.index(command)}-{at}"
            tally.count(Attempt(whose, program, folder, fault, command, at), whole)
        with capsys.disabled():
            print(
                f"\n{whose.__name__}, {command.split()[0]}, {fault}: {tally.attempts} of "
                f"{len(points)} points x {len(whole.deeds)} operations: {tally}"
            )
        troubles += tally.troubles
    assert troubles == []


def seen(command: str, pending: PendingOperations) -> str:
    """With the id of the plan that is shown."""
    return command.replace("PLAN", pending.json("show")["id"]) if "PLAN" in command else command


class Attempt:
    """All that is pending, done by a program that fails at one point of one command; and rerun."""

    def __init__(
        self,
        whose: type[PendingOperations],
        program: SeatsyncProcess,
        folder: Path,
        fault: str,
        failing: str = "",
        at: int = 0,
    ) -> None:
        folder.mkdir()
        self.fault, self.failing, self.at = fault, failing, at
        self.ended: dict[str, Ended] = {}
        with whose(folder) as pending:
            for command in COMMANDS:
                fails = at if command == failing else 0
                typed = seen(command, pending)
                self.ended[command] = program.run(typed, pending.config, fault, fails)
                if fails:
                    break
            self.wrote = len(pending.deeds)
            if program.run("plan", pending.config).code == 2:
                program.run(seen("approve PLAN --reason rerun", pending), pending.config)
                program.run("apply latest", pending.config)
            self.converged = program.run("plan", pending.config).code == 0
            self.deeds = pending.deeds

    def __str__(self) -> str:
        ended = self.ended[self.failing]
        where = ended.passed[self.at - 1] if len(ended.passed) >= self.at else "nowhere"
        return f"{self.failing}, {self.fault} at point {self.at} ({where}), exit {ended.code}"

    def explained(self, whole: "Attempt") -> bool:
        """Killed as it should be; or an exit code that is true, and words for it."""
        ended = self.ended[self.failing]
        if self.fault == "kill":
            return ended.code == -signal.SIGKILL
        if "Traceback" in ended.output or not ended.output:
            return False
        if ended.code == whole.ended[self.failing].code:
            return self.failing != COMMANDS[-1] or self.wrote == whole.wrote
        return ended.code == (4 if self.wrote else 1)


@dataclass
class Tally:
    """What went wrong, of how many attempts."""

    attempts: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    unconverged: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)

    def count(self, attempt: Attempt, whole: Attempt) -> None:
        self.attempts += 1
        rest = list(whole.deeds)
        for deed in attempt.deeds:
            if deed in rest:
                rest.remove(deed)
            else:
                self.duplicated.append(f"{attempt}: {deed}")
        self.lost += [f"{attempt}: {deed}" for deed in rest]
        if not attempt.converged:
            self.unconverged.append(str(attempt))
        if not attempt.explained(whole):
            self.unexplained.append(f"{attempt}: {attempt.ended[attempt.failing].output}")

    def __str__(self) -> str:
        return (
            f"{len(self.lost)} lost, {len(self.duplicated)} duplicated, "
            f"{len(self.unconverged)} not converged after one rerun, "
            f"{len(self.unexplained)} without a true exit code and a word"
        )

    @property
    def troubles(self) -> list[str]:
        return self.lost + self.duplicated + self.unconverged + self.unexplained
