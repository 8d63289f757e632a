"""Who is in scope: the scoping filters of the configuration and of its sets, on columns.

Semantics are those of Entra's page "Scoping users or groups to be provisioned with scoping
filters"; what it does not say is in `config.scoping_filter`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from config.graph_user import graph_property
from config.mapping_expressions.dotnet_regex import DotNetRegex
from config.scoping_filter import Clause, ScopingFilter
from config.settings import Settings
from config.subscription_set import SubscriptionSet
from reconciler.columns.frames import TEXT, Flags, Positions, column
from reconciler.columns.table_joins import locate, take
from reconciler.model.snapshot import Directory
from reconciler.model.unsendable_text import with_blanks_absent

Filters = Sequence[ScopingFilter]


def in_scope(
    everywhere: Filters,
    sets: Sequence[SubscriptionSet],
    users: pd.DataFrame,
    who: Positions,
    which: Positions,
) -> Flags:
    """Which memberships pass the filters: pairs of positions of a user and of a set.

    `everywhere` are the filters for all sets. A user or set that is `NOWHERE` passes.
    """
    passing = take(passes(everywhere, users), who, True)
    for at, item in enumerate(sets):
        if item.scoping_filters:
            inside = which == at
            passing[inside] &= take(passes(item.scoping_filters, users), who[inside], True)
    return passing


def memberships_in_scope(settings: Settings, directory: Directory) -> Flags:
    """Likewise, row by row with the members of the directory, before anything is joined."""
    members, sets = directory.members, settings.subscription_sets
    if not settings.clauses:
        return np.ones(len(members), dtype=bool)
    people = with_blanks_absent(directory.people)
    names = column((item.name for item in sets), TEXT)
    who, which = locate(members["id"], people["id"]), locate(members["set"], names)
    return in_scope(settings.scoping_filters, sets, people, who, which)


def passes(filters: Filters, users: pd.DataFrame) -> Flags:
    """Who passes one of the filters; everybody where there is none."""
    if not filters:
        return np.ones(len(users), dtype=bool)
    passing = np.zeros(len(users), dtype=bool)
    for one in filters:
        passing |= np.logical_and.reduce([_holds(clause, users) for clause in one.clauses])
    return passing


def unmet_clauses(filters: Filters, users: pd.DataFrame) -> list[str]:
    """Per user who passes none of the filters the first clause of each that does not hold."""
    unmet = [_first_unmet(one, users) for one in filters]
    return ["; ".join(of_user) for of_user in zip(*unmet, strict=True)]


def _first_unmet(one: ScopingFilter, users: pd.DataFrame) -> Iterator[str]:
    title = f'"{one.name}": ' if one.name else ""
    holds = np.array([_holds(clause, users) for clause in one.clauses])
    return (f"{title}{one.clauses[at]}" for at in holds.argmin(axis=0).tolist())


def _holds(clause: Clause, users: pd.DataFrame) -> Flags:
    values = _values(clause.attribute, users)
    if clause.operator == "IS NULL":
        found = pc.is_null(values)
    elif clause.operator == "IS NOT NULL":
        found = pc.is_valid(values)
    else:
        found = pc.fill_null(_compared(clause, values), False)
    flags: Flags = found.to_numpy(zero_copy_only=False)
    return flags


def _compared(clause: Clause, values: Any) -> Any:
    """Absent where the attribute is."""
    value = clause.value
    match clause.operator:
        case "EQUALS":
            return pc.equal(values, value)
        case "NOT EQUALS":
            return pc.not_equal(values, value)
        case "IS TRUE":
            return pc.equal(pc.utf8_lower(values), "true")
        case "IS FALSE":
            return pc.equal(pc.utf8_lower(values), "false")
        case "INCLUDES":
            return pc.match_substring(values, value)
        case "ENDS_WITH":
            return pc.ends_with(values, value)
        case "REGEX MATCH":
            return _matches_whole(values, value)
        case "NOT REGEX MATCH":
            return pc.invert(_matches_whole(values, value))
        case "GREATER_THAN":
            return pc.greater(_numbers(values), value)
        case _:
            return pc.greater_equal(_numbers(values), value)


def _values(attribute: str, users: pd.DataFrame) -> Any:
    """As text; flags are spelled as Entra does."""
    values = pa.array(users[graph_property(attribute)].array)
    return pc.if_else(values, "True", "False") if pa.types.is_boolean(values.type) else values


def _matches_whole(values: Any, pattern: Any) -> Any:
    """By RE2, which takes time in proportion to the text and never backtracks."""
    return pc.match_substring_regex(values, f"^(?:{DotNetRegex.parse(pattern).re2})$")


def _numbers(values: Any) -> Any:
    """Whole numbers; absent where there is none, or one that is too long to be one."""
    whole = pc.match_substring_regex(values, "^[0-9]{1,18}$")
    return pc.cast(pc.if_else(whole, values, None), pa.int64())
