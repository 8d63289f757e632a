"""Commands around the timetable: keeping it, and ending a quarantine."""

from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.options import CONFIG
from jobs.output.console import confirm
from jobs.output.exit_codes import Exit


@click.command()
@CONFIG
@reporting
def schedule(config: Path) -> Exit:
    """Do `run` on the configured timetable, until SIGTERM or Ctrl-C.

    A run that was missed is caught up once. Where three in a row have failed, the next ones come
    ever more rarely, until one succeeds or `seatsync resume` is called. Ends with 0, or from the
    midst of an apply with that run's code.
    """
    from jobs.scheduling.scheduler import keep_running

    return keep_running(config)


@click.command()
@CONFIG
@reporting
def resume(config: Path) -> Exit:
    """End the quarantine of a timetable whose runs kept failing.

    The next run comes on time.
    """
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.run_history.quarantine_backoff import RESUME
    from jobs.scheduling.end_quarantine import resume as end_quarantine

    with working(config) as context, recorded(context, RESUME) as run:
        end_quarantine(context, run)
    confirm(f"Resumed: {run.summary}.")
    return run.exit_code
