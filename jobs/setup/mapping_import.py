"""Takes the attribute mapping and the scoping filters over from Entra's synchronization schema."""

from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from config.synchronization_schema_reader import import_schema
from connectors.errors import CounterpartError
from connectors.files.synchronization_schema_file import read_synchronization_schema


def import_mapping(path: Path) -> tuple[str, list[str]]:
    """The lines for the configuration file, and in sentences what could not be taken over; these
    stand in the lines as comments, too, for whoever reads the file later.

    Raises:
        CounterpartError: the file cannot be read, or maps no users.
    """
    schema = read_synchronization_schema(path)
    try:
        found = import_schema(schema)
    except ValueError as error:
        raise CounterpartError(f"reading {path}", str(error)) from None
    content: dict[str, object] = {"attribute_mapping": found.attribute_mapping}
    if found.scoping_filters:
        content["scoping_filters"] = found.scoping_filters
    yaml, text = YAML(), StringIO()
    yaml.width = 10_000  # an expression stays in its line
    text.writelines(
        f"# Not taken over from Entra: {' '.join(told.split())}.\n" for told in found.left_out
    )
    yaml.dump(content, text)
    return text.getvalue(), found.left_out
