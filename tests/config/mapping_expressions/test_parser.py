"""Entra's mapping expressions as text: what is one, what is none and why."""

import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.mapping_expressions.parser import parse
from config.mapping_expressions.signatures import REFUSED
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
from support.worlds.random_expressions import EXPRESSIONS

A, B = AttributeExpression("a"), AttributeExpression("b")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("userPrincipalName", AttributeExpression("userPrincipalName")),
        ("[mail]", AttributeExpression("mail")),
        (r'"a \"quoted\" word"', Constant('a "quoted" word')),
        (r'"a \\ and a \d"', Constant(r"a \ and a \d")),
        (r'"\\"', Constant("\\")),
        ("-10", Number("-10")),
        ("&HF7", Number("&HF7")),
        ("IgnoreAttributeFlow", IGNORE_ATTRIBUTE_FLOW),
        ("Now()", FunctionCall("Now")),
        ('Switch([a],"","k",[b])', FunctionCall("Switch", (A, Constant(""), Constant("k"), B))),
        ('Switch ( [a], ,\n "k" , [b] )', FunctionCall("Switch", (A, None, Constant("k"), B))),
        (
            "IIF([a]>=1, [b], IgnoreAttributeFlow)",
            FunctionCall("IIF", (Comparison(A, ">=", Number("1")), B, IGNORE_ATTRIBUTE_FLOW)),
        ),
        (
            "InStr([a], [b], , vbTextCompare)",
            FunctionCall("InStr", (A, B, None, Keyword("vbTextCompare"))),
        ),
        (
            'Replace([a], "-", , , "_", , )',
            FunctionCall("Replace", (A, Constant("-"), None, None, Constant("_"), None, None)),
        ),
    ],
)
def test_expressions(text: str, meant: Expression) -> None:
    assert parse(text) == parse(str(meant)) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "character 1: this is no expression"),
        ("a b", "character 3: this is no expression"),
        ("[unclosed", "character 10: .* ] would be expected at the end"),
        ('Append([a] "x")', r"character 12: .* \) or , or = would be expected here"),
        ('Append([a], "x', "character 13: .* has no closing quotation mark"),
        ("Append([a], 'x')", "character 13: .* straight double quotation marks"),
        ('Append([a], "x"))', "character 17: this is no expression"),
        ("Append([a], x)", r'character 13: .* write \[x\] for an attribute, "x" for a text'),
        ('Swich([a], , "k", "v")', 'character 1: "Swich" is not known; did you mean "Switch"'),
        ('Append(tolower([a]), "x")', 'character 8: "tolower" .* did you mean "ToLower"'),
        ("Switch([a])", r"character 1: got 1 argument; its form is Switch\(source, \[defaultV"),
        ('Switch([a], , "k")', "got 3 arguments"),
        ('Switch([a], , "k", "v", "l")', "got 5 arguments, and the last ones come in pairs"),
        ('Switch(, , "k", "v")', "source may not be left blank"),
        ('Join(",")', r"got 1 argument; its form is Join\(separator, source…\)"),
        ("Now(1)", r"got 1 argument; its form is Now\(\)"),
        ('Append([a] = "x", "y")', "character 12: only a condition of IIF or CBool can compare"),
        ('[a] = "x"', "character 5: a comparison is no value"),
        ('"' + "x" * 10_000 + '"', "10,000"),
        ("CStr(" * 1_000 + "[a]" + ")" * 1_000, "more than 20 functions are nested"),
        ("IIF([a]=1, [b], IgnoreObjectFlow)", "character 17: .* leaves out the whole user"),
    ],
)
def test_what_is_no_expression(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('DateAdd("q", 1, [a])', '"q" is not known; known: yyyy, m, d'),
        ("DateAdd([a], 1, [b])", "interval: has to be a text in double quotes"),
        ('DateAdd("d", "one", [b])', 'value: "one" is no whole number'),
        ("Item([a], 0)", "the first value has the index 1"),
        ("InStr([a], [b], 1, IgnoreAttributeFlow)", "vbBinaryCompare or vbTextCompare"),
        ('ToLower([a], "Turkish")', "the name of a culture, such as tr-TR"),
        ('FormatDateTime([a], , "d", "yyyy")', "no custom format of .NET"),
        ('FormatDateTime([a], , "HH:mm", "yyyy")', "inputFormat: has to have a year"),
        ('FormatDateTime([a], , "yyyy\'T", "yyyy")', "has no end"),
        (
            'FormatDateTime([a], "AllowInnerWhite", "yyyy", "yyyy")',
            '"AllowInnerWhite" is not known',
        ),
        ("Replace([a])", "give oldValue with replacementValue or template"),
        ('Replace([a], "", , , "x")', "oldValue may not be empty"),
        ('Replace([a], , "(", , "x")', "no regular expression"),
        ('Replace([a], , [b], , "x")', "has to be a text in double quotes"),
        ('Replace([a], , "x", , "${y}")', "the pattern has no group y"),
        ('Replace([a], , "x", "y", "z")', "the pattern has no group y"),
        ('Replace([a], , "x", "y", , [b])', "the pattern has no group y"),
    ],
)
def test_what_a_function_cannot_do_is_told_when_the_configuration_is_read(
    text: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        parse(text)
    assert "its form is " in str(caught.value)


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_meaning_here_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(ValueError, match=f"character 1: {name} is not supported here: it "):
        parse(f"{name}([a])")


def test_an_expression_knows_what_it_reads() -> None:
    expression = parse('Switch([a], [b], "k", IIF([c] = [d], [e], "v"))')
    assert set(attributes(expression)) == {"a", "b", "c", "d", "e"}


@given(EXPRESSIONS)
def test_the_text_of_an_expression_means_it(expression: Expression) -> None:
    assert parse(str(expression)) == expression


@given(st.text(string.printable, max_size=40) | st.text(max_size=20))
def test_whatever_is_written_nothing_but_a_value_error_is_raised(text: str) -> None:
    with suppress(ValueError):
        parse(text)
