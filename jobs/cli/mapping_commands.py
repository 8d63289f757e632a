"""Commands around the attribute mapping."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.cli import completion
from jobs.cli.errors import reporting
from jobs.cli.listing import print_rows
from jobs.cli.mapping_schema_commands import export_mapping, import_mapping
from jobs.cli.options import AS_JSON, CONFIG
from jobs.output.console import remark, say
from jobs.output.exit_codes import Exit

if TYPE_CHECKING:
    from jobs.output.rows.mapping import MappedRow
    from reconciler.planning.mapping_preview import MappingPreview


@click.group()
def mapping() -> None:
    """Try the attribute mapping out, or carry it from Entra and back."""


for command in (import_mapping, export_mapping):
    mapping.add_command(command)


@mapping.command()
@CONFIG
@AS_JSON
@click.option(
    "--user", metavar="USER", shell_complete=completion.users, help="Somebody in Entra ID."
)
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="Users as Graph answers with them, in JSON; nothing else is read.",
)
@reporting
def test(config: Path, as_json: bool, user: str | None, file: Path | None) -> Exit:
    """Show what the mapping makes of a user.

    Each row has what is read, the expression, the result, what would be sent, and what the vendor
    has now. For --user everything is read, and nothing changed; what would be sent is what a plan
    would send. The users of a --file are taken for new ones.
    """
    if (user is None) is (file is None):
        say("Give either --user or --file.")
        return Exit.USAGE
    previews = _of_user(config, user) if user is not None else _of_file(config, file or Path())
    if as_json:
        rows = [row for one in previews for row in _rows(one)]
        print_rows("Mapping", rows, as_json, None, empty="")
    for one in () if as_json else previews:
        print_rows(one.user.name, _rows(one), as_json, None, empty="")
        if one.kept:
            remark(f"Nothing is sent for {one.user.name}: seatsync explain {one.kept}")
    return Exit.OK


def _of_user(config: Path, user: str) -> "list[MappingPreview]":
    from jobs.context import working
    from jobs.setup.mapping_preview import preview_user

    with working(config) as context:
        return preview_user(context, user)


def _of_file(config: Path, file: Path) -> "list[MappingPreview]":
    from config.load import load
    from jobs.clock import utc_now
    from jobs.setup.mapping_preview import preview_file

    return preview_file(load(config).attribute_mapping, file, utc_now())


def _rows(preview: "MappingPreview") -> "list[MappedRow]":
    from jobs.output.rows.mapping import MappedRow

    return [
        MappedRow(
            user=preview.user.name,
            attribute=row.target,
            expression=row.expression,
            read=row.source,
            result=row.result,
            sent=row.sent,
            vendor_has=row.vendor,
            why=row.why,
        )
        for row in preview.rows
    ]
