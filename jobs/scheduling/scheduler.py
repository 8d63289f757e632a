"""The configured timetable, kept in this process: the `schedule` library wakes it every minute."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import schedule
from tzlocal import get_localzone

from config.load import ConfigError, load
from config.seatsync_error import SeatsyncError
from config.settings import Settings
from config.timetable import Timetable
from connectors.store.errors import LeaseHeld
from jobs.clock import Clock, utc_now
from jobs.context import Context, at_work
from jobs.interruption import termination_as_ctrl_c
from jobs.output.console import remark, say
from jobs.output.exit_codes import Exit
from jobs.output.failures import in_plain_words
from jobs.run_history.kinds_and_ends import INTERRUPTED, RUN
from jobs.run_history.quarantine_backoff import KINDS, LOOKED_THROUGH, quarantine
from jobs.scheduling.due import next_due
from jobs.scheduling.notifications import timetable_news
from jobs.unattended.watched_run import run_watched
from jobs.watching.notifications import Notice
from jobs.watching.tell import tell

MINUTE = 60
"""Seconds; cron's own grain. An hour that is set back is longer to the `schedule` library, which
counts in local time."""

NO_TIMETABLE = "The configuration has no `schedule`: give it `at`, `cron` or `every`"


class NoTimetable(SeatsyncError):
    """There is nothing to keep any more."""


def keep_running(config: Path) -> Exit:
    """Until SIGTERM or Ctrl-C; 78 if the configuration cannot be used or has no timetable.

    Raises:
        config.load.ConfigError: it is so at the start; later that is told, and looked at again.
    """
    if load(config).schedule is None:
        say(f"{NO_TIMETABLE}.")
        return Exit.CONFIGURATION
    keeper = Keeper(config)
    every_minute(keeper.look, lambda: keeper.stopped is not None)
    return Exit.OK if keeper.stopped is None else keeper.stopped


def every_minute(look: Callable[[], None], is_over: Callable[[], bool] = lambda: False) -> None:
    """Looks at once and then every minute, until SIGTERM or Ctrl-C, or it `is_over`."""
    jobs = schedule.Scheduler()
    jobs.every().minute.at(":00").do(look)
    with termination_as_ctrl_c(), suppress(KeyboardInterrupt):
        jobs.run_all()
        while not is_over():
            time.sleep(min(max(jobs.idle_seconds or 0, 0), MINUTE))
            if (jobs.idle_seconds or 0) > MINUTE:
                jobs.run_all()
            jobs.run_pending()


class Busy(SeatsyncError):
    """A run is as due as before."""


class Keeper:
    """Looks whether a run is due. Configuration and store are opened anew for every look.

    `stopped`: somebody ended the program in the midst of an apply, which ended with this code.
    """

    stopped: Exit | None = None

    def __init__(self, config: Path, clock: Clock = utc_now) -> None:
        self._config, self._clock = config, clock
        self._began = clock()
        self._settings: Settings | None = None
        self._changed: datetime | None = None
        self._said = ""

    def look(self) -> None:
        """Starts the run that is due; whatever happens to it, the next one comes.

        Nothing runs by a configuration that cannot be read, or beside another run.
        """
        try:
            self._say_once(f"The next run is at {self._next_run():%Y-%m-%d %H:%M %Z}.")
        except ConfigError as error:
            self._say_once(f"No run can be started: {error}")
            self._tell_of(error)
        except Exception as error:
            self._say_once(f"No run can be started: {in_plain_words(error)}")

    def _next_run(self) -> datetime:
        """In the timetable's zone, once whatever is due has been done."""
        settings = load(self._config)
        timetable = settings.schedule
        if timetable is None:
            raise NoTimetable(NO_TIMETABLE)
        if self._settings and self._settings.schedule != timetable:
            self._changed = self._clock()  # what it has for times before this was not missed
        self._settings, zone = settings, zone_of(timetable)
        with at_work(settings, self._clock) as context:
            due = self._due(context, timetable, zone)
            if due <= self._clock():
                self._run(context, due)
            return self._due(context, timetable, zone).astimezone(zone)

    def _due(self, context: Context, timetable: Timetable, zone: tzinfo) -> datetime:
        with context.store.transaction() as tx:
            latest = tx.runs.newest(LOOKED_THROUGH, KINDS)
        ran = (run.started for run in latest if run.kind == RUN and run.summary != INTERRUPTED)
        started = next(ran, None)
        last = max(filter(None, (started, self._changed)), default=self._began)
        return next_due(timetable, zone, last, quarantine(latest), context.store.pair)

    def _run(self, context: Context, due: datetime) -> None:
        try:
            done = run_watched(context, also=partial(self._news, context, due, self._clock()))
        except LeaseHeld as error:
            raise Busy(f"another one is at work ({error}). It is done after that") from error
        except Exception as error:
            say(f"Run failed: {in_plain_words(error)}")
            return
        remark(f"Plan {done.planned.plan.id} ended with exit code {int(done.exit_code)}.")
        if done.applied and done.applied.stopped:
            self.stopped = done.exit_code

    def _news(self, context: Context, due: datetime, began: datetime) -> Iterator[Notice]:
        with context.store.transaction() as tx:
            latest = tx.runs.newest(LOOKED_THROUGH, KINDS)
        return timetable_news(latest, due, began)

    def _tell_of(self, error: ConfigError) -> None:
        """By the configuration that was good last."""
        if self._settings:
            with at_work(self._settings, self._clock) as context:
                text = f"No run can be started: {error}"
                found = [Notice("configuration", "configuration", text)]
                tell(context, context.settings.notifications, found)

    def _say_once(self, text: str) -> None:
        """Not every minute."""
        if text != self._said:
            say(text)
        self._said = text


def zone_of(timetable: Timetable) -> tzinfo:
    """Of its times of day: the machine's own by default."""
    return ZoneInfo(timetable.time_zone) if timetable.time_zone else get_localzone()
