"""A small company's life beside a vendor with habits: eight events, in four nights.

Every night a plan is made, approved and applied, and another one made. What that would still do is
done once more, so that a third plan shows what is repeated.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

import msgspec
import time_machine
from ruamel.yaml import YAML

from connectors.sandbox.habits.habit import Habit
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.output.exit_codes import Exit
from reconciler.model.plan import Finding, Plan
from support.scenarios.company import Company
from support.scenarios.habit_outcomes import Counts, Judge, Told, told_by
from support.scenarios.small_company import BOUGHT, NIGHTS, RENAMED, SETS, Changes, tenant, wishes

ROOM = 1000
"""Seats that the vendor gives whatever was bought, until it gives none at all."""

_CODE = re.compile(r"^([A-Z]+[0-9]+): ", re.MULTILINE)


class _Written(msgspec.Struct):
    """plan.json."""

    plan: Plan


class FourNights(Company):
    """Runs while its sandbox does.

    `attribute` holds sets where there are no groups; `odd` is what Entra ID says of people.
    """

    def __init__(
        self, folder: Path, habits: Iterable[Habit], attribute: str = "", odd: Changes | None = None
    ) -> None:
        self.folder = folder
        self.config = folder / "seatsync.yaml"
        self.attribute = attribute
        self.odd = odd or {}
        self.sandbox = Sandbox(
            Tenant(tenant(0, self.odd)),
            [{"name": name, "products": [product]} for name, product in SETS.items()],
            dict.fromkeys(SETS.values(), ROOM),
            habits=tuple(habits),
        )

    def live(self, clock: time_machine.Traveller) -> tuple[dict[str, str], Counts]:
        """What became of whom by each event, and what was wrong. A night comes after each day."""
        self._configured(BOUGHT)
        outcomes: dict[str, str] = {}
        counts = Counts()
        for night, events in enumerate(NIGHTS):
            self.sandbox.tenant.replace(tenant(night, self.odd))
            if "seats full" in events:
                self._sell_no_more()
            judge = Judge(self.sandbox, wishes(night), counts, self.attribute)
            told = self._night(judge)
            for event, people in events.items():
                outcomes[event] = judge.outcome(people, told, RENAMED if event == "rename" else {})
            if night == 0:
                self.age_the_store()
            clock.shift(timedelta(days=1))
        counts.requests = len(self.sandbox.vendor_ledger.requests)
        return outcomes, counts

    def _configured(self, seats: Mapping[str, int]) -> None:
        percents = ("max_revoke_percent", "max_set_revoke_percent", "max_week_revoke_percent")
        policy = {**dict.fromkeys(percents, 100), "max_rename_percent": 100}
        self.configure(seats=dict(seats), policy=policy)
        if self.attribute:
            vendor = YAML(typ="safe").load(self.config)["vendor"]
            vendor["membership"] = {"attribute": self.attribute}
            self.configure(seats=dict(seats), policy=policy, vendor=vendor)

    def _night(self, judge: Judge) -> Told:
        """One plan and its apply, and the next; a third where there is still something to do."""
        first = self._plan(judge)
        applied = self._apply(first, judge)
        second = self._plan(judge)
        if not second.operations:
            return second.also(applied)
        applied = applied.also(self._apply(second, judge))
        third = self._plan(judge)
        judge.repeated(second, third.also(applied))
        return third.also(applied)

    def _plan(self, judge: Judge) -> Told:
        planned = self.run("plan", "--json")
        if planned.stdout:
            written = Path(msgspec.json.decode(planned.stdout)["paths"]["plan"])
            told = told_by(msgspec.json.decode(written.read_bytes(), type=_Written).plan)
        else:
            told = Told(held=_codes(planned.stderr))
        judge.planned(told)
        return told

    def _apply(self, told: Told, judge: Judge) -> Told:
        """What its apply says beyond it; nothing where a guard keeps it back."""
        if not told.operations:
            return Told()
        approved = self.let_pass("--reason", "reviewed")
        if approved.exit_code != Exit.OK:
            return Told()
        applied = self.run("apply latest", "--json")
        judge.applied()
        if not applied.stdout:
            return Told(held=_codes(applied.stderr))
        findings = json.loads(applied.stdout)["findings"]
        return Told(findings=msgspec.convert(findings, type=tuple[Finding, ...]))

    def _sell_no_more(self) -> None:
        """Somebody else took what was left, whatever the configuration says.

        Where the portal knows nothing of sets, the configuration itself says that none is left.
        """
        self.sandbox.portal.seats.update(self.sandbox.portal.used())
        if self.attribute:
            sets = wishes(len(NIGHTS) - 2).values()
            self._configured(Counter(SETS[name] for name in sets))


def _codes(said: str) -> tuple[str, ...]:
    """The situations that stopped a command."""
    return tuple(_CODE.findall(said)) or ("no code",)
