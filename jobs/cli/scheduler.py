"""The configured timetable, kept by the `schedule` library in this process."""

import time

import schedule

from jobs.context import Context
from jobs.output.console import say
from jobs.output.exit_codes import Exit
from jobs.output.failures import in_plain_words
from jobs.unattended import run_unattended


def keep_running(context: Context) -> Exit:
    """Runs until interrupted; 78 if the configuration has no timetable."""
    timetable = scheduler(context)
    if timetable is None:
        say("The configuration has no `schedule`: give it `at` or `every`.")
        return Exit.CONFIGURATION
    say(f"The next run is at {timetable.next_run:%Y-%m-%d %H:%M}.")
    try:
        while True:
            time.sleep(max(0, timetable.idle_seconds or 0))
            timetable.run_pending()
    except KeyboardInterrupt:
        return Exit.OK


def scheduler(context: Context) -> schedule.Scheduler | None:
    """One entry per time of day, or one interval; None without a timetable."""
    timetable = context.settings.schedule
    if timetable is None:
        return None
    jobs = schedule.Scheduler()
    for at in timetable.at:
        jobs.every().day.at(at).do(run_once, context)
    if timetable.every:
        jobs.every(int(timetable.every.total_seconds())).seconds.do(run_once, context)
    return jobs


def run_once(context: Context) -> None:
    """One run; whatever happens to it, the next one comes."""
    try:
        done = run_unattended(context)
    except Exception as error:
        say(f"Run failed: {in_plain_words(error)}")
        return
    say(f"Plan {done.planned.plan.id} ended with exit code {int(done.exit_code)}.")
