"""Commands for whoever sets seatsync up: what a configuration leads to, and what describes it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from jobs.cli.errors import reporting
from jobs.cli.init_command import config_option
from jobs.cli.listing import print_rows
from jobs.cli.options import AS_JSON, CONFIG, LIMIT
from jobs.output.console import print_json, print_line, say
from jobs.output.exit_codes import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.check.result import Check


@click.command()
@AS_JSON
@click.option("--online", is_flag=True, help="Also ask Entra ID and the vendor.")
@click.option("--tell", is_flag=True, help="Also send a message to everybody in `notifications`.")
@CONFIG
@reporting
def check(config: Path, as_json: bool, online: bool, tell: bool) -> Exit:
    """Check the configuration, and with --online what it leads to.

    With --online everything is read that a plan reads, and in the same way: "ok" is what was
    proven, "?" what was not tried. Nothing is changed.
    """
    from config.load import load
    from jobs.check.checks import checks, next_step

    results = [*checks(load(config), online=online, tell=tell)]
    code = print_checks(results, as_json)
    if not as_json:
        print_line(f"{next_step(results, online=online)}{config_option(config)}")
    return code


def print_checks(results: "Sequence[Check]", as_json: bool) -> Exit:
    """Each in a line; the exit code says whether all passed."""
    from jobs.output.rows.setup import CheckRow

    if as_json:
        rows = [
            CheckRow(passed=r.passed, proven=r.proven, severity=r.severity, text=r.text)
            for r in results
        ]
        print_rows("Checks", rows, as_json, None, empty="")
    else:
        for result in results:
            print_line(result)
    return Exit.OK if all(result.passed for result in results) else Exit.FAILED


@click.command()
@AS_JSON
@LIMIT
@CONFIG
@reporting
def pull(config: Path, as_json: bool, limit: int | None) -> Exit:
    """Read directory, vendor and seats; plan and change nothing."""
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.output.rows.setup import GroupRow
    from jobs.reading.pull import pull as read_all
    from reconciler.model.phrasing import Plural

    with working(config) as context, recorded(context, "pull") as run:
        snapshot = read_all(context)
        with context.store.transaction(run.id) as tx:
            tx.runs.add_reads(run.id, snapshot.directory.reads)
        run.exit_code = Exit.OK
        run.summary = f"{Plural(len(snapshot.directory.reads)):group|groups} read"
    rows = [
        GroupRow(
            set=read.set,
            group=read.group.id if read.group else None,
            members=read.members,
            pages=read.pages,
            complete=read.complete,
            because=read.because,
        )
        for read in snapshot.directory.reads
    ]
    print_rows("Groups", rows, as_json, limit, empty="The configuration has no sets.")
    if not as_json:
        asked = snapshot.directory
        print_line(f"Microsoft Graph: {asked.requests:,} requests, {asked.resource_units:,} units.")
    return Exit.OK


def _documents(ctx: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """The next word of what has a schema."""
    from jobs.cli.json_schemas import NAMES

    before = tuple(ctx.params["document"] or ())
    named = [(*name.split(), "")[: len(before) + 1] for name in NAMES]
    words = dict.fromkeys(name[-1] for name in named if name[:-1] == before)
    return [CompletionItem(word) for word in words if word and word.startswith(begun)]


@click.command()
@click.argument("document", nargs=-1, metavar="DOCUMENT", shell_complete=_documents)
@reporting
def schema(document: tuple[str, ...]) -> Exit:
    """Print the JSON Schema of a file, or of what --json prints.

    DOCUMENT is configuration, fleet.yaml, plan.json, or a command with --json: `seatsync schema
    audit list`. Without one, all of them are listed.
    """
    from msgspec import json

    from jobs.cli.json_schemas import NAMES, schema_of

    name = " ".join(document)
    if not name:
        for each in NAMES:
            print_line(each)
    elif name in NAMES:
        print_json(json.format(json.encode(schema_of(name))))
    else:
        say(f"There is no schema of {name}. There are: {', '.join(NAMES)}.")
        return Exit.USAGE
    return Exit.OK
