"""Whatever an expression and a directory say, there is a value, or a reason why there is none."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.mapping_expressions.parser import parse
from config.mapping_expressions.syntax_tree import Expression
from reconciler.mapping_expressions.column import IGNORED, Value
from support.worlds.expressions import evaluated, value, withheld
from support.worlds.random_expressions import EXPRESSIONS, NAMES

TEXTS = st.sampled_from(
    ["", "True", "-3", "7.5", "a b.c", "Zoë", "2020-03-16", "3/16/2020 7:00:00 AM", "x" * 40]
) | st.text(max_size=5)
USERS = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(NAMES, TEXTS), NAMES[-1]: st.lists(TEXTS, max_size=3)}
)


def cells(values: Any, size: int) -> list[Any]:
    told = values.as_py() if not hasattr(values, "to_pylist") else values.to_pylist()
    return told if hasattr(values, "to_pylist") else [told] * size


@given(EXPRESSIONS, st.lists(USERS, min_size=1, max_size=4))
def test_a_user_gets_alone_what_they_get_among_others(
    expression: Expression, users: list[dict[str, Value]]
) -> None:
    """Columns are evaluated at once, and what goes wrong for one user concerns no other."""
    together = evaluated(expression, *users)
    alone = [evaluated(expression, user) for user in users]
    for told in ("sent", "withheld"):
        several = cells(getattr(together, told), len(users))
        single = [cells(getattr(one, told), 1)[0] for one in alone]
        assert list(map(_listed, several)) == list(map(_listed, single))


def _listed(told: Value) -> Value:
    """A column is of lists for everybody, if it is for anybody."""
    return [told] if isinstance(told, str) else told


def test_nobody_moves_up_where_a_user_has_nothing_to_join() -> None:
    joined = evaluated(
        parse('Join(".", [a], [b])'), {}, {"a": "x", "b": "y"}, {"a": ""}, {"b": "z"}
    )
    assert joined.sent.to_pylist() == [None, "x.y", None, "z"]


@given(EXPRESSIONS)
def test_of_no_users_there_is_nothing(expression: Expression) -> None:
    assert len(cells(evaluated(expression).values, 0)) == 0


@pytest.mark.parametrize(
    ("expression", "user", "result"),
    [
        ('Append([a], "x")', {}, None),
        ('Append("x", [a])', {}, "x"),
        ('Join(".", [a], "", [b])', {}, None),
        ('Join(".", [a], [b])', {"a": ["x", "", "y"], "b": "z"}, "x.y.z"),
        ("CStr([a])", {"a": ["only"]}, "only"),
        ("CStr([a])", {"a": []}, None),
        ("Coalesce([a], [b])", {"a": "", "b": "x"}, ""),
        ('Coalesce([a], [b], "c")', {}, "c"),
        ("Count([a])", {"a": ["x", "y"]}, "2"),
        ("Count([a])", {"a": "x"}, "1"),
        ("Count([a])", {}, "0"),
        ("Item([a], 3)", {"a": ["x", "y"]}, None),
        ('Split([a], ",")', {"a": "x,,y"}, ["x", "", "y"]),
        ("IsString([a])", {"a": "7"}, "True"),
        ("IsString([a])", {"a": ["7"]}, "False"),
        ("IsPresent([a])", {"a": []}, "False"),
        ("Not([a])", {}, "True"),
        ("CBool([a])", {"a": "-2"}, "True"),
        ("CBool([a])", {"a": "0"}, "False"),
        ("CBool([a] = [b])", {}, "False"),
        ('IIF([a] = 1, "yes", "no")', {"a": "1.0"}, "yes"),
        ('IIF([a] = "1", "yes", "no")', {"a": "1.0"}, "no"),
        ('IIF([a] = 1, "yes", "no")', {"a": "one"}, "no"),
        ('IIF([a] < [b], "yes", "no")', {"a": "9", "b": "10"}, "yes"),
        ('IIF([a] <> "x", "yes", "no")', {}, "no"),
        ('IIF([a], "yes", "no")', {"a": "True"}, "yes"),
        ('ToUpper([a], "tr-TR")', {"a": "i\u0131"}, "İI"),
        ('ToLower([a], "tr")', {"a": "Iİ"}, "\u0131i"),
        ("ToUpper([a])", {"a": "ñi"}, "ÑI"),
        ("Mid([a], 2, 9)", {"a": "x😀y"}, "😀y"),
        ("NormalizeDiacritics([a])", {"a": "Йога 한국 Łódź"}, "Йога 한국 Lodz"),
        ('InStr([a], "B", 1, vbTextCompare)', {"a": "abc"}, "2"),
        ('InStr([a], "x")', {"a": "abc"}, "0"),
        ('Replace([a], , "b(?<g>\\\\d)c", "g", "-", , )', {"a": "b1c b2c"}, "b-c b-c"),
        ('Replace([a], , "(x)(?<g>y)", , "$2$1$$", , )', {"a": "xy"}, "yx$"),
        ('Replace([a], , "\\\\w+", , "-", , )', {"a": "zoë é"}, "- -"),
        ('Replace([a], , "x", "g", , [b], )'.replace('"x"', '"(?<g>x)"'), {"b": "y"}, None),
        ('NumFromDate("2020-12-31 23:59:59-08:00")', {}, "132539615990000000"),
        ('DateAdd("m", 1, "2024-01-31")', {}, "2/29/2024 12:00:00 AM"),
        ('DateDiff("d", "2024-01-02", "2024-01-01T12:00:00")', {}, "0"),
        (
            'FormatDateTime([a], "AssumeUniversal", "M/d/yyyy h:mm:ss tt", "dddd, d MMM yy HH:mm")',
            {"a": " 3/6/2020 7:05:00 PM "},
            "Friday, 6 Mar 20 19:05",
        ),
        (
            'FormatDateTime([a], , "yyyy-MM-ddzzz", "yyyyMMdd")',
            {"a": "2020-12-31+08:00"},
            "20201230",
        ),
    ],
)
def test_what_the_pages_leave_open(expression: str, user: dict[str, Any], result: Value) -> None:
    """docs/mapping-expressions.md tells it."""
    assert value(expression, **user) == result


@pytest.mark.parametrize(
    ("expression", "user", "why"),
    [
        ("CDate([a])", {"a": "soon"}, '"soon" is no date such as 2020-03-16'),
        ("CDate([a])", {"a": "0001-01-01+08:00"}, '"0001-01-01+08:00" is no date such'),
        ('DateAdd("yyyy", 9999, [a])', {"a": "2020-03-16"}, "is no date"),
        ('FormatDateTime([a], , "yyyy-MM-dd", "yyyy")', {"a": "2020"}, "does not have the format"),
        ("DateFromNum([a])", {"a": "9" * 29}, "no time of Active Directory"),
        ("CStr([a])", {"a": ["x", "y"]}, "there are 2 values where one is needed"),
        ("Item([b], [a])", {"a": "0"}, "has to be 1"),
        ("Left([a], [b])", {"a": "x", "b": "two"}, 'whole number, and is "two"'),
        ('IIF([a] < [b], "x", "y")', {"a": "1", "b": "z"}, '"z" is no number'),
        ('IIF([a] = "x", [b], CDate([b]))', {"a": "y", "b": "z"}, '"z" is no date'),
        ("IgnoreAttributeFlow", {}, IGNORED),
        ('Append("x", IgnoreFlowIfNullOrEmpty([a]))', {}, IGNORED),
    ],
)
def test_what_has_no_result_is_not_sent(expression: str, user: dict[str, Any], why: str) -> None:
    assert why in withheld(expression, **user)
    assert cells(evaluated(parse(expression), user).sent, 1) == [None]


def test_what_goes_wrong_in_a_branch_that_is_not_taken_does_not_count() -> None:
    assert value('IIF([a] = "x", [b], CDate([b]))', a="x", b="z") == "z"
    assert value('Switch([a], CDate([b]), "x", [b])', a="x", b="z") == "z"
