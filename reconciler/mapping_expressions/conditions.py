"""Functions that choose among values, or ask about them: Switch, IIF, Coalesce, IsNull, …"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reconciler.mapping_expressions.column import (
    IGNORED,
    NOTHING,
    TEXT,
    Column,
    choose,
    each,
    flags,
    is_blank,
    single,
    withheld_by,
)
from reconciler.mapping_expressions.numbers import is_number, number


def switch(source: Column, default: Column, *cases: Column) -> Column:
    """The value of the first key that equals the source as text; an empty source is "".

    Always on the whole user. (Entra's gives nothing where another attribute has changed, and the
    source has not: "Reference for writing expressions", the second caution of Switch.)
    """
    source, keys = single(source), [single(key) for key in cases[::2]]
    text = pc.fill_null(source.values, "")
    result = default
    # The first key that matches wins, so the last one is laid down first.
    for key, then in reversed(list(zip(keys, cases[1::2], strict=True))):
        result = choose(_holds(pc.equal(text, key.values)), then, result)
    return Column(result.values, withheld_by([source, *keys, result]))


def iif(condition: Column, is_complete: Any, then: Column, otherwise: Column) -> Column:
    """One of two values. The condition fails where an attribute in it is absent or empty, that is,
    where it is not `is_complete` (the known limitations of IIF), so that `otherwise` is the value.
    """
    condition = single(condition)
    holds = pc.and_(_holds(pc.equal(condition.values, "True")), is_complete)
    chosen = choose(holds, then, otherwise)
    return Column(chosen.values, withheld_by([condition, chosen]))


def by_text(left: Column, operator: str, right: Column) -> Column:
    """Whether texts are equal, in the same case, too; absent where one of the two is."""
    if operator not in ("=", "<>"):
        return by_number(left, operator, right)
    left, right = single(left), single(right)
    same = pc.equal(left.values, right.values)
    return Column(flags(same if operator == "=" else pc.invert(same)), withheld_by([left, right]))


def by_number(left: Column, operator: str, right: Column) -> Column:
    """As numbers; absent where one of the two is. A text can be unequal to a number."""
    ordered = _ORDERED[operator]

    def compared(one: str | None, other: str | None) -> str | None:
        if one is None or other is None:
            return None
        if operator in ("=", "<>") and not (is_number(one) and is_number(other)):
            return str(ordered(one, other))
        return str(ordered(number(one), number(other)))

    return each(compared, single(left), single(right))


_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "=": lambda one, other: one == other,
        "<>": lambda one, other: one != other,
        ">": lambda one, other: one > other,
        ">=": lambda one, other: one >= other,
        "<": lambda one, other: one < other,
        "<=": lambda one, other: one <= other,
    }
)


def coalesce(*sources: Column) -> Column:
    """The first value that is not absent; "" is one."""
    result = sources[-1]
    for source in reversed(sources[:-1]):
        settled = pc.or_(pc.is_valid(source.values), pc.is_valid(source.withheld))
        result = choose(settled, source, result)
    return result


def ignore_flow_if_null_or_empty(expression: Column) -> Column:
    """The value; where there is none the attribute is not sent."""
    ignored = pc.if_else(is_blank(expression), pa.scalar(IGNORED, TEXT), NOTHING)
    return Column(expression.values, pc.coalesce(expression.withheld, ignored))


def cbool(expression: Column) -> Column:
    """True for "True", and for a number that is not 0."""

    def flag(text: str | None) -> str:
        if text is not None and is_number(text):
            return str(number(text) != 0)
        return str(text == "True")

    return each(flag, single(expression))


def inverse(source: Column) -> Column:
    """False for "True", and True for everything else, nothing included."""
    return each(lambda flag: str(flag != "True"), single(source))


def is_null(expression: Column) -> Column:
    """An attribute that is absent is null."""
    return Column(flags(pc.is_null(expression.values)), expression.withheld)


def is_null_or_empty(expression: Column) -> Column:
    """Absent, an empty text, or a list of nothing."""
    return Column(flags(is_blank(expression)), expression.withheld)


def is_present(expression: Column) -> Column:
    """The inverse of IsNullOrEmpty."""
    return Column(flags(pc.invert(is_blank(expression))), expression.withheld)


def is_string(expression: Column) -> Column:
    """Whether there is one text, and neither nothing nor a list."""
    valid = pc.is_valid(expression.values)
    return Column(
        flags(pc.and_(valid, False) if expression.is_list else valid), expression.withheld
    )


def _holds(mask: Any) -> Any:
    return pc.fill_null(mask, False)
