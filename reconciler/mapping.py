"""The attribute mapping, evaluated on columns: what each account should say.

Semantics of Switch and of null are Entra's ("Reference for writing expressions for attribute
mappings"): keys compare case-sensitively as text, an empty source matches the key "", and a null
result does not flow: the account keeps what it has.
"""

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from config.expression import Attribute, Constant, Expression
from config.mapping import AttributeMapping
from reconciler.model.frames import TEXT


def evaluate(
    mapping: AttributeMapping, people: pd.DataFrame, is_soft_deleted: pd.Series
) -> pd.DataFrame:
    """One column per SCIM path, in the mapping's order, on the index of `people`.

    `is_soft_deleted` is Entra's computed attribute: deleted, disabled, or out of scope.
    """
    columns = {name: people[name] for name in people.columns}
    columns["objectId"] = people["id"]
    flags = pc.if_else(pa.array(is_soft_deleted), "True", "False").cast(pa.large_string())
    columns["IsSoftDeleted"] = pd.Series(pd.array(flags, dtype=TEXT), index=people.index)
    return pd.DataFrame(
        {
            target: pd.Series(_value(expression, columns), index=people.index, dtype=TEXT)
            for target, expression in mapping.rows
        }
    )


def _value(expression: Expression, columns: dict[str, pd.Series]) -> Any:
    """A column of text, or one text for everybody, or NA."""
    if isinstance(expression, Attribute):
        return columns[expression.name]
    if isinstance(expression, Constant):
        return expression.text
    source = _value(expression.source, columns)
    index = columns["objectId"].index
    source = pd.Series(source, index=index, dtype=TEXT).fillna("")
    default = pd.NA if expression.default is None else _value(expression.default, columns)
    result = pd.Series(default, index=index, dtype=TEXT)
    # The first key that matches wins, so the last one is laid down first.
    for key, value in reversed(expression.cases):
        matches = (source == _value(key, columns)).fillna(False)
        result = result.mask(matches, _value(value, columns))
    return result
