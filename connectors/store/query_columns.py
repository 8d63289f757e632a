"""Rows of a query as columns: the database puts each column together as one JSON array.

Of a million rows that takes a fifth of what rows of Python objects take.
"""

from typing import Any

import orjson
from sqlalchemy import Connection, Select, Text, cast, func, select

_ARRAY = {"sqlite": func.json_group_array, "postgresql": func.json_agg}


def columns_of(connection: Connection, query: Select[Any]) -> dict[str, list[Any]]:
    """Per column of the query its values; times are texts in ISO 8601, without their zone.

    The rows come in no order, and are the same in every column.
    """
    rows, array = query.subquery(), _ARRAY[connection.dialect.name]
    arrays = connection.execute(select(*(cast(array(column), Text) for column in rows.c))).one()
    return {
        name: orjson.loads(values or "[]")  # PostgreSQL has NULL for no rows
        for name, values in zip(rows.c.keys(), arrays, strict=True)
    }
