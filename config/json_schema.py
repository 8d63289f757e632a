"""The JSON Schemas of the configuration and of a fleet's file: for editors, and for the reference.

What a field is for stands below it in the source. Pydantic could read that whenever the settings
are imported, which would cost every command its start; so it is read here.
"""

import ast
import inspect
from datetime import timedelta
from importlib import import_module
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, JsonSchemaWarningKind
from pydantic_core import PydanticSerializationError

from config.attribute_mapping import AttributeMapping
from config.duration import written
from config.fleet import Fleet
from config.section import Section
from config.settings import Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _AsWritten(GenerateJsonSchema):
    """Defaults as a person would write them; no titles, which repeat the names."""

    ignored_warning_kinds: set[JsonSchemaWarningKind] = {  # noqa: RUF012 - pydantic's own
        "skipped-choice",
        "non-serializable-default",
    }

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, AttributeMapping | BaseModel):
            raise PydanticSerializationError("its parts have defaults of their own")
        return written(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def configuration_schema() -> JsonSchemaValue:
    """Of the whole file, in draft 2020-12."""
    return _schema_of(Settings)


def fleet_schema() -> JsonSchemaValue:
    """Of a fleet's file, in draft 2020-12."""
    return _schema_of(Fleet)


def _schema_of(file: type[Section]) -> JsonSchemaValue:
    schema = file.model_json_schema(schema_generator=_AsWritten)
    described = _docstrings()
    sections = {file.__name__: schema, **schema["$defs"]}
    for section, content in sections.items():
        for name, field in content["properties"].items():
            field["description"] = described[section, name]
    return {"$schema": DIALECT, **schema}


def _docstrings() -> dict[tuple[str, str], str]:
    """Per class and field the text below the field (PEP 257, "attribute docstrings")."""
    found = {}
    for module in {import_module(section.__module__) for section in Section.__subclasses__()}:
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                for field, text in zip(node.body, node.body[1:], strict=False):
                    match field, text:
                        case (
                            ast.AnnAssign(target=ast.Name(id=name)),
                            ast.Expr(value=ast.Constant(value=str(said))),
                        ):
                            found[node.name, name] = " ".join(said.split())
    return found
