"""Commands that make a plan, or carry one out."""

from pathlib import Path

import click

from jobs.cli import completion
from jobs.cli.errors import reporting
from jobs.cli.options import AS_JSON, CONFIG, GRANTS_ONLY
from jobs.cli.planned import print_applied, print_planned
from jobs.output.console import remark
from jobs.output.exit_codes import Exit


@click.command()
@AS_JSON
@GRANTS_ONLY
@click.option(
    "--reclaim",
    is_flag=True,
    help="Take back seats that nobody uses, too (`seatsync idle`); such a plan is always held.",
)
@CONFIG
@reporting
def plan(config: Path, as_json: bool, grants_only: bool, reclaim: bool) -> Exit:
    """Dry run: write a plan and its reports, and say where they are."""
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.plan import make_plan

    with working(config) as context, recorded(context, "plan") as run:
        planned = make_plan(context, run, grants_only, reclaim)
    print_planned(planned, as_json)
    return run.exit_code


@click.command()
@AS_JSON
@click.argument("reference", metavar="PLAN", shell_complete=completion.plans)
@CONFIG
@reporting
def apply(config: Path, as_json: bool, reference: str) -> Exit:
    """Execute an approved plan, exactly as it was reviewed."""
    from jobs.apply import apply_plan
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.reading.source import reminder

    with working(config) as context:
        found = context.find_plan(reference)
        if reminding := reminder(context.settings.directory):
            remark(reminding)
        with recorded(context, "apply") as run:
            applied = apply_plan(context, found, run)
    print_applied(context, found, applied, as_json)
    return applied.exit_code


@click.command()
@AS_JSON
@click.argument("reference", metavar="RUN", shell_complete=completion.runs)
@CONFIG
@reporting
def undo(config: Path, as_json: bool, reference: str) -> Exit:
    """Plan to take back what a run did.

    Such a plan is reviewed, approved and applied like any other.

    RUN is an id of `seatsync history`, a unique prefix, or `latest`: the last that did something.
    """
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.undo import make_undo

    with working(config) as context, recorded(context, "undo") as run:
        planned = make_undo(context, run, reference)
    print_planned(planned, as_json)
    return run.exit_code
