"""Killed, or with a disk that fails, at any point: nothing is lost, nothing is done twice.

The vendor's own ledger is asked, never our report. `make crash` tries every point there is; the
tests draw a few of them, always the same.
"""

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from support.faults.seatsync_process import Ended, SeatsyncProcess
from support.scenarios.moment import Moment
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


Undisturbed = Callable[[type[PendingOperations], str], "Whole"]


@pytest.fixture(scope="module")
def undisturbed(
    program: SeatsyncProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Undisturbed]:
    """Where nothing fails: one for kill -9, and one for both disk faults."""
    wholes: dict[tuple[type[PendingOperations], bool], Whole] = {}
    with ExitStack() as running:

        def whole(whose: type[PendingOperations], fault: str) -> Whole:
            key = whose, fault == "kill"
            if key not in wholes:
                pending = running.enter_context(whose(tmp_path_factory.mktemp("whole")))
                wholes[key] = Whole(pending, program, fault)
            return wholes[key]

        yield whole


@pytest.mark.parametrize(("whose", "fault", "draw"), TRIALS)
def test_whatever_happens_one_rerun_makes_it_good(
    undisturbed: Undisturbed,
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
            tally.count(Attempt(whole, fault, command, at))
        with capsys.disabled():
            print(
                f"\n{whose.__name__}, {command.split()[0]}, {fault}: {tally.attempts} of "
                f"{len(points)} points x {len(whole.deeds)} operations: {tally}"
            )
        troubles += tally.troubles
    assert troubles == []


class Whole:
    """All that is pending, done by commands of which none fails; and what was before each."""

    def __init__(self, pending: PendingOperations, program: SeatsyncProcess, fault: str) -> None:
        self.pending, self.program = pending, program
        self.before: dict[str, Moment] = {}
        self.ended: dict[str, Ended] = {}
        for command in COMMANDS:
            self.before[command] = Moment(pending.sandbox, pending.folder)
            self.ended[command] = self.run(command, fault)
        self.wrote = len(pending.deeds)
        assert self.run("plan").code == 0
        self.deeds = pending.deeds

    def run(self, command: str, fault: str = "kill", at: int = 0) -> Ended:
        """An approval is of the plan that is shown."""
        if "PLAN" in command:
            command = command.replace("PLAN", self.pending.json("show")["id"])
        return self.program.run(command, self.pending.config, fault, at)


class Attempt:
    """The same, but that one command fails at one point; and rerun."""

    def __init__(self, whole: Whole, fault: str, failing: str, at: int) -> None:
        self.whole, self.fault, self.failing, self.at = whole, fault, failing, at
        whole.before[failing].put_back()
        self.ended = whole.run(failing, fault, at)
        self.wrote = len(whole.pending.deeds)
        code = whole.run("plan").code
        if code == 2:
            whole.run("approve PLAN --reason rerun")
            whole.run("apply latest")
            code = whole.run("plan").code
        self.converged = code == 0
        self.deeds = whole.pending.deeds

    def __str__(self) -> str:
        passed = self.ended.passed
        where = passed[self.at - 1] if len(passed) >= self.at else "nowhere"
        return f"{self.failing}, {self.fault} at point {self.at} ({where}), exit {self.ended.code}"

    @property
    def explained(self) -> bool:
        """Killed as it should be; or an exit code that is true, and words for it."""
        if self.fault == "kill":
            return self.ended.code == -signal.SIGKILL
        if "Traceback" in self.ended.output or not self.ended.output:
            return False
        if self.ended.code == self.whole.ended[self.failing].code:
            return self.failing != COMMANDS[-1] or self.wrote == self.whole.wrote
        return self.ended.code == (4 if self.wrote else 1)


@dataclass
class Tally:
    """What went wrong, of how many attempts."""

    attempts: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    unconverged: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)

    def count(self, attempt: Attempt) -> None:
        self.attempts += 1
        rest = list(attempt.whole.deeds)
        for deed in attempt.deeds:
            if deed in rest:
                rest.remove(deed)
            else:
                self.duplicated.append(f"{attempt}: {deed}")
        self.lost += [f"{attempt}: {deed}" for deed in rest]
        if not attempt.converged:
            self.unconverged.append(str(attempt))
        if not attempt.explained:
            self.unexplained.append(f"{attempt}: {attempt.ended.output}")

    def __str__(self) -> str:
        return (
            f"{len(self.lost)} lost, {len(self.duplicated)} duplicated, "
            f"{len(self.unconverged)} not converged after one rerun, "
            f"{len(self.unexplained)} without a true exit code and a word"
        )

    @property
    def troubles(self) -> list[str]:
        return self.lost + self.duplicated + self.unconverged + self.unexplained
