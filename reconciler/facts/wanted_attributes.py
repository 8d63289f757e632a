"""The attribute mapping, evaluated on columns: what each account should say.

A null result does not flow, as in Entra: the account keeps what it has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from config.attribute_mapping import AttributeMapping
from config.graph_user import IS_SOFT_DELETED, MULTI_VALUED, graph_property
from reconciler.columns.frames import Flags, Texts, text
from reconciler.mapping_expressions.column import NOTHING, SEVERAL, Column, Value, each, single
from reconciler.mapping_expressions.evaluate import Users, evaluate


@dataclass(frozen=True)
class WantedAttributes:
    """One column per SCIM path, in the mapping's order, row by row with the users."""

    texts: Texts
    """What accounts should have, absent where there is no value."""

    withheld: Texts
    """Why nothing may be sent, and nothing removed; of paths where that is so for somebody."""

    def allowed(self, changes: dict[str, Flags]) -> dict[str, Flags]:
        """The changes of each path, without those of users for whom it is withheld."""
        return {
            path: flags & self.withheld[path].isna().to_numpy() if path in self.withheld else flags
            for path, flags in changes.items()
        }


def wanted_attributes(
    mapping: AttributeMapping, people: pd.DataFrame, is_soft_deleted: Flags, now: datetime
) -> WantedAttributes:
    """Of users (rows of `frames.PEOPLE`). `is_soft_deleted` is Entra's computed attribute: deleted,
    disabled, or out of scope.
    """
    users, size = Users(_attributes(people, pa.array(is_soft_deleted)), now), len(people)
    columns = {target: single(evaluate(row.expression, users)) for target, row in mapping.rows}
    return WantedAttributes(
        {target: text(column.sent, size) for target, column in columns.items()},
        {
            target: text(column.withheld, size)
            for target, column in columns.items()
            if column.withheld is not NOTHING
        },
    )


def user_names(mapping: AttributeMapping, people: pd.DataFrame) -> "pd.Series[Any]":
    """What `userName` should be for each user, who is taken to be in scope."""
    users = Users(_attributes(people, pa.array([False] * len(people), pa.bool_())))
    column = single(evaluate(dict(mapping.rows)["userName"].expression, users))
    return text(column.sent, len(people))


def with_defaults(mapping: AttributeMapping, wanted: WantedAttributes, created: Flags) -> Texts:
    """The wanted attributes; users whose account is `created` get defaults for what is absent."""
    absent = wanted.allowed(
        {target: values.isna().to_numpy() & created for target, values in wanted.texts.items()}
    )
    defaults = {
        target: row.default_if_null
        for target, row in mapping.rows
        if row.default_if_null is not None
    }
    return {
        target: values.mask(absent[target], defaults[target]) if target in defaults else values
        for target, values in wanted.texts.items()
    }


def _attributes(people: pd.DataFrame, is_soft_deleted: pa.Array) -> Callable[[str], pa.Array]:
    def attribute(name: str) -> pa.Array:
        if name == IS_SOFT_DELETED:
            return is_soft_deleted
        values = pa.array(people[graph_property(name)].array)
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if graph_property(name) in MULTI_VALUED:
            return _lists(values)
        return _name_at_home(values) if name == "userPrincipalName" else values

    return attribute


def _lists(values: pa.Array) -> pa.Array:
    def told(text: Value) -> Value:
        return None if text is None else _list(str(text))

    return each(told, Column(values), result=SEVERAL).values


def _list(told: str) -> list[str]:
    """What is no JSON array is one value: a directory's file may have it without brackets."""
    try:
        values = orjson.loads(told)
    except orjson.JSONDecodeError:
        values = told
    return [str(value) for value in values] if isinstance(values, list) else [told]


def _name_at_home(names: pa.Array) -> pa.Array:
    """Guests' names without what Entra adds to them: of ``alias_theirdomain#EXT#@yourdomain`` it
    sends alias@theirdomain ("How provisioning works", B2B users).
    """
    if not pc.any(pc.match_substring(names, "#EXT#", ignore_case=True)).as_py():
        return names
    return pc.replace_substring_regex(names, r"(?i)^(.+)_([^_]+)#EXT#@.*$", r"\1@\2")
