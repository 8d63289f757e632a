"""Numbers in expressions, which are text with digits."""

import re
from fractions import Fraction

from reconciler.mapping_expressions.column import Column, ExpressionError, each, single

_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)


def is_number(text: str) -> bool:
    """Digits, with a decimal point among them at most."""
    return bool(_NUMBER.fullmatch(text))


def number(text: str) -> Fraction:
    """The number that a text is.

    Raises:
        ExpressionError: it is none.
    """
    if not is_number(text):
        raise ExpressionError(f'"{text}" is no number; DateDiff gives one for dates')
    return Fraction(text)


def whole(text: str | None, what: str) -> int:
    """A whole number, `what` of a function.

    Raises:
        ExpressionError: the text is none.
    """
    if text is None or not is_number(text) or "." in text:
        said = "nothing" if text is None else f'"{text}"'
        raise ExpressionError(f"{what} has to be a whole number, and is {said}")
    return int(text)


def bit_and(value1: Column, value2: Column) -> Column:
    """The bits that are in both."""

    def both(one: str | None, other: str | None) -> str | None:
        if one is None or other is None:
            return None
        return str(whole(one, "value1 of BitAnd") & whole(other, "value2 of BitAnd"))

    return each(both, single(value1), single(value2))
