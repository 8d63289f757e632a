"""Commands that make a plan, or carry one out."""

from pathlib import Path
from typing import Any

import click

from jobs.cli import completion
from jobs.cli.errors import reporting
from jobs.cli.options import AS_JSON, CONFIG, GRANTS_ONLY, LIMIT
from jobs.cli.planned import print_applied, print_planned
from jobs.cli.what_if import ASSUMPTION, assumption_of, show_what_if
from jobs.output.console import remark
from jobs.output.exit_codes import Exit


@click.command()
@AS_JSON
@LIMIT
@GRANTS_ONLY
@click.option(
    "--reclaim",
    is_flag=True,
    help="Take back seats that nobody uses, too (`seatsync idle`); such a plan is always held.",
)
@ASSUMPTION
@CONFIG
@reporting
def plan(
    config: Path,
    as_json: bool,
    limit: int | None,
    grants_only: bool,
    reclaim: bool,
    **assumed: Any,
) -> Exit:
    """Dry run: write a plan and its reports, and say where they are.

    With --what-if, --compare, --seats or --product nothing is written: the plan that would be made
    then is shown beside today's, by whom it leaves with other seats. --limit is that of each table.
    """
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.plan import make_plan
    from jobs.watching.announce import announce_reclaim

    if assumption := assumption_of(**assumed):
        if reclaim:
            raise click.UsageError("--reclaim makes a plan, and nothing is made of an assumption.")
        return show_what_if(config, assumption, grants_only, as_json, limit)
    with working(config) as context:
        with recorded(context, "plan") as run:
            planned = make_plan(context, run, grants_only, reclaim)
        if reclaim:
            announce_reclaim(context, planned.plan)
    print_planned(planned, as_json, limit)
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
