"""Every operator of scoping filters, against what Microsoft's page says of it."""

from typing import Any

import numpy as np
import pytest

from config.scoping_filter import OPERATORS, ScopingFilter
from reconciler.columns.frames import FLAG, TEXT, frame
from reconciler.facts.scoping_filters import passes, unmet_clauses

# Operator, its value, attributes that pass, attributes that do not. Source: "Scoping users or
# groups to be provisioned with scoping filters", and its section "Common scoping filters" (*).
CASES: list[tuple[str, Any, list[str | None], list[str | None]]] = [
    ("EQUALS", "sales", ["sales"], ["Sales", "presales", None]),  # *: department
    ("NOT EQUALS", "sales", ["Sales", "presales"], ["sales", None]),
    ("IS TRUE", None, ["True", "true"], ["False", "yes", None]),
    ("IS FALSE", None, ["False", "false"], ["True", "no", None]),
    ("IS NULL", None, [None], ["sales"]),
    ("IS NOT NULL", None, ["sales"], [None]),
    ("INCLUDES", "ale", ["sales", "ale"], ["SALES", "al", None]),
    ("ENDS_WITH", "les", ["sales"], ["sales team", "SALES", None]),
    ("REGEX MATCH", "([1-9][0-9])", ["10", "99"], ["9", "100", "x10", None]),
    ("REGEX MATCH", r".*\@domain.com", ["a@domain.com"], ["a@domain.com.au", "a@x.com", None]),  # *
    ("NOT REGEX MATCH", r".*\@domain.com", ["a@x.com"], ["a@domain.com", None]),  # *
    ("REGEX MATCH", "(1[0-9][0-9][0-9][0-9][0-9][0-9])", ["1000000"], ["2000000", "10000001"]),  # *
    ("REGEX MATCH", "^Sales|Talent$", ["Sales", "Talent"], ["Sales Team", "SALES", None]),
    ("REGEX MATCH", r"\d{2}(?<rest>x?)", ["12", "12x"], ["1", "12y"]),  # .NET names groups so
    ("REGEX MATCH", "(a*)*b", ["b", "aab"], ["a" * 10_000]),  # takes forever where it backtracks
    ("GREATER_THAN", 9, ["10", "100"], ["9", "8", "ten", "-10", "10.5", "1" * 30, None]),
    ("GREATER_THAN_OR_EQUALS", 9, ["9", "010"], ["8", "", None]),
]


def filters(*clauses: list[tuple[str, str, Any]]) -> list[ScopingFilter]:
    return [
        ScopingFilter.model_validate(
            {
                "name": f"F{at}" if at else "",
                "clauses": [
                    {"attribute": attribute, "operator": operator, "value": value}
                    for attribute, operator, value in one
                ],
            }
        )
        for at, one in enumerate(clauses)
    ]


@pytest.mark.parametrize(("operator", "value", "passing", "failing"), CASES)
def test_an_operator_lets_pass_what_the_page_says(
    operator: str, value: Any, passing: list[str | None], failing: list[str | None]
) -> None:
    users = frame({"city": TEXT}, ({"city": one} for one in [*passing, *failing]))
    found = passes(filters([("city", operator, value)]), users)
    assert found.tolist() == [True] * len(passing) + [False] * len(failing)


def test_there_is_a_case_for_every_operator() -> None:
    assert {operator for operator, *_ in CASES} == set(OPERATORS)


PEOPLE = frame(
    {"id": TEXT, "city": TEXT, "state": TEXT, "accountEnabled": FLAG},
    [
        {"id": "1", "city": "Ulm", "state": "BW", "accountEnabled": True},
        {"id": "2", "city": "Ulm", "state": None, "accountEnabled": False},
        {"id": "3", "city": "Bonn", "state": "NW", "accountEnabled": None},
    ],
)
ULM, BW, NW = (("city", "EQUALS", "Ulm"), ("state", "EQUALS", "BW"), ("state", "EQUALS", "NW"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (filters(), [True, True, True]),
        (filters([ULM, BW]), [True, False, False]),
        (filters([ULM, BW], [NW]), [True, False, True]),
        (filters([("accountEnabled", "IS TRUE", None)]), [True, False, False]),
        (filters([("accountEnabled", "EQUALS", "False")]), [False, True, False]),
        (filters([("objectId", "EQUALS", "2")]), [False, True, False]),
    ],
    ids=["none", "and", "or", "flag", "flag as text", "objectId"],
)
def test_clauses_are_joined_by_and_and_filters_by_or(
    given: list[ScopingFilter], expected: list[bool]
) -> None:
    assert passes(given, PEOPLE).tolist() == expected


def test_the_first_clause_of_each_filter_that_does_not_hold_is_told() -> None:
    given = filters([ULM, BW], [ULM, NW])
    users = PEOPLE[~passes(given, PEOPLE)]
    assert np.array(unmet_clauses(given, users)).tolist() == [
        'state EQUALS "BW"; "F1": state EQUALS "NW"',
        'city EQUALS "Ulm"; "F1": city EQUALS "Ulm"',
    ]
