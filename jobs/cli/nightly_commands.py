"""Commands that a scheduler or a monitor calls: one run, and how things stand."""

import sys
from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.options import AS_JSON, CONFIG, GRANTS_ONLY
from jobs.cli.planned import print_applied, print_for_mail, print_planned
from jobs.output.console import print_json, print_line, quiet
from jobs.output.exit_codes import Exit


@click.command()
@AS_JSON
@GRANTS_ONLY
@CONFIG
@reporting
def run(config: Path, as_json: bool, grants_only: bool) -> Exit:
    """Plan, and apply what needs no review; for cron.

    A plan is applied where policy.auto_apply allows it and no guard objects. Where stderr is no
    terminal, what it came to is a page that fits a mail.
    """
    from jobs.context import working
    from jobs.unattended.watched_run import run_watched

    with working(config) as context:
        done = run_watched(context, grants_only)
        if not (as_json or quiet() or sys.stderr.isatty()):
            print_for_mail(context, done)
            return done.exit_code
    if not (done.applied and as_json):
        print_planned(done.planned, as_json)
    if done.applied:
        print_applied(context, done.planned.plan, done.applied, as_json)
    return done.exit_code


@click.command()
@AS_JSON
@CONFIG
@reporting
def status(config: Path, as_json: bool) -> Exit:
    """Say in one line how things stand, for monitoring.

    It ends with 0 where all is well, 2 where a plan waits, 3 where one is held, 1 after a failure.
    """
    from jobs.context import working
    from jobs.monitoring.status import newest_plan, status_of

    with working(config) as context:
        found = status_of(context, newest_plan(context))
    if as_json:
        from msgspec.json import encode

        print_json(encode(found))
    else:
        print_line(found)
    return found.exit_code
