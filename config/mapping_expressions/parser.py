"""The syntax of Entra's attribute-mapping expressions: from a text to its tree.

"Reference for writing expressions for attribute mappings in Microsoft Entra": attributes stand in
brackets, strings in double quotes with backslash escapes, an omitted argument is a blank between
commas. A bare name is what Entra calls a direct mapping. Names and strings are case-sensitive.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from config.mapping_expressions.argument_checks import objection
from config.mapping_expressions.signatures import KEYWORDS, REFUSED
from config.mapping_expressions.syntax_tree import (
    IGNORE_ATTRIBUTE_FLOW,
    AttributeExpression,
    Comparison,
    Constant,
    Expression,
    FunctionCall,
    Keyword,
    Number,
)

if TYPE_CHECKING:
    from lark import Lark
    from lark.exceptions import UnexpectedInput

LONGEST = 10_000
"""Characters, as in Entra (its page "Known issues for provisioning")."""

DEEPEST_NESTING = 20

_GRAMMAR = r"""
    ?start: argument
    ?argument: value | value OPERATOR value -> comparison
    ?value: "[" NAME "]" -> attribute
          | STRING -> constant
          | NUMBER -> number
          | NAME -> word
          | NAME "(" [argument] ("," [argument])* ")" -> call
    NAME: /[A-Za-z][A-Za-z0-9_]*/
    STRING: /"([^"\\]|\\.)*"/s
    NUMBER: /&H[0-9A-Fa-f]+|-?[0-9]+(\.[0-9]+)?/
    OPERATOR: "=" | "<>" | ">=" | "<=" | ">" | "<"
    %import common.WS
    %ignore WS
"""

_CONDITIONS = frozenset({("IIF", 0), ("CBool", 0)})
"""Functions, and the place of the argument that may be a comparison."""


def parse(text: str) -> Expression:
    """The expression that a text means.

    Raises:
        ValueError: the text is no expression, or calls a function that is not known, or otherwise
            than its signature says; with the character where that is.
    """
    from lark.exceptions import UnexpectedInput

    if len(text) > LONGEST:
        raise ValueError(f"an expression has at most {LONGEST:,} characters")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise ValueError(_unexpected(text, error)) from None
    if tree.data == "word" and tree.children[0] != IGNORE_ATTRIBUTE_FLOW.name:
        return AttributeExpression(str(tree.children[0]))
    if tree.data == "comparison":
        operator: Any = tree.children[1]
        raise _wrong(operator, "a comparison is no value; it can be a condition of IIF")
    return _build(tree, DEEPEST_NESTING)


@cache
def _parser() -> "Lark":
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


# Tokens and trees are Any: lark does not know which child of a rule is which.


def _build(tree: Any, room: int) -> Expression:
    token = tree.children[0]
    match tree.data:
        case "attribute":
            return AttributeExpression(str(token))
        case "constant":
            return Constant(re.sub(r'\\([\\"])', r"\1", str(token)[1:-1]))
        case "number":
            return Number(str(token))
        case "word":
            return _word(token)
        case "comparison":
            left, operator, right = tree.children
            return Comparison(_build(left, room), str(operator), _build(right, room))
    return _call(token, tree.children[1:], room)


def _word(token: Any) -> Keyword:
    name = str(token)
    if name in KEYWORDS:
        return Keyword(name)
    if name in REFUSED:
        raise _wrong(token, f"{name} is not supported here: {REFUSED[name]}")
    raise _wrong(token, f'{name} is no value: write [{name}] for an attribute, "{name}" for a text')


def _call(name: Any, children: list[Any], room: int) -> FunctionCall:
    if not room:
        raise _wrong(name, f"more than {DEEPEST_NESTING} functions are nested")
    if children == [None]:
        children = []  # brackets with nothing between them
    for at, child in enumerate(children):
        if child is not None and child.data == "comparison" and (name, at) not in _CONDITIONS:
            raise _wrong(child.children[1], "only a condition of IIF or CBool can compare")
    arguments = (None if child is None else _build(child, room - 1) for child in children)
    call = FunctionCall(str(name), tuple(arguments))
    if why := objection(call):
        raise _wrong(name, why)
    return call


_TERMINALS = {
    "COMMA": ",",
    "LPAR": "(",
    "LSQB": "[",
    "OPERATOR": "=",
    "RPAR": ")",
    "RSQB": "]",
}


def _unexpected(text: str, error: "UnexpectedInput") -> str:
    from lark.exceptions import UnexpectedToken

    at = len(text) if error.pos_in_stream is None else error.pos_in_stream
    if isinstance(error, UnexpectedToken):
        expected = sorted(_TERMINALS[one] for one in error.accepts or () if one in _TERMINALS)
        at = len(text) if error.token.type == "$END" else at
    else:
        expected = []
    where = f"character {at + 1}: this is no expression"
    if text[at : at + 1] == '"' and not expected:
        return f"{where}; the text that begins here has no closing quotation mark"
    if text[at : at + 1] in tuple("'\u2018\u2019\u201c\u201d"):
        return f'{where}; a text stands in straight double quotation marks: "…"'
    if not expected:
        return where
    what = " or ".join(expected)
    return f"{where}; {what} would be expected {'here' if at < len(text) else 'at the end'}"


def _wrong(token: Any, why: str) -> ValueError:
    return ValueError(f"character {(token.start_pos or 0) + 1}: {why}")
