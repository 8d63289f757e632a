"""One mapping expression, evaluated for one user."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from config.mapping_expressions.parser import parse
from config.mapping_expressions.syntax_tree import Expression
from reconciler.mapping_expressions.column import SEVERAL, TEXT, Column, Value
from reconciler.mapping_expressions.evaluate import Users, evaluate

NOW = datetime(2021, 7, 2, 15, 33, 38, tzinfo=UTC)


def evaluated(expression: Expression, *users: dict[str, Value]) -> Column:
    """The column for users with these attributes; one that is not given is absent."""

    def attribute(name: str) -> pa.Array:
        values = [user.get(name) for user in users]
        several = any(isinstance(value, list) for value in values)
        return pa.array(values, SEVERAL if several else TEXT)

    return evaluate(expression, Users(attribute, NOW))


def value(expression: str, **attributes: Value) -> Any:
    """What an expression gives for a user; nothing may go wrong."""
    column = evaluated(parse(expression), attributes)
    assert _cell(column.withheld) is None
    return _cell(column.values)


def withheld(expression: str, **attributes: Value) -> Any:
    """Why nothing is sent of what an expression gives for a user."""
    return _cell(evaluated(parse(expression), attributes).withheld)


def _cell(values: Any) -> Any:
    return values.as_py() if isinstance(values, pa.Scalar) else values[0].as_py()
