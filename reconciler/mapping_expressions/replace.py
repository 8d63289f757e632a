"""Replace, by what of its parameters is given ("Reference for writing expressions")."""

import pyarrow as pa
import pyarrow.compute as pc

from config.mapping_expressions.dotnet_regex import DotNetRegex
from reconciler.mapping_expressions.column import (
    BLANK,
    NOTHING,
    Column,
    ExpressionError,
    choose,
    each,
    is_blank,
    single,
    withheld_by,
)


def replace(
    source: Column,
    old_value: Column = BLANK,
    pattern: Column = BLANK,
    group: Column = BLANK,
    replacement: Column = BLANK,
    attribute: Column = BLANK,
    template: Column = BLANK,
) -> Column:
    """The source, or the template, with something replaced in it. Case counts."""
    source = single(source)
    if not _is_given(pattern):
        if _is_given(template):
            return _in_text(single(template), single(old_value), source)
        return _in_text(source, single(old_value), single(replacement))
    regex, name = DotNetRegex.parse(pattern.values.as_py()), group.values.as_py()
    if _is_given(attribute):
        return choose(is_blank(source), _matched(regex, name, single(attribute)), source)
    text = replacement.values.as_py()
    if name:
        wanted, becomes = regex.replacing_group(name, text)
    else:
        wanted, becomes = regex.re2, regex.replacement(text)
    values = pc.replace_substring_regex(source.values, wanted, becomes)
    return Column(values, source.withheld)


def _is_given(argument: Column) -> bool:
    """An argument that is left blank is nothing for everybody."""
    return isinstance(argument.values, pa.Array) or bool(argument.values.is_valid)


def _in_text(text: Column, old: Column, new: Column) -> Column:
    def replaced(said: str | None, wanted: str | None, becomes: str | None) -> str | None:
        if said is None or becomes is None:
            return None
        if not wanted:
            raise ExpressionError("oldValue of Replace is empty")
        return said.replace(wanted, becomes)

    return each(replaced, text, old, new)


def _matched(regex: DotNetRegex, name: str, source: Column) -> Column:
    """What the group of this name matches; nothing where it matches nothing."""
    found = pc.struct_field(pc.extract_regex(source.values, regex.re2), name)
    return Column(pc.if_else(pc.is_valid(source.values), found, NOTHING), withheld_by([source]))
