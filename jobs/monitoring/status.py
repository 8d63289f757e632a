"""Status: how things stand, in one line and an exit code, for whoever watches; asks nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.store.errors import PlanNotFound
from connectors.store.plans import LATEST
from connectors.store.runs import RunRecord
from jobs.context import Context
from jobs.output.exit_codes import AS_INTENDED, Exit
from jobs.output.rows.fleet import StandsAs
from jobs.output.rows.row import Utc
from jobs.report.state import state_of
from jobs.report.summary import summarise
from jobs.run_history.quarantine_backoff import KINDS, quarantine
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Plan

LOOKED_THROUGH = 1_000
"""Runs among which the last one that went well is looked for."""

_WELL = {Exit.OK, Exit.WAITING, Exit.DRIFT}


@dataclass(frozen=True)
class Status:
    """How things stand.

    `last_run` is the last that has ended. `token_days` are left of the vendor's API token;
    `short` has per product how many wait for a seat.

    Times are None where there was no such run. `plan` is the id of the newest plan, "" before
    the first, and `standing` its headline; `waits`: a person has yet to decide about it.
    `put_off_since`: runs of the timetable keep failing, and come ever more rarely.
    """

    exit_code: Exit
    last_run: Utc | None
    last_exit_code: int | None
    last_success: Utc | None
    plan: str
    standing: str
    waits: bool
    put_off_since: Utc | None
    token_days: int
    short: dict[str, int]

    @property
    def word(self) -> StandsAs:
        """The exit code's."""
        words: dict[Exit, StandsAs] = {
            Exit.OK: "OK",
            Exit.WAITING: "WAITING",
            Exit.HELD: "HELD",
        }
        return words.get(self.exit_code, "FAILED")

    def __str__(self) -> str:
        parts = [
            f"last run {_time(self.last_run)} (exit code {self.last_exit_code})"
            if self.last_run
            else "no run yet",
            f"last success {_time(self.last_success)}" if self.last_success else "no success yet",
            f"plan {self.plan}: {self.standing}" if self.plan else "no plan yet",
            *(
                [f"runs are put off since {_time(self.put_off_since)} (seatsync resume)"]
                if self.put_off_since
                else []
            ),
            f"API token: {max(self.token_days, 0)} days left",
            *(
                f"{product}: {Plural(count):user waits|users wait} for a seat"
                for product, count in self.short.items()
            ),
        ]
        return f"{self.word}: {'; '.join(parts)}"


def status_of(context: Context, plan: Plan | None) -> Status:
    """By the store and the configuration alone; `plan` is the newest one."""
    with context.store.transaction() as tx:
        runs = tx.runs.newest(LOOKED_THROUGH)
    # One may be under way; and that somebody asked wrongly says nothing of how things stand.
    last = next((run for run in runs if run.ended and run.exit_code != Exit.USAGE), None)
    resting = quarantine(run for run in runs if run.kind in KINDS)
    state = state_of(context, plan) if plan else None
    waits = bool(
        plan
        and plan.operations
        and state
        and not state.use
        and context.clock() < plan.basis.expires_at
    )
    days = (context.settings.vendor.token_expires - context.clock().astimezone(UTC).date()).days
    return Status(
        exit_code=_exit_code(last, plan if waits else None, days),
        last_run=last.started if last else None,
        last_exit_code=last.exit_code if last else None,
        last_success=_last_success(runs),
        plan=plan.id if plan else "",
        standing=summarise(plan, state).headline if plan and state else "",
        waits=waits,
        put_off_since=resting.since if resting and context.settings.schedule else None,
        token_days=days,
        short={line.product: line.waiting for line in plan.seats if line.waiting} if plan else {},
    )


def newest_plan(context: Context) -> Plan | None:
    """The plan that was made last, None if there is none."""
    try:
        return context.find_plan(LATEST)
    except PlanNotFound:
        return None


def _last_success(runs: Sequence[RunRecord]) -> datetime | None:
    return next((run.started for run in runs if run.exit_code in _WELL), None)


def _exit_code(last: RunRecord | None, waiting: Plan | None, days: int) -> Exit:
    """1 where the last run failed or the token has ended; else 3 and 2 for a plan that waits."""
    if last is None or last.exit_code not in AS_INTENDED or days <= 0:
        return Exit.FAILED
    if not waiting:
        return Exit.OK
    return Exit.HELD if waiting.objections else Exit.WAITING


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
