"""The values that an expression has for each user: one column, or one value for everybody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.large_string()
SEVERAL = pa.large_list(TEXT)

Value = str | list[str] | None
"""Of one user. Numbers, dates and flags are text ("7", "3/16/2020 7:00:00 AM", "True"), as where
Entra compares them; a multi-valued attribute is a list."""

NOTHING = pa.scalar(None, TEXT)

IGNORED = "the expression says that the attribute is not to be sent (IgnoreAttributeFlow)"


class ExpressionError(Exception):
    """A function has no result for a value, and why: for administrators."""


@dataclass(frozen=True)
class Column:
    """Arrow arrays with a cell per user, or scalars for all of them."""

    values: Any
    """Of `TEXT` or `SEVERAL`; absent where there is no value."""

    withheld: Any = NOTHING
    """Why nothing may be sent: `IGNORED`, or what went wrong; absent where the value may be."""

    @property
    def sent(self) -> Any:
        """The values that are not withheld; the others are absent."""
        if self.withheld is NOTHING:
            return self.values
        return pc.if_else(pc.is_null(self.withheld), self.values, pa.scalar(None, self.values.type))

    @property
    def is_list(self) -> bool:
        """Whether the values are lists."""
        return bool(pa.types.is_nested(self.values.type))


def constant(value: str | None) -> Column:
    """One value for everybody."""
    return Column(pa.scalar(value, TEXT))


BLANK = constant(None)
"""An argument that is not written."""


def flags(mask: Any) -> Any:
    """As Entra spells them: "True" and "False"; a flag that is not known is absent."""
    return pc.if_else(mask, pa.scalar("True", TEXT), pa.scalar("False", TEXT))


def withheld_by(columns: Iterable[Column]) -> Any:
    """Where a value that is needed for another is withheld, that is, too."""
    reasons = [column.withheld for column in columns if column.withheld is not NOTHING]
    if not reasons:
        return NOTHING
    return pc.coalesce(*reasons) if len(reasons) > 1 else reasons[0]


def choose(condition: Any, then: Column, otherwise: Column) -> Column:
    """Per user the one or the other; of the one that is not chosen nothing is withheld."""
    if then.is_list != otherwise.is_list:
        then, otherwise = as_list(then), as_list(otherwise)
    values = pc.if_else(condition, then.values, otherwise.values)
    if then.withheld is otherwise.withheld is NOTHING:
        return Column(values)
    return Column(values, pc.if_else(condition, then.withheld, otherwise.withheld))


def as_list(column: Column) -> Column:
    """The column with lists of one value in place of texts."""
    if column.is_list:
        return column
    return each(lambda value: None if value is None else [value], column, result=SEVERAL)


def each(function: Callable[..., Value], *columns: Column, result: pa.DataType = TEXT) -> Column:
    """A function of one user's values, for every user.

    Where it raises ExpressionError, the user has no value, and that is withheld because of it.
    """
    arrays = [column.values for column in columns if isinstance(column.values, pa.Array)]
    if len(arrays) == 1 and not pa.types.is_nested(arrays[0].type):
        coded = arrays[0].dictionary_encode(null_encoding="encode")
        told = [coded.dictionary if one.values is arrays[0] else one.values for one in columns]
        values, failed = _evaluated(function, told, len(coded.dictionary), result)
        values, failed = values.take(coded.indices), failed.take(coded.indices)
    else:
        size = len(arrays[0]) if arrays else 1
        values, failed = _evaluated(function, [one.values for one in columns], size, result)
    if not arrays:
        values, failed = values[0], failed[0]
    reasons = [reason for reason in (withheld_by(columns), failed) if _says_something(reason)]
    return Column(values, pc.coalesce(*reasons) if reasons else NOTHING)


def _evaluated(
    function: Callable[..., Value], arguments: list[Any], size: int, result: pa.DataType
) -> tuple[pa.Array, pa.Array]:
    """The values, and why there is none."""
    values: list[Value] = []
    failed: list[str | None] = []
    rows = (
        one.to_pylist() if isinstance(one, pa.Array) else [one.as_py()] * size for one in arguments
    )
    for row in zip(*rows, strict=True):
        try:
            values.append(function(*row))
            failed.append(None)
        except ExpressionError as error:
            values.append(None)
            failed.append(str(error))
    return pa.array(values, result), pa.array(failed, TEXT)


def _says_something(reason: Any) -> bool:
    if isinstance(reason, pa.Scalar):
        return bool(reason.is_valid)
    return bool(reason.null_count < len(reason))


def single(column: Column) -> Column:
    """The column, where several values cannot be used; a list of one value is this value."""
    return each(_single, column) if column.is_list else column


def _single(values: Value) -> str | None:
    if not isinstance(values, list):
        return values
    if len(values) > 1:
        raise ExpressionError(
            f"there are {len(values)} values where one is needed; Item takes one, Join all of them"
        )
    return values[0] if values else None


def is_blank(column: Column) -> Any:
    """Where there is no value, or an empty one (a mask)."""
    sizes = pc.list_value_length if column.is_list else pc.binary_length
    return pc.equal(pc.fill_null(sizes(column.values), 0), 0)
