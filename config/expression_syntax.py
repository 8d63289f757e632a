"""The syntax of Entra's attribute-mapping expressions, as far as they are known here.

"Reference for writing expressions for attribute mappings in Microsoft Entra": attributes stand in
brackets, strings in double quotes with backslash escapes, an omitted argument is a blank between
commas. A bare name is what Entra calls a direct mapping.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from config.suggest import unknown

if TYPE_CHECKING:
    from lark import Lark


@dataclass(frozen=True)
class AttributeExpression:
    """A directory attribute, such as ``[userPrincipalName]``."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A string."""

    text: str


@dataclass(frozen=True)
class SwitchExpression:
    """The value of the first case whose key equals the source; `default` None means no value."""

    source: "Expression"
    default: "Expression | None"
    cases: tuple[tuple["Expression", "Expression"], ...]


Expression = AttributeExpression | Constant | SwitchExpression

Outcomes = frozenset[Expression | None]
"""What an expression may come to; None is no value."""

FUNCTIONS = ("Switch",)

DEEPEST_NESTING = 20

_GRAMMAR = r"""
    ?start: NAME -> direct | argument
    ?argument: "[" NAME "]" -> attribute
             | STRING -> constant
             | NAME "(" [argument] ("," [argument])* ")" -> call
    NAME: /[A-Za-z][A-Za-z0-9_]*/
    STRING: /"([^"\\]|\\.)*"/
    %import common.WS
    %ignore WS
"""


def parse(text: str) -> Expression:
    """The expression that a text means.

    Raises:
        ValueError: the text is no expression, or names a function that is not known.
    """
    from lark.exceptions import UnexpectedInput

    if len(text) > 10_000:
        raise ValueError("an expression has at most 10,000 characters")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise ValueError(f"this is no expression; look at character {error.column}") from None
    return _build(tree, DEEPEST_NESTING)


def attributes(expression: Expression) -> Iterator[str]:
    """The names of the attributes that an expression reads."""
    if isinstance(expression, AttributeExpression):
        yield expression.name
    elif isinstance(expression, SwitchExpression):
        yield from attributes(expression.source)
        if expression.default is not None:
            yield from attributes(expression.default)
        for key, value in expression.cases:
            yield from attributes(key)
            yield from attributes(value)


def outcomes(expression: Expression, known: Mapping[str, str]) -> Outcomes:
    """Everything that an expression may come to when the values of some attributes are known.

    Another attribute stands for whatever it says.
    """
    if isinstance(expression, AttributeExpression) and expression.name in known:
        return frozenset({Constant(known[expression.name])})
    if not isinstance(expression, SwitchExpression):
        return frozenset({expression})
    # An empty source matches the key "".
    sources = {source or Constant("") for source in outcomes(expression.source, known)}
    default = expression.default
    otherwise = frozenset({None}) if default is None else outcomes(default, known)
    cases = [(outcomes(key, known), outcomes(then, known)) for key, then in expression.cases]
    return frozenset().union(*(_switched(source, cases, otherwise) for source in sources))


def _switched(
    source: Expression, cases: Iterable[tuple[Outcomes, Outcomes]], otherwise: Outcomes
) -> Outcomes:
    results: Outcomes = frozenset()
    for keys, then in cases:
        if keys == {source} and isinstance(source, Constant):
            return results | then
        if any(_may_equal(source, key) for key in keys):
            results |= then
    return results | otherwise


def _may_equal(source: Expression, key: Expression | None) -> bool:
    """A key without a value matches nothing."""
    if isinstance(source, Constant) and isinstance(key, Constant):
        return source == key
    return key is not None


@cache
def _parser() -> "Lark":
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


def _build(tree: Any, room: int) -> Expression:
    if tree.data in {"direct", "attribute"}:
        return AttributeExpression(str(tree.children[0]))
    if tree.data == "constant":
        return Constant(_unescaped(tree.children[0][1:-1]))
    name, *arguments = tree.children
    if name != "Switch":
        raise ValueError(unknown(f"{name}", FUNCTIONS))
    if not room:
        raise ValueError(f"more than {DEEPEST_NESTING} functions are nested")
    built = [None if argument is None else _build(argument, room - 1) for argument in arguments]
    return _switch(built)


def _switch(arguments: list[Expression | None]) -> SwitchExpression:
    if len(arguments) < 4 or len(arguments) % 2:
        raise ValueError(
            "Switch takes a source, a default (or a blank), and pairs of key and value"
        )
    source, default, *rest = arguments
    if source is None or None in rest:
        raise ValueError("only the default of Switch may be left blank")
    pairs = [argument for argument in rest if argument is not None]
    return SwitchExpression(source, default, tuple(zip(pairs[::2], pairs[1::2], strict=True)))


def _unescaped(text: str) -> str:
    return text.replace(r"\"", '"').replace(r"\\", "\\")
