"""Commands that carry the attribute mapping from Entra's synchronization schema, and to it."""

from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.options import CONFIG
from jobs.output.console import print_bytes, print_json, remark, say
from jobs.output.exit_codes import Exit


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@reporting
def import_mapping(file: Path) -> Exit:
    """Print the mapping of Entra's synchronization schema for the configuration.

    FILE is what Graph answers to GET /servicePrincipals/{id}/synchronization/jobs/{jobId}/schema.
    What is printed, attribute_mapping and scoping_filters, goes into the configuration. What cannot
    be taken over is told on stderr.
    """
    from jobs.setup.mapping_import import import_mapping

    text, left_out = import_mapping(file)
    print_bytes(text.encode())
    for told in left_out:
        say(f"Not taken over: {told}.")
    if not left_out:
        remark("All of it was taken over.")
    return Exit.OK


@click.command("export")
@CONFIG
@reporting
def export_mapping(config: Path) -> Exit:
    """Print the mapping as a synchronization schema, as Graph has it.

    It has the mapping of users alone. What Entra cannot be told so is named on stderr.
    """
    from msgspec import json

    from config.load import load
    from config.synchronization_schema_writer import export_schema, not_in_entra

    settings = load(config)
    schema = export_schema(
        settings.attribute_mapping, settings.scoping_filters, settings.vendor.name
    )
    print_json(json.format(json.encode(schema)))
    for told in not_in_entra(settings):
        say(f"Not in the schema: {told}.")
    return Exit.OK
