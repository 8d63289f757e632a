"""A file of users as Graph answers with them, to try something out on."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from config.field_types import is_guid
from connectors.entra.reading.user_columns import PRESENT, Columns, people_frame
from connectors.errors import CounterpartError
from connectors.files.disk import read_text

Json = dict[str, Any]


def read_graph_users(path: Path) -> list[Json]:
    """A list of users, or Graph's answer with one as its ``value``; each has an id.

    Raises:
        CounterpartError: it cannot be read, or has something else.
    """
    what = f"reading {path}"
    try:
        content = orjson.loads(read_text(path, what))
    except orjson.JSONDecodeError as error:
        raise CounterpartError(what, f"it is not JSON (line {error.lineno})") from None
    users = content.get("value") if isinstance(content, dict) else content
    if not isinstance(users, list):
        raise CounterpartError(what, 'expected a list of users, or {"value": [users]}')
    for at, user in enumerate(users):
        if not isinstance(user, dict) or not is_guid(str(user.get("id"))):
            raise CounterpartError(what, f"[{at}] is no user with an object id as its id")
        if not isinstance(user.get("accountEnabled"), bool | None):
            raise CounterpartError(what, f"[{at}].accountEnabled is neither true nor false")
    return users


def users_frame(users: Iterable[Json], attributes: Iterable[str]) -> pd.DataFrame:
    """One row per user, with the same columns as of those that Graph is asked for."""
    columns = Columns(attributes)
    columns.add([*users])
    return people_frame(columns.table(), PRESENT)
