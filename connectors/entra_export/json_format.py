"""The JSON of an export, with Graph's names in any case, and what Graph's annotations say.

OData JSON Format 4.01, section 4.6: ``@odata.nextLink``, or ``members@odata.nextLink``, says that
there is more; ``members@odata.count`` how many there are.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from connectors.entra_export.property_names import FILE_KEYS, GROUP_KEYS, USER_KEYS
from connectors.errors import CounterpartError
from connectors.files.column_names import ColumnNames
from connectors.files.disk import read_text

KINDS = {
    "groups": GROUP_KEYS,
    "deletedGroups": GROUP_KEYS,
    "users": USER_KEYS,
    "deletedUsers": USER_KEYS,
}

# What Graph's delta query says of what is gone: its answers are changes and no export.
CHANGES = {"removed", "delta"}


def read_document(path: Path, what: str) -> Any:
    """Groups, users and those deleted, not checked any further than their names.

    `cut` says of the whole, and of each group, why there is more than the file has; `counted` how
    many there should be, by their key in lower case.

    Raises:
        CounterpartError: it cannot be read, is no JSON, or has a key that is not known.
    """
    try:
        content = orjson.loads(read_text(path, what))
    except orjson.JSONDecodeError as error:
        raise CounterpartError(what, f"it is not JSON (line {error.lineno})") from None
    if not isinstance(content, dict):
        return content
    whole = _in_graphs_words(content, FILE_KEYS, what)
    for key, names in KINDS.items():
        if isinstance(whole.get(key), list):
            whole[key] = [
                _in_graphs_words(one, names, f"{what}: {key}[{at}]")
                for at, one in enumerate(whole[key])
            ]
    return whole


def _in_graphs_words(given: Any, names: ColumnNames, what: str) -> Any:
    if not isinstance(given, dict):
        return given
    properties = [key for key in given if "@" not in key]
    try:
        known = names.all_known(properties)
    except ValueError as error:
        raise CounterpartError(what, str(error)) from None
    values = {name: given[key] for name, key in zip(known, properties, strict=True)}
    if len(properties) == len(given):
        return values
    return values | _annotated(given, what)


def _annotated(given: dict[str, Any], what: str) -> dict[str, Any]:
    cut, counted = "", {}
    for name, term, value in _annotations(given):
        if term in CHANGES:
            raise CounterpartError(
                what, f'"{name}@{term}" is of changes (a delta), not of an export'
            )
        if term == "odata.nextlink":
            cut = f'"{name}@odata.nextLink" says that there is more'
        if term == "odata.count":
            counted[name.casefold()] = value
    return {"cut": cut, "counted": counted}


def _annotations(given: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for key, value in given.items():
        name, mark, term = key.partition("@")
        if mark:
            yield name.strip(), term.strip().casefold(), value
