"""Days of an organisation that is kept in step by plan, approve and apply, with random faults.

The real commands run in this process, against both servers over HTTP, under a clock that goes from
day to day. Every seventh day nothing fails: then one run must make the vendor equal to the
directory, and it is taken back and done again.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import time_machine
from click.testing import Result

from connectors.sandbox.server import CLIENT_SECRET
from jobs.output.exit_codes import Exit
from support.counterparts.small_tenant import guid
from support.faults.random_faults import RandomFaults
from support.scenarios.company import Company
from support.scenarios.day_invariants import Judge, Picture, journal_of, picture
from support.scenarios.random_organisation import PROTECTED, Organisation, VendorAdmins

FIRST_DAY = datetime(2027, 1, 4, 3, tzinfo=UTC)
CALM, PATIENCE = 7, 4
DOCUMENTED = {int(code) for code in Exit}
NEVER = {int(Exit.USAGE), int(Exit.CONFIGURATION), int(Exit.BUSY)}
"""Codes that nothing in this life gives a reason for."""

NOT_UNDONE = {"P13", "P14", "P15", "P16", "P17"}


@dataclass
class Tally:
    """What there was, and what was wrong with it."""

    seed: int
    days: int = 0
    commands: int = 0
    calls: int = 0
    faults: int = 0
    undone: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    exits: Counter[int] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        exits = ", ".join(f"{count} x {code}" for code, count in sorted(self.exits.items()))
        lines = [f"  {violation}" for violation in self.violations[:40]]
        return "\n".join(
            [
                f"seed {self.seed}: {self.days} days, {self.commands} commands, {self.calls} calls,"
                f" {self.faults} faults fired, {self.undone} runs undone and done again",
                f"operations done: {kinds}",
                f"exit codes: {exits}",
                f"violations: {len(self.violations)}",
                *lines,
            ]
        )


class Year(Company):
    """`with year.sandbox` runs it, under a clock that `live` sets."""

    def __init__(self, folder: Path, seed: int, rate: float = 0.05) -> None:
        self.folder, self.config = folder, folder / "seatsync.yaml"
        self.rng, self.rate = Random(seed), rate  # noqa: S311
        self.organisation = Organisation(self.rng)
        self.sandbox = self.organisation.sandbox
        self.vendor_admins = VendorAdmins(self.organisation, self.config)
        self.line = RandomFaults(self.sandbox, seed)
        self.tally = Tally(seed)
        self.runs: list[str] = []

    def live(self, days: int, said: Callable[[str], None] = lambda _: None) -> Tally:
        for day in range(days):
            with time_machine.travel(FIRST_DAY + timedelta(days=day)):
                found = [f"day {day}: {violation}" for violation in self._day(day)]
            self.tally.violations += found
            self.tally.days += 1
            self.tally.calls, self.tally.faults = self.line.calls, self.line.fired.total()
            for violation in found:
                said(violation)
        return self.tally

    def _day(self, day: int) -> Iterator[str]:
        self._refresh_token(day)
        self._configure()
        if day:
            self.organisation.live_a_day(self.vendor_admins, self.rng.choice([1, 2, 3, 5, 8]))
            self._configure()
        calm = day % CALM == 0
        morning, begun = picture(self.sandbox), self.writes
        self.runs.clear()
        self.line.begin(day, 0.0 if calm else self.rate)
        yield from self._plan_and_apply()
        self.line.begin(day, 0.0)
        if calm:
            yield from self._converges(morning)
        writes = self.sandbox.vendor_ledger.writes[begun:]
        journal = journal_of(self.folder / "seatsync.db", self.runs)
        self.tally.kinds.update(str(e.operation.kind) for e in journal if e.result == "done")
        judge = Judge(self.organisation, morning, picture(self.sandbox), writes, journal)
        yield from judge.violations()
        if day % 28 == 27:
            yield from self._keep_house()

    # What the administrator does

    def _plan_and_apply(self) -> Iterator[str]:
        """Looks at the plan, lets it pass whatever guard objects but R6, and applies it."""
        ended = yield from self._insist("plan")
        if ended in {Exit.WAITING, Exit.HELD}:
            yield from self._let_pass()

    def _let_pass(self) -> Iterator[str]:
        plan = self._shown()
        blocking = [v["code"] for v in plan["verdicts"] if v["outcome"] == "blocked"]
        if "R6" in blocking:
            return
        named = [part for code in blocking for part in ("--override", code)]
        seen = f"approve {plan['id']}"
        ended = yield from self._command(seen, "--reason", "looked at it", *named)
        if ended == Exit.OK:
            yield from self._insist("apply latest", then=self._note_run)

    def _converges(self, morning: Picture) -> Iterator[str]:
        """One run makes it good; two where a last admin had to wait for the next one."""
        if "A15" in {verdict["code"] for verdict in self._objections()}:
            yield from self._plan_and_apply()
        yield from self._nothing_is_left_to_do("after a run on a good line")
        yield from self._everybody_is_served_or_told()
        yield from self._is_taken_back_and_done_again(morning)

    def _nothing_is_left_to_do(self, when: str) -> Iterator[str]:
        ended = yield from self._command("plan")
        left = self._shown()["operations"]
        if left or ended != Exit.OK:
            yield f"{when} exit {ended}, {len(left)} operations are left: {left[:2]}"

    def _everybody_is_served_or_told(self) -> Iterator[str]:
        plan = self._shown()
        waiting = {entry["user"]["id"] for entry in plan["waiting"]}
        told = {found["subject"]["id"] for found in plan["findings"]}
        now, closed = picture(self.sandbox), self.organisation.closed()
        told |= self.organisation.left_alone()  # their set is told, not they
        told |= now.held.keys() if closed else set()  # so is whoever may be in it, unseen
        wishes = self.organisation.wishes()
        for person, desired in wishes.items():
            held = now.held.get(person, frozenset())
            settled = len(desired) != 1 or held == desired or held & closed
            if not settled and person not in waiting | told:
                yield f"{person} should be in {desired}, is in {set(held)}, and nobody says why"
        for person, held in now.held.items():
            known = person in told or person.startswith("x-")
            if not wishes.get(person) and not held & closed and not known:
                yield f"{person} holds {set(held)} without a right to it"

    def _is_taken_back_and_done_again(self, morning: Picture) -> Iterator[str]:
        evening, run = picture(self.sandbox), self.runs[-1] if self.runs else ""
        if not run:
            return
        yield from self._undo(run, morning)
        if self.runs[-1] != run:
            self.tally.undone += 1
            yield from self._undo(self.runs[-1], evening)

    def _undo(self, run: str, before: Picture) -> Iterator[str]:
        ended = yield from self._command("undo", run)
        if ended not in {Exit.WAITING, Exit.HELD}:
            return
        plan = self._shown()
        told = {f["subject"]["id"] for f in plan["findings"] if f["code"] in NOT_UNDONE}
        yield from self._let_pass()
        now = picture(self.sandbox)
        for person in now.held.keys() | before.held.keys():
            then, is_now = before.held.get(person, frozenset()), now.held.get(person, frozenset())
            if then != is_now and person not in told:
                yield f"{person} is in {set(is_now)} after an undo, and was in {set(then)}"

    def _keep_house(self) -> Iterator[str]:
        yield from self._command("audit verify")
        months_ago = datetime.now(UTC) - timedelta(days=60)
        yield from self._command("purge", "--before", f"{months_ago:%Y-%m-%d}")

    # The commands

    def _note_run(self) -> None:
        self.runs.append(self.json("history", "--limit", "1")[0]["run"])

    def _insist(
        self, command: str, then: Callable[[], None] = lambda: None
    ) -> Generator[str, None, int]:
        """As one does when nothing was changed: once more, some times."""
        for _ in range(PATIENCE):
            ended = yield from self._command(command)
            then()
            if ended != Exit.FAILED:
                break
        return ended

    def _command(self, command: str, *arguments: str) -> Generator[str, None, int]:
        """Its exit code; whatever else it does that no command should."""
        ended = self.run(command, *arguments)
        self.tally.commands += 1
        self.tally.exits[ended.exit_code] += 1
        yield from _faults_of(f"{command} {' '.join(arguments)}", ended)
        return ended.exit_code

    def _shown(self) -> Any:
        return self.json("show")

    def _objections(self) -> list[Any]:
        return [v for v in self._shown()["verdicts"] if v["outcome"] != "passed"]

    def _configure(self) -> None:
        self.configure(
            vendor={
                "name": "ZoomInfo",
                "base_url": self.sandbox.scim_url,
                "token": "file:scim-token",
                "token_issued": self.token_issued,
                "token_lifetime": "180d",
                "managed_through_idp": True,
                "max_requests_per_second": 1000,
            },
            policy={"protected": [guid(PROTECTED)]},
        )

    def _refresh_token(self, day: int) -> None:
        """Some days before the old one ends; on the first day it is new."""
        if day % 165 == 0:
            self.sandbox.token = self.sandbox.portal.generate_token("180d")
            self.token_issued = datetime.now(UTC).date()


def _faults_of(command: str, ended: Result) -> Iterator[str]:
    if ended.exception and not isinstance(ended.exception, SystemExit):
        yield f"{command}: {ended.exception!r}"
    if "Traceback" in ended.output:
        yield f"{command}: a traceback"
    if ended.exit_code not in DOCUMENTED - NEVER:
        yield f"{command}: exit code {ended.exit_code}: {ended.output[-300:]}"
    if ended.exit_code and not ended.output.strip():
        yield f"{command}: exit code {ended.exit_code} without a word"
    if CLIENT_SECRET in ended.output:
        yield f"{command}: a secret"
