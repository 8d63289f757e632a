"""Evaluates a mapping expression for all users at once.

Each function is one step on columns, whatever the number of users; an expression is parsed once,
when the configuration is read. Nothing raises because of what a directory says: where a function
has no result for a user's values, the user has no value, and the column says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from config.mapping_expressions.syntax_tree import (
    IGNORE_ATTRIBUTE_FLOW,
    AttributeExpression,
    Comparison,
    Constant,
    Expression,
    FunctionCall,
    Keyword,
    Number,
    attributes,
)
from reconciler.mapping_expressions import conditions, dates, lists, numbers, texts
from reconciler.mapping_expressions.column import (
    BLANK,
    IGNORED,
    NOTHING,
    SEVERAL,
    TEXT,
    Column,
    constant,
    flags,
    is_blank,
)
from reconciler.mapping_expressions.diacritics import normalize_diacritics
from reconciler.mapping_expressions.replace import replace


@dataclass(frozen=True)
class Users:
    """What expressions read: of users in rows, and the time."""

    attribute: Callable[[str], pa.Array]
    """The values of an attribute, row by row: text, flags, or lists of text."""

    now: datetime | None = None
    """What Now() says: the time that the plan is made for."""


def evaluate(expression: Expression, users: Users) -> Column:
    """The values of an expression, and where they are withheld."""
    match expression:
        case AttributeExpression(name):
            return _attribute(users.attribute(name))
        case Constant(text):
            return constant(text)
        case Number():
            return constant(expression.decimal)
        case Keyword():
            if expression == IGNORE_ATTRIBUTE_FLOW:
                return Column(NOTHING, pa.scalar(IGNORED, TEXT))
            return constant(expression.name)
        case Comparison(left, operator, right):
            by_number = isinstance(left, Number) or isinstance(right, Number)
            compared = conditions.by_number if by_number else conditions.by_text
            return compared(evaluate(left, users), operator, evaluate(right, users))
    return _call(expression, users)


def _call(call: FunctionCall, users: Users) -> Column:
    arguments = [
        BLANK if argument is None else evaluate(argument, users) for argument in call.arguments
    ]
    if call.name == "Now":
        return dates.now(users.now)
    if call.name == "IIF":
        condition, then, otherwise = arguments
        return conditions.iif(condition, _is_complete(call.arguments[0], users), then, otherwise)
    return FUNCTIONS[call.name](*arguments)


def _is_complete(condition: Expression | None, users: Users) -> Any:
    """Where every attribute in a condition says something."""
    read = () if condition is None else sorted(set(attributes(condition)))
    blank = (is_blank(_attribute(users.attribute(name))) for name in read)
    return pc.invert(reduce(pc.or_, blank, pa.scalar(False)))


def _attribute(values: pa.Array) -> Column:
    if pa.types.is_boolean(values.type):
        return Column(flags(values))
    return Column(values.cast(SEVERAL if pa.types.is_nested(values.type) else TEXT))


FUNCTIONS: Mapping[str, Callable[..., Column]] = MappingProxyType(
    {
        "Append": texts.append,
        "BitAnd": numbers.bit_and,
        "CBool": conditions.cbool,
        "CDate": dates.cdate,
        "Coalesce": conditions.coalesce,
        "ConvertToBase64": texts.convert_to_base64,
        "ConvertToUTF8Hex": texts.convert_to_utf8_hex,
        "Count": lists.count,
        "CStr": texts.cstr,
        "DateAdd": dates.date_add,
        "DateDiff": dates.date_diff,
        "DateFromNum": dates.date_from_num,
        "FormatDateTime": dates.format_date_time,
        "IgnoreFlowIfNullOrEmpty": conditions.ignore_flow_if_null_or_empty,
        "InStr": texts.in_str,
        "IsNull": conditions.is_null,
        "IsNullOrEmpty": conditions.is_null_or_empty,
        "IsPresent": conditions.is_present,
        "IsString": conditions.is_string,
        "Item": lists.item,
        "Join": texts.join,
        "Left": texts.left,
        "Mid": texts.mid,
        "NormalizeDiacritics": normalize_diacritics,
        "Not": conditions.inverse,
        "NumFromDate": dates.num_from_date,
        "PCase": texts.pcase,
        "RemoveDuplicates": lists.remove_duplicates,
        "Replace": replace,
        "Split": lists.split,
        "StripSpaces": texts.strip_spaces,
        "Switch": conditions.switch,
        "ToLower": texts.to_lower,
        "ToUpper": texts.to_upper,
        "Word": texts.word,
    }
)
