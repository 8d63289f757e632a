"""Functions of multi-valued attributes: Split, Item, Count, RemoveDuplicates."""

from reconciler.mapping_expressions.column import (
    SEVERAL,
    Column,
    ExpressionError,
    Value,
    each,
    single,
)
from reconciler.mapping_expressions.numbers import whole


def split(source: Column, delimiter: Column) -> Column:
    """The parts between the delimiters, without spaces around them: Microsoft's own example, of
    "PermissionSetOne, PermissionSetTwo" and a comma, gives none."""

    def parts(text: str | None, mark: str | None) -> Value:
        if text is None:
            return None
        return [part.strip(" ") for part in text.split(mark)] if mark else [text]

    return each(parts, single(source), single(delimiter), result=SEVERAL)


def item(attribute: Column, index: Column) -> Column:
    """The value at this place, of which the first is 1; nothing where there are not so many."""

    def at(values: Value, place: str | None) -> str | None:
        several, number = _several(values), whole(place, "index of Item")
        if number < 1:
            raise ExpressionError("index of Item has to be 1 for the first value, and is below")
        return several[number - 1] if number <= len(several) else None

    return each(at, attribute, single(index))


def count(attribute: Column) -> Column:
    """How many values there are."""
    return each(lambda values: str(len(_several(values))), attribute)


def remove_duplicates(attribute: Column) -> Column:
    """Each value once, in the order in which they come first."""
    return each(
        lambda values: None if values is None else list(dict.fromkeys(_several(values))),
        attribute,
        result=SEVERAL,
    )


def _several(values: Value) -> list[str]:
    if values is None:
        return []
    return values if isinstance(values, list) else [values]
