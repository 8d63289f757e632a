"""Entra's attribute-mapping expressions as trees; ``str`` gives the text that means one."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class AttributeExpression:
    """A directory attribute, such as ``[userPrincipalName]``."""

    name: str

    def __str__(self) -> str:
        return f"[{self.name}]"


@dataclass(frozen=True)
class Constant:
    """A string."""

    text: str

    def __str__(self) -> str:
        escaped = self.text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'


@dataclass(frozen=True)
class Number:
    """A number as it is written, such as ``-10`` or ``&HF7``."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def decimal(self) -> str:
        """Written with decimal digits."""
        return str(int(self.text[2:], 16)) if self.text.startswith("&H") else self.text


@dataclass(frozen=True)
class Keyword:
    """A bare word with a meaning of its own, such as ``vbTextCompare``."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Comparison:
    """The condition that `left` is less than, equal to, … `right`."""

    left: "Expression"
    operator: str
    right: "Expression"

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True)
class FunctionCall:
    """A function of as many arguments as are written; None is one that is left blank."""

    name: str
    arguments: tuple["Expression | None", ...] = ()

    def __str__(self) -> str:
        told = ("" if argument is None else str(argument) for argument in self.arguments)
        return f"{self.name}({', '.join(told)})"

    def argument(self, at: int) -> "Expression | None":
        """The argument at this place, None if it is blank or not written."""
        return self.arguments[at] if at < len(self.arguments) else None


Expression = AttributeExpression | Constant | Number | Keyword | Comparison | FunctionCall

IGNORE_ATTRIBUTE_FLOW = Keyword("IgnoreAttributeFlow")
"""Nothing is sent for the attribute: it stays what it is."""


def parts(expression: Expression) -> Iterator[Expression]:
    """The expression, and all that it is made of."""
    yield expression
    match expression:
        case Comparison(left, _, right):
            inner: tuple[Expression | None, ...] = (left, right)
        case FunctionCall():
            inner = expression.arguments
        case _:
            inner = ()
    for part in inner:
        if part is not None:
            yield from parts(part)


def attributes(expression: Expression) -> Iterator[str]:
    """The names of the attributes that an expression reads."""
    return (part.name for part in parts(expression) if isinstance(part, AttributeExpression))


def calls(expression: Expression) -> Iterator[FunctionCall]:
    """The functions that an expression calls."""
    return (part for part in parts(expression) if isinstance(part, FunctionCall))
