"""Scoping filters in the configuration: what is refused, and in which words."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config import examples
from config.load import ConfigError, load
from config.scoping_filter import OF_NUMBERS, OPERATORS, UNARY, Clause

TEMPLATE = Path(examples.__file__).with_name("seatsync.yaml")
EXTENSION = f"extension_{'a' * 32}_cost"

REFUSED = [
    ("department", "equals", "Sales", 'did you mean "EQUALS"?'),
    ("department", "Greater_Than", 1, 'did you mean "GREATER_THAN"?'),
    ("department", "&", "Sales", "not certain whom it lets pass"),
    ("departement", "EQUALS", "Sales", "did you mean department?"),
    ("IsSoftDeleted", "IS FALSE", None, "it cannot decide that"),
    ("proxyAddresses", "INCLUDES", "x", "several values or parts"),
    ("department", "EQUALS", None, "takes a text as its value"),
    ("department", "EQUALS", "", "takes a text as its value"),
    ("employeeId", "EQUALS", 7, "put numbers in quotes"),
    ("accountEnabled", "EQUALS", True, "there is IS TRUE"),
    ("department", "IS NULL", "Sales", "takes no value"),
    ("employeeId", "GREATER_THAN", "1000", "takes a whole number"),
    ("employeeId", "GREATER_THAN", -1, "takes a whole number"),
    ("employeeId", "GREATER_THAN_OR_EQUALS", 10**18, "takes a whole number"),
    ("department", "REGEX MATCH", "(", "missing )"),
    ("department", "REGEX MATCH", "(?!Sales).*", "bounded time"),
    ("department", "NOT REGEX MATCH", r"(a)\1", "bounded time"),
    ("department", "REGEX MATCH", "^Sales", "an anchor at one end alone"),
    ("department", "NOT REGEX MATCH", "Sales$", "an anchor at one end alone"),
]


@pytest.mark.parametrize(("attribute", "operator", "value", "why"), REFUSED)
def test_a_clause_that_would_mean_nothing_or_something_else_is_refused(
    attribute: str, operator: str, value: Any, why: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Clause.model_validate({"attribute": attribute, "operator": operator, "value": value})
    assert why in str(refused.value)


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_clause_reads_like_the_words_of_the_admin_center(operator: str) -> None:
    value = None if operator in UNARY else 7 if operator in OF_NUMBERS else "7"
    clause = Clause.model_validate({"attribute": "city", "operator": operator, "value": value})
    shown = {None: "", 7: " 7", "7": ' "7"'}[value]
    assert str(clause) == f"city {operator}{shown}"


@pytest.mark.parametrize("attribute", ["objectId", "mobile", "accountEnabled", EXTENSION])
def test_properties_of_users_and_what_apps_add_to_them_can_be_compared(attribute: str) -> None:
    clause = Clause.model_validate({"attribute": attribute, "operator": "IS NOT NULL"})
    assert clause.attribute == attribute


def test_a_mistake_is_told_with_the_line_of_its_clause(tmp_path: Path) -> None:
    path = tmp_path / "seatsync.yaml"
    path.write_text(
        TEMPLATE.read_text()
        + """
scoping_filters:
  - clauses:
      - {attribute: city, operator: IS NOT NULL}
      - {attribute: city, operator: EQUALS}
"""
    )
    line = len(path.read_text().splitlines())
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert f"{path}:{line}: scoping_filters[0].clauses[1]: EQUALS takes a text" in str(
        refused.value
    )
