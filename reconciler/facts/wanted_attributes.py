"""The attribute mapping, evaluated on columns: what each account should say.

Semantics of Switch and of null are Entra's ("Reference for writing expressions for attribute
mappings"): keys compare case-sensitively as text, an empty source matches the key "", and a null
result does not flow: the account keeps what it has.
"""

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from config.attribute_mapping import AttributeMapping
from config.expression_syntax import AttributeExpression, Constant, Expression
from config.graph_user import IS_SOFT_DELETED, graph_property
from reconciler.columns.frames import Flags, Texts, text

_TEXT = pa.large_string()


def evaluate(mapping: AttributeMapping, people: pd.DataFrame, is_soft_deleted: Flags) -> Texts:
    """One column per SCIM path, in the mapping's order, row by row with `people`.

    `is_soft_deleted` is Entra's computed attribute: deleted, disabled, or out of scope.
    """

    def column(name: str) -> Any:
        if name == IS_SOFT_DELETED:
            return _spelled(pa.array(is_soft_deleted))
        values = pa.array(people[graph_property(name)].array)
        if name == "userPrincipalName":
            return _name_at_home(values)
        return _spelled(values) if pa.types.is_boolean(values.type) else values

    def value(expression: Expression) -> Any:
        """A column, or one value for everybody."""
        if isinstance(expression, AttributeExpression):
            return column(expression.name)
        if isinstance(expression, Constant):
            return pa.scalar(expression.text, _TEXT)
        source = pc.fill_null(value(expression.source), "")
        default = expression.default
        result = pa.scalar(None, _TEXT) if default is None else value(default)
        # The first key that matches wins, so the last one is laid down first.
        for key, then in reversed(expression.cases):
            matches = pc.fill_null(pc.equal(source, value(key)), False)
            result = pc.if_else(matches, value(then), result)
        return result

    return {target: text(value(row.expression), len(people)) for target, row in mapping.rows}


def with_defaults(mapping: AttributeMapping, desired: Texts, created: Flags) -> Texts:
    """The desired attributes; users whose account is `created` get defaults for what is absent."""
    defaults = {
        target: row.default_if_null
        for target, row in mapping.rows
        if row.default_if_null is not None
    }
    return {
        target: values.mask(values.isna() & created, defaults[target])
        if target in defaults
        else values
        for target, values in desired.items()
    }


def _name_at_home(names: pa.Array) -> pa.Array:
    """Guests' names without what Entra adds to them: of ``alias_theirdomain#EXT#@yourdomain`` it
    sends alias@theirdomain ("How provisioning works", B2B users).
    """
    if not pc.any(pc.match_substring(names, "#EXT#", ignore_case=True)).as_py():
        return names
    return pc.replace_substring_regex(names, r"(?i)^(.+)_([^_]+)#EXT#@.*$", r"\1@\2")


def _spelled(flags: pa.Array) -> pa.Array:
    """Flags as text, since Entra's expressions compare text with text."""
    return pc.if_else(flags, pa.scalar("True", _TEXT), pa.scalar("False", _TEXT))
