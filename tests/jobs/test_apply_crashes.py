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

from support.faults.seatsync_process import SeatsyncProcesses
from support.scenarios.moment import Moment
from support.scenarios.pending_operations import Crowd, PendingOperations

EVERY_POINT = "SEATSYNC_EVERY_POINT" in os.environ
COMMANDS = ("plan", "approve PLAN --reason tested", "apply latest")
# Whose plan it is, the fault, and how many points of which command are drawn.
TRIALS: tuple[tuple[type[PendingOperations], str, dict[str, int]], ...] = (
    (PendingOperations, "kill", {"plan": 1, "apply latest": 2}),
    (PendingOperations, "ENOSPC", {"apply latest": 1}),
    (PendingOperations, "EIO", {"apply latest": 1}),
    (Crowd, "kill", {"apply latest": 1}),
)


Undisturbed = Callable[[type[PendingOperations], str], "Whole"]


@pytest.fixture(scope="module")
def undisturbed(
    processes: SeatsyncProcesses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Undisturbed]:
    """Where nothing fails: one for kill -9, and one for both disk faults."""
    wholes: dict[tuple[type[PendingOperations], bool], Whole] = {}
    with ExitStack() as running:

        def whole(whose: type[PendingOperations], fault: str) -> Whole:
            key = whose, fault == "kill"
            if key not in wholes:
                pending = running.enter_context(whose(tmp_path_factory.mktemp("whole")))
                if not wholes:
                    rehearse(pending, processes)
                wholes[key] = Whole(pending, processes, fault)
            return wholes[key]

        yield whole


def rehearse(pending: PendingOperations, processes: SeatsyncProcesses) -> None:
    """All that is done later, once, and as if it had never been."""
    before = Moment(pending.sandbox, pending.folder)
    for command in COMMANDS:
        processes.rehearse(pending.config, *numbered(command, pending).split())
    assert pending.deeds
    before.put_back()


def numbered(command: str, pending: PendingOperations) -> str:
    """An approval is of the plan that is shown."""
    if "PLAN" not in command:
        return command
    return command.replace("PLAN", pending.json("show")["id"])


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


@dataclass(frozen=True)
class Run:
    """How it ended, what it printed, and which points it passed."""

    code: int
    output: str
    passed: tuple[str, ...]


class Whole:
    """All that is pending, done by commands of which none fails; and what was before each."""

    def __init__(
        self, pending: PendingOperations, processes: SeatsyncProcesses, fault: str
    ) -> None:
        self.pending, self.processes = pending, processes
        self.before: dict[str, Moment] = {}
        self.ended: dict[str, Run] = {}
        for command in COMMANDS:
            self.before[command] = Moment(pending.sandbox, pending.folder)
            self.ended[command] = self.run(command, fault)
        self.wrote = len(pending.deeds)
        assert self.run("plan").code == 0
        self.deeds = pending.deeds

    def run(self, command: str, fault: str = "kill", at: int = 0) -> Run:
        """With `at` above 0 its `at`-th point fails."""
        arguments = numbered(command, self.pending).split()
        passed = self.pending.folder.with_name("passed")
        ended = self.processes.run(
            self.pending.config,
            *arguments,
            fault=("support.faults.fault_points", "arm", fault, at, str(passed)),
        )
        return Run(ended.code, ended.output + ended.errors, tuple(passed.read_text().splitlines()))


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
    def is_past_the_end(self) -> bool:
        """Workers that commit at the same time share a commit, so a run may pass a few points fewer
        than another one: nothing failed, and it ended as that one did.
        """
        as_ever = self.ended.code == self.whole.ended[self.failing].code
        return as_ever and 0.9 * self.at <= len(self.ended.passed) < self.at

    @property
    def explained(self) -> bool:
        """Killed as it should be; or an exit code that is true, and words for it."""
        if self.is_past_the_end:
            return True
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
    past_the_end: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    unconverged: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)

    def count(self, attempt: Attempt) -> None:
        self.attempts += 1
        self.past_the_end += attempt.is_past_the_end
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
            f"{len(self.unexplained)} without a true exit code and a word; "
            f"{self.past_the_end} were past its end"
        )

    @property
    def troubles(self) -> list[str]:
        return self.lost + self.duplicated + self.unconverged + self.unexplained
