"""One run that nobody looks at: what watches it is told, and whoever should know of it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from config.watching import Event
from connectors.store.errors import LeaseHeld
from connectors.watching.health_check import HealthCheck
from jobs.context import Context
from jobs.fleet_incidents.breaker import is_told_of_the_fleet
from jobs.fleet_incidents.outages import note_end
from jobs.output.console import say
from jobs.output.exit_codes import AS_INTENDED, Exit
from jobs.output.failures import in_plain_words
from jobs.report.write import report_address
from jobs.run_history.kinds_and_ends import RUN
from jobs.unattended.unattended_run import Unattended, run_unattended
from jobs.watching.notifications import Notice, news
from jobs.watching.tell import tell

LOOKED_THROUGH = 1_000
"""Runs among which the last one that went well is looked for."""


def run_watched(
    context: Context,
    grants_only: bool = False,
    also: Callable[[], Iterable[Notice]] = tuple,
) -> Unattended:
    """See `run_unattended`. `also` is what else is to be told, once the run has ended.

    Whatever watches or is told, and cannot be reached, changes nothing of the run.
    """
    health = context.settings.health
    check = HealthCheck(health) if health else None
    with _said():
        if check:
            check.started()
    done = None
    try:
        done = run_unattended(context, grants_only)
    except LeaseHeld:
        raise  # the run that is at work says how it ended
    except Exception as error:
        _ended(context, check, None, also, error)
        raise
    _ended(context, check, done, also)
    return done


def _ended(
    context: Context,
    check: HealthCheck | None,
    done: Unattended | None,
    also: Callable[[], Iterable[Notice]],
    error: Exception | None = None,
) -> None:
    exit_code = done.exit_code if done else Exit.FAILED
    with _said():
        if check and exit_code in AS_INTENDED:
            check.succeeded(f"exit code {int(exit_code)}")
        elif check:
            check.failed(f"exit code {int(exit_code)}")
    left_to_fleet: frozenset[Event] = frozenset()
    with _said():
        left_to_fleet = note_end(context, exit_code, error)
    with _said():
        if receivers := context.settings.notifications:
            mine = (one for one in _news(context, done) if one.event not in left_to_fleet)
            tell(context, receivers, [*mine, *also()])


def _news(context: Context, done: Unattended | None) -> Iterator[Notice]:
    with context.store.transaction() as tx:
        runs = tx.runs.newest(LOOKED_THROUGH, (RUN,))
    plan = done.planned.plan if done else None
    report = report_address(context.settings, plan.id) if plan else ""
    expires = context.settings.vendor.token_expires
    found = news(runs, plan, report, expires, context.clock())
    if done and done.applied and is_told_of_the_fleet(done.applied.objections):
        return (notice for notice in found if notice.event != "held")
    return found


@contextmanager
def _said() -> Iterator[None]:
    """What cannot be told is said here, and no more."""
    try:
        yield
    except Exception as error:
        say(f"{in_plain_words(error)}.")
