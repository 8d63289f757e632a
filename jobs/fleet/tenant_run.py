"""What a worker does of a job: one run of one tenant, as `seatsync run` does it."""

from datetime import datetime

from config.fleet import Fleet
from config.seatsync_error import SeatsyncError
from connectors.job_queue import TryAgain
from connectors.store.errors import LeaseHeld, LeaseLost, Unavailable
from connectors.store.tenants import Tenants
from jobs.context import Context, in_store
from jobs.fleet.tenants import settings_of
from jobs.output.console import remark, say
from jobs.output.exit_codes import AS_INTENDED, Exit
from jobs.output.failures import BrokenOff, in_plain_words
from jobs.run_history.kinds_and_ends import RUN, came_to_its_end
from jobs.watching.watched_run import run_watched

LOOKED_THROUGH = 100
"""Runs among which one is looked for that was for the same time."""

_PASSING = (LeaseHeld, LeaseLost, Unavailable)
"""Another run is at work, or has taken over; or the database was away."""


class RunFailed(SeatsyncError):
    """A run came to its end, and did not do what it is for."""


def run_tenant(fleet: Fleet, tenants: Tenants, name: str, due: datetime) -> None:
    """The run that was due then, unless that has come to an end before, or the tenant is paused.

    It may have: a worker that was taken for dead did it, and its job waited again.

    Raises:
        TryAgain: what kept it from being done passes by itself.
        RunFailed: see there.
        Exception: nothing could be begun.
    """
    try:
        _run(fleet, tenants, name, due)
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


def _run(fleet: Fleet, tenants: Tenants, name: str, due: datetime) -> None:
    settings, store = settings_of(fleet, name), tenants.store(name)
    with in_store(settings, store) as context:
        if tenants.is_paused(name) or _is_done(context, due):
            return
        done = run_watched(context)
    ended = f"plan {done.planned.plan.id} ended with exit code {int(done.exit_code)}"
    if done.exit_code not in AS_INTENDED:
        raise RunFailed(f"{ended}: {done.exit_code.meaning}")
    remark(f"{name}: {ended}.")


def _is_done(context: Context, due: datetime) -> bool:
    with context.store.transaction() as tx:
        runs = tx.runs.newest(LOOKED_THROUGH, (RUN,))
    since = (run for run in runs if run.started >= due)
    return any(came_to_its_end(run) and run.exit_code != Exit.FAILED for run in since)
