"""Writes docs/reference: configuration, commands, JSON and exit codes, as the code has them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from config.json_schema import configuration_schema, fleet_schema
from jobs.cli.json_schemas import PRINTED, schema_of
from jobs.cli.main import main
from jobs.output.exit_codes import Exit

FOLDER = Path(__file__).parents[2] / "docs" / "reference"

Schema = dict[str, Any]

CONFIGURATION = """# Configuration

Written by `make docs` from the models in `config/`. `seatsync init` writes a file to start from,
and `seatsync check` names every mistake with its line. Editors complete and check the file by
[its JSON Schema](configuration.schema.json), which `seatsync schema configuration` prints.

A duration is a number and a unit: `40m`, `24h`, `90d`, `1y`, also `90 days` or `1 year`. A secret
is never in the file, only where it is: `env:NAME`, `file:PATH`, `cred:NAME` (a credential of
systemd), or in [a keyring or a vault](../how-to/keep-secrets.md). A relative path is taken from the
folder of the file.
"""

FLEET = """# fleet.yaml

Written by `make docs` from the models in `config/`: what
[many tenants in one database](../how-to/several-tenants.md) have in common. Editors go by
[its JSON Schema](fleet.schema.json), which `seatsync schema fleet.yaml` prints, and `seatsync fleet
check` names every mistake with its line.
"""

COMMANDS = """# Commands

Written by `make docs` from the commands themselves; `--help` of each says the same. How
they end is told by the [exit codes](exit-codes.md).

What is asked for with `users`, `drift`, `discover`, `sets`, `seats`, `history`, `audit list`,
`diff`, `show` and `pull` is shown on a terminal as far as 20 lines go, with the number of rows that
are left out and the command that shows all of them. In a pipe or a file it is all there, each row
in one line, so that `grep ada` finds Ada in what `seatsync users` prints; with `--json` and
`--csv` it is all there, too. `--limit` asks for another number of rows, in every form.

A plan that `plan`, `undo` or `reconcile` has just made is told by no more than 20 lines of each
table wherever it is printed; `run` prints a page that fits a mail, where stderr is no terminal.
`seatsync show PLAN` and the reports have the rest.
"""

JSON = """# JSON

Written by `make docs` from the types that are printed. `seatsync schema COMMAND` prints each of
these schemas (draft 2020-12), in which every part says what it is. Keys are in snake_case, and
times have their zone. A key with a default may be absent. `plan.json` has [its own page](plan.md).

| what | its schema |
|---|---|
"""

EXIT_CODES = """# Exit codes

Written by `make docs` from `jobs/output/exit_codes.py`. They are the same for every command.

| code | meaning |
|---|---|
"""


def pages() -> dict[str, str]:
    """Per file of docs/reference its content."""
    return {
        "configuration.md": "\n".join([CONFIGURATION, *_sections(configuration_schema())]),
        "configuration.schema.json": json.dumps(configuration_schema(), indent=1) + "\n",
        "fleet.md": "\n".join([FLEET, *_sections(fleet_schema())]),
        "fleet.schema.json": json.dumps(fleet_schema(), indent=1) + "\n",
        "commands.md": "\n".join([COMMANDS, *_commands("seatsync", main)]),
        "exit-codes.md": EXIT_CODES + "".join(f"| {int(e)} | {e.meaning} |\n" for e in Exit),
        "plan.schema.json": json.dumps(schema_of("plan.json"), indent=1) + "\n",
        "json.md": JSON + "".join(map(_printed, PRINTED)),
        **{_file(name): json.dumps(schema_of(name), indent=1) + "\n" for name in PRINTED},
    }


def _file(command: str) -> str:
    return f"json/{command.replace(' ', '-')}.schema.json"


def _printed(command: str) -> str:
    file = _file(command)
    return f"| `seatsync {command} --json` | [{file.removeprefix('json/')}]({file}) |\n"


def _sections(schema: Schema) -> Iterator[str]:
    yield from _section("The file", "", schema, schema["$defs"])


def _section(title: str, path: str, section: Schema, parts: Schema) -> Iterator[str]:
    """A section's table, and then those of the sections inside it."""
    yield f"## {title}\n"
    yield section["description"].replace("``", "`") + "\n"
    yield "| key | takes | default | meaning |\n|---|---|---|---|"
    for key, field in section["properties"].items():
        default = _default(key, field, section.get("required", ()))
        yield f"| `{key}` | {_takes(field)} | {default} | {field['description']} |"
    yield ""
    for key, field in section["properties"].items():
        for name in _parts_of(field):
            inside = f"{path}.{key}".removeprefix(".")
            kind = "" if _words(name) == inside else f": {_words(name)}"
            yield from _section(f"`{inside}`{kind}", inside, parts[name], parts)


def _default(key: str, field: Schema, required: Any) -> str:
    if key in required:
        return "required"
    default = field.get("default")
    return "" if default in (None, [], "") else f"`{json.dumps(default).strip(chr(34))}`"


def _parts_of(field: Schema) -> list[str]:
    """The names of the sections that may stand there."""
    inside = [field.get("items"), *field.get("oneOf", ()), *field.get("anyOf", ())]
    inside.append(field.get("additionalProperties"))
    own = [field["$ref"].rpartition("/")[2]] if "$ref" in field else []
    return own + [name for kind in inside if isinstance(kind, dict) for name in _parts_of(kind)]


def _words(name: str) -> str:
    return re.sub(r"(?<=.)([A-Z])", r" \1", name.removesuffix("Settings")).lower()


def _takes(field: Schema) -> str:
    match field:
        case {"$ref": str(name)}:
            return _words(name.rpartition("/")[2])
        case {"oneOf": kinds} | {"anyOf": kinds}:
            return " or ".join(_takes(kind) for kind in kinds if kind != {"type": "null"})
        case {"enum": values}:
            return ", ".join(f"`{value}`" for value in values)
        case {"const": value}:
            return f"`{value}`"
        case {"type": "array", "items": item}:
            return f"list of {_takes(item)}"
    return _scalar(field)


def _scalar(field: Schema) -> str:
    match field:
        case {"type": "object"}:
            return "mapping"
        case {"pattern": str(pattern)}:
            return _BY_PATTERN.get(pattern[1:5], "text")
        case {"type": "string"}:
            return _BY_FORMAT[field.get("format", "")]
        case {"type": "boolean"}:
            return "true or false"
        case {"minimum": low, "maximum": high}:
            return f"number, {low:g} to {high:g}"
        case {"exclusiveMinimum": low, "maximum": high}:
            return f"number above {low:g}, up to {high:g}"
        case {"minimum": low}:
            return f"number from {low:g}"
        case {"type": ["number", *_]}:
            return "number"
    return "text"


HELP: Any = main.context_settings
_BY_FORMAT = {"": "text", "uuid": "id", "uri": "address", "date": "date", "path": "path"}
_BY_PATTERN = {"[0-9": "duration", "(env": "reference to a secret", "([01": "time of day"}


def _commands(name: str, command: click.Command) -> Iterator[str]:
    """Each with what its help says, as a terminal shows it; then those of a group."""
    with click.Context(command, info_name=name, terminal_width=80, **HELP) as context:
        yield f"## {name}\n\n```text\n{command.get_help(context).strip()}\n```\n"
        if isinstance(command, click.Group):
            for inside in command.list_commands(context):
                found = command.get_command(context, inside)
                assert found
                yield from _commands(f"{name} {inside}", found)


if __name__ == "__main__":
    (FOLDER / "json").mkdir(parents=True, exist_ok=True)
    for file, content in pages().items():
        (FOLDER / file).write_text(content)
