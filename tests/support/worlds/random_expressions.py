"""Mapping expressions of every function, which can be parsed and evaluated."""

from hypothesis import strategies as st

from config.mapping_expressions.parser import parse
from config.mapping_expressions.signatures import INTERVALS, SIGNATURES, is_optional
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

NAMES = ("a", "b", "c", "extension_0a_x")
"""Of the attributes that they read."""

VALUES = (
    st.sampled_from(NAMES).map(AttributeExpression)
    | (st.text(max_size=9) | st.text('"\\ d', max_size=3)).map(Constant)
    | st.from_regex("-?[0-9]{1,9}|&H[0-9A-F]{1,4}", fullmatch=True).map(Number)
    | st.just(IGNORE_ATTRIBUTE_FLOW)
)

# What some parameters have to be, where not any value will do.
WRITTEN: dict[str, st.SearchStrategy[Expression]] = {
    "interval": st.sampled_from(INTERVALS).map(Constant),
    "index": st.integers(1, 9).map(str).map(Number),
    "compareType": st.sampled_from(["vbBinaryCompare", "vbTextCompare"]).map(Keyword),
    "culture": st.sampled_from(["tr-TR", "en"]).map(Constant),
    "dateTimeStyles": st.just(Constant("AssumeUniversal")),
    "inputFormat": st.sampled_from(["yyyy-MM-dd", "M/d/yyyy h:mm:ss tt"]).map(Constant),
    "outputFormat": st.sampled_from(["yyyyMMdd", "dddd d MMMM"]).map(Constant),
} | dict.fromkeys(
    ("value", "numChars", "start", "length", "wordNumber"), st.integers(-9, 9).map(str).map(Number)
)
REPLACEMENTS = st.sampled_from(
    [
        'Replace([a], "b", , , "c", , )',
        'Replace([a], "b", , , , , "<b>")',
        r'Replace([a], , "(?<x>\\d)", , "${x}$1", , )',
        'Replace([a], , "(?<x>b*)", "x", "c", , )',
        'Replace([a], , "(?<x>b*)", "x", , [c], )',
    ]
).map(parse)


def calls_of(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Calls of every function but Replace, with arguments that it takes."""
    conditions = inner | st.builds(
        Comparison, inner, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), inner
    )

    def argument(parameter: str) -> st.SearchStrategy[Expression | None]:
        name = parameter.strip("[]…")
        known = conditions if name == "condition" else WRITTEN.get(name, inner)
        return st.none() | known if is_optional(parameter) else known

    def call(name: str) -> st.SearchStrategy[Expression]:
        parameters = [argument(one) for one in SIGNATURES[name].parameters]
        return st.tuples(*parameters).map(lambda arguments: FunctionCall(name, arguments))

    return st.sampled_from(sorted(SIGNATURES.keys() - {"Replace"})).flatmap(call)


EXPRESSIONS = st.recursive(VALUES | REPLACEMENTS, calls_of, max_leaves=8)
