"""What a worker does of a job, of one tenant: what `seatsync run` does, or `seatsync apply`."""

from datetime import datetime

from config.fleet import Fleet
from config.seatsync_error import SeatsyncError
from connectors.job_queue import TryAgain
from connectors.store.errors import LeaseHeld, LeaseLost, PlanUsed, Unavailable
from connectors.store.tenants import Tenants
from jobs.apply import apply_plan
from jobs.context import Context, in_store
from jobs.fleet.tenants import settings_of
from jobs.leased_run import recorded
from jobs.output.console import remark, say, tell
from jobs.output.exit_codes import AS_INTENDED, Exit
from jobs.output.failures import BrokenOff, in_plain_words
from jobs.run_history.kinds_and_ends import RUN
from jobs.unattended.watched_run import run_watched

LOOKED_THROUGH = 100
"""Runs among which one is looked for that was for the same time."""

_PASSING = (LeaseHeld, LeaseLost, Unavailable)
"""Another run is at work, or has taken over; or the database was away."""


class RunFailed(SeatsyncError):
    """A run came to its end, and did not do what it is for."""


def run_tenant(fleet: Fleet, tenants: Tenants, name: str, due: datetime, plan_id: str = "") -> None:
    """The run that was due then, or the apply of a plan, unless that has been done before.

    It may have: a worker that was taken for dead did it, and its job waited again. What was broken
    off, or failed, is not done. A paused tenant has no runs.

    Raises:
        TryAgain: what kept it from being done passes by itself.
        RunFailed: see there.
        Exception: nothing could be begun.
    """
    try:
        settings, store = settings_of(fleet, name), tenants.store(name)
        with in_store(settings, store) as context:
            if plan_id:
                _apply(context, plan_id)
            elif not tenants.is_paused(name):
                _run(context, due)
    except _PASSING as error:
        say(f"{name}: {error}. It is tried again.")
        raise TryAgain from error
    except BrokenOff as error:
        say(f"{name}: {error}")
        if isinstance(error.cause, _PASSING):
            raise TryAgain from error
        raise
    except Exception as error:
        say(f"{name}: {in_plain_words(error)}")
        raise


def _run(context: Context, due: datetime) -> None:
    if not _is_done(context, due):
        done = run_watched(context)
        _say_end(context, f"plan {done.planned.plan.id}", done.exit_code)


def _apply(context: Context, plan_id: str) -> None:
    plan = context.find_plan(plan_id)
    try:
        with recorded(context, "apply") as run:
            applied = apply_plan(context, plan, run)
    except PlanUsed:
        return  # the next plan has what is left of it
    for objection in applied.objections:
        tell(objection)
    _say_end(context, f"the apply of plan {plan_id}", applied.exit_code)


def _say_end(context: Context, what: str, exit_code: Exit) -> None:
    ended = f"{what} ended with exit code {int(exit_code)}"
    if exit_code not in AS_INTENDED:
        raise RunFailed(f"{ended}: {exit_code.meaning}")
    remark(f"{context.settings.tenant}: {ended}.")


def _is_done(context: Context, due: datetime) -> bool:
    with context.store.transaction() as tx:
        runs = tx.runs.newest(LOOKED_THROUGH, (RUN,))
    return any(run.exit_code in AS_INTENDED for run in runs if run.started >= due)
