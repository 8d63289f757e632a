"""`replay`: what the configuration would have done at every plan since a day."""

from datetime import UTC, datetime
from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.listing import print_rows
from jobs.cli.options import AS_JSON, CONFIG, LIMIT
from jobs.output.console import print_json, print_line
from jobs.output.exit_codes import Exit


@click.command()
@click.option(
    "--since",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The first day (UTC).",
)
@AS_JSON
@LIMIT
@CONFIG
@reporting
def replay(config: Path, as_json: bool, limit: int | None, since: datetime) -> Exit:
    """Make every plan since a day again, with these settings.

    That is: what --config would have held, let pass and taken, beside what was decided then, and
    which caps the plans propose. Nothing can be applied of it.
    """
    import msgspec

    from jobs.context import working
    from jobs.replay import replay_since
    from jobs.report.replay_json import replay_document
    from jobs.report.replay_words import replay_in_words

    with working(config) as context:
        found = replay_document(replay_since(context, since.replace(tzinfo=UTC)))
    if as_json:
        print_json(msgspec.json.encode(found))
        return Exit.OK
    empty = "The store has kept of no plan since then what it was made of."
    print_rows("Plans made again", found.plans, False, limit, empty=empty)
    for line in replay_in_words(found) if found.plans else ():
        print_line(line)
    return Exit.OK
