"""What the commands share: their options, and tables for people and for programs."""

from pathlib import Path

import click

CONFIG = click.option(
    "--config",
    envvar="SEATSYNC_CONFIG",
    default="seatsync.yaml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The configuration file; or set SEATSYNC_CONFIG.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
GRANTS_ONLY = click.option(
    "--grants-only", is_flag=True, help="Leave out whatever would take something away."
)


def print_rows(
    title: str, header: tuple[str, ...], rows: list[tuple[object, ...]], as_json: bool
) -> None:
    """A table on a terminal, or a list of objects."""
    from jobs.report.terminal import console, print_table

    if as_json:
        import orjson

        click.echo(orjson.dumps([dict(zip(header, row, strict=True)) for row in rows]))
    else:
        print_table(console(), title, header, rows)
