"""The attribute mapping, evaluated on columns: what each account should say.

Semantics of Switch and of null are Entra's ("Reference for writing expressions for attribute
mappings"): keys compare case-sensitively as text, an empty source matches the key "", and a null
result does not flow: the account keeps what it has.
"""

import pandas as pd

from config.expression import Attribute, Constant, Expression
from config.mapping import AttributeMapping

Text = pd.Series  # of frames.TEXT


def evaluate(
    mapping: AttributeMapping, people: pd.DataFrame, is_soft_deleted: pd.Series
) -> pd.DataFrame:
    """One column per SCIM path, in the mapping's order, on the index of `people`.

    `is_soft_deleted` is Entra's computed attribute: deleted, disabled, or out of scope.
    """
    columns = {name: people[name] for name in people.columns}
    columns["objectId"] = people["id"]
    columns["IsSoftDeleted"] = is_soft_deleted.map({True: "True", False: "False"})
    return pd.DataFrame(
        {
            target: _value(expression, columns, people.index).astype("string[pyarrow]")
            for target, expression in mapping.rows
        },
        index=people.index,
    )


def _value(expression: Expression, columns: dict[str, pd.Series], index: pd.Index) -> pd.Series:
    if isinstance(expression, Attribute):
        return columns[expression.name]
    if isinstance(expression, Constant):
        return pd.Series(expression.text, index=index)
    source = _value(expression.source, columns, index).fillna("")
    result = (
        pd.Series(pd.NA, index=index, dtype="string[pyarrow]")
        if expression.default is None
        else _value(expression.default, columns, index)
    )
    # The first key that matches wins, so the last one is laid down first.
    for key, value in reversed(expression.cases):
        matches = source == _value(key, columns, index)
        result = result.mask(matches, _value(value, columns, index))
    return result
