"""What pydantic found, at the file's own keys and in an administrator's words."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic_core import ErrorDetails

from config.attribute_mapping import AttributeMapping
from config.attribute_mapping_row import MappedAttribute
from config.settings import Settings
from config.suggest import unknown
from config.yaml_document import Location

# By pydantic's type of error; braces are filled from its context.
_WORDS = {
    "missing": "this key is needed",
    "model_type": "expected keys and values",
    "dict_type": "expected keys and values",
    "tuple_type": "expected a list, such as [one, another]",
    "list_type": "expected a list",
    "too_short": "expected at least one entry",
    "string_type": "expected text; put numbers and dates in quotes",
    "invalid_key": "expected text; put numbers and dates in quotes",
    "string_too_short": "expected some text",
    "string_too_long": "expected at most {max_length} characters",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_parsing_size": "expected a smaller number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "decimal_type": "expected a number",
    "decimal_parsing": "expected a number",
    "decimal_max_digits": "expected a smaller number",
    "decimal_max_places": "expected at most {decimal_places} decimal places",
    "finite_number": "expected a number",
    "greater_than_equal": "expected at least {ge}",
    "less_than_equal": "expected at most {le}",
    "literal_error": "expected {expected}",
    "path_type": "expected the path of a file",
    "date_type": "expected a date such as 2026-09-01",
    "date_parsing": "expected a date such as 2026-09-01",
    "date_from_datetime_parsing": "expected a date such as 2026-09-01",
    "date_from_datetime_inexact": "expected a date such as 2026-09-01, without a time",
}

_NOT_IN_THE_FILE = {
    *("<tenant>", "<export>", "<name>", "<section>", "<file>", "<numbers>", "<number>", "[key]"),
    *("<secret>", "<certificate>", "<federation>", "<identity>"),
}


def in_plain_words(error: ErrorDetails, file: type[BaseModel] = Settings) -> tuple[Location, str]:
    """Where in the `file`, and what is wrong; never with the value, which may be a secret."""
    if error["type"] == "extra_forbidden":
        *section, key = error["loc"]
        return (*_in_the_file(section), key), unknown(str(key), _keys_at(file, section))
    location = _in_the_file(error["loc"])
    if error["type"] == "value_error":
        return location, str(error["ctx"]["error"])
    words = _WORDS.get(error["type"])
    return location, words.format(**error.get("ctx", {})) if words else error["msg"]


def _in_the_file(steps: Iterable[str | int]) -> Location:
    """Without the tags of unions and pydantic's mark of a key: the file knows nothing of them."""
    return tuple(step for step in steps if step not in _NOT_IN_THE_FILE)


def _keys_at(file: type[BaseModel], steps: Iterable[str | int]) -> Iterator[str]:
    """The keys that the models know at a place; a tag says which model of a union it is."""
    part: Any = file
    for step in steps:
        if step in _NOT_IN_THE_FILE:
            part = next(way for way in get_args(part) if Tag(str(step)) in way.__metadata__)
        elif part is AttributeMapping:  # its keys are SCIM paths
            part = MappedAttribute
        elif products := _values_of_a_mapping(part):
            part = products
        elif isinstance(step, str):
            part = _model_in(part).model_fields[step].annotation
    return iter(_model_in(part).model_fields)


def _values_of_a_mapping(annotation: Any) -> Any:
    """What a mapping has per key, such as per product; None for anything else."""
    plain = _bare(annotation)
    return _bare(get_args(plain)[1]) if get_origin(plain) is dict else None


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    candidates = (_model_in(part) for part in get_args(annotation))
    return next((candidate for candidate in candidates if candidate), None)
