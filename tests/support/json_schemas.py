"""Whether JSON is as its schema says (JSON Schema 2020-12, formats included).

jsonschema is loaded by whoever asks, and not by whoever collects the tests: it builds forty
grammars first, which takes a second in each process.
"""

from collections.abc import Mapping
from typing import Any


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raises jsonschema.SchemaError: it is none."""
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema)


def validator(schema: Mapping[str, Any]) -> Any:
    """One of jsonschema's: `validate` raises what is wrong, `iter_errors` gives it."""
    from jsonschema import Draft202012Validator, FormatChecker

    return Draft202012Validator(schema, format_checker=FormatChecker())
