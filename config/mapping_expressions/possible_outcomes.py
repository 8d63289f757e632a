"""What an expression may come to, as far as that can be said without users."""

from collections.abc import Iterable, Mapping

from config.mapping_expressions.syntax_tree import (
    AttributeExpression,
    Comparison,
    Constant,
    Expression,
    FunctionCall,
    Number,
    attributes,
)

Outcomes = frozenset[Expression | None]
"""What an expression may come to; None is no value. Whatever is not known stands for itself."""

TRUE, FALSE = Constant("True"), Constant("False")


def outcomes(expression: Expression, known: Mapping[str, str]) -> Outcomes:
    """Everything that an expression may come to when the values of some attributes are known.

    Another attribute stands for whatever it says, and a function that is not looked into for
    whatever it gives.
    """
    match expression:
        case AttributeExpression(name) if name in known:
            return frozenset({Constant(known[name])})
        case Number():
            return frozenset({Constant(expression.decimal)})
        case FunctionCall("Switch"):
            return _switch(expression, known)
        case FunctionCall("IIF"):
            return _iif(expression, known)
        case FunctionCall("Not"):
            return _union(_inverse(one) for one in _argument(expression, 0, known))
    return frozenset({expression})


def _argument(call: FunctionCall, at: int, known: Mapping[str, str]) -> Outcomes:
    argument = call.argument(at)
    return frozenset({None}) if argument is None else outcomes(argument, known)


def _union(several: Iterable[Outcomes]) -> Outcomes:
    return frozenset().union(*several)


def _inverse(outcome: Expression | None) -> Outcomes:
    if outcome is None or isinstance(outcome, Constant):
        return frozenset({FALSE if outcome == TRUE else TRUE})
    return frozenset({TRUE, FALSE})


def _iif(call: FunctionCall, known: Mapping[str, str]) -> Outcomes:
    return _union(_argument(call, 1 if holds else 2, known) for holds in _holds(call, known))


def _holds(call: FunctionCall, known: Mapping[str, str]) -> set[bool]:
    """Whether the condition of an IIF may be true, and may be false."""
    condition = call.argument(0)
    if condition is None or any(not known.get(name) for name in attributes(condition)):
        return {True, False}
    if isinstance(condition, Comparison):
        sides = (condition.left, condition.right)
        if condition.operator not in ("=", "<>") or any(isinstance(one, Number) for one in sides):
            return {True, False}
        left, right = (outcomes(one, known) for one in sides)
        wants = condition.operator == "="
        return {same == wants for same in _may_be_same(left, right)}
    found = outcomes(condition, known)
    return {one == TRUE for one in found} if all(map(_is_known, found)) else {True, False}


def _may_be_same(left: Outcomes, right: Outcomes) -> set[bool]:
    pairs = [(one, other) for one in left for other in right]
    if all(_is_known(one) and _is_known(other) for one, other in pairs):
        return {one == other for one, other in pairs}
    return {True, False}


def _is_known(outcome: Expression | None) -> bool:
    return outcome is None or isinstance(outcome, Constant)


def _switch(call: FunctionCall, known: Mapping[str, str]) -> Outcomes:
    cases = [
        (_argument(call, at, known), _argument(call, at + 1, known))
        for at in range(2, len(call.arguments), 2)
    ]
    # An empty source matches the key "".
    sources = {outcome or Constant("") for outcome in _argument(call, 0, known)}
    otherwise = _argument(call, 1, known)
    return _union(_switched(source, cases, otherwise) for source in sources)


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
