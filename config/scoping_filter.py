"""Scoping filters: which members of a group are provisioned at all.

As Entra has them ("Scoping users or groups to be provisioned with scoping filters"): the clauses of
one filter are joined by AND, filters by OR. Text compares case-sensitively, and an attribute
without a value passes nothing but IS NULL.
"""

from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, Field, model_validator

from config.graph_user import (
    ENTRA_NAMES,
    IS_SOFT_DELETED,
    STRUCTURED_PROPERTIES,
    USER_PROPERTIES,
    graph_property,
    is_user_property,
)
from config.mapping_expressions.dotnet_regex import DotNetRegex
from config.section import Section
from config.suggest import nearest, unknown

OperatorName = Literal[
    "EQUALS",
    "NOT EQUALS",
    "IS TRUE",
    "IS FALSE",
    "IS NULL",
    "IS NOT NULL",
    "REGEX MATCH",
    "NOT REGEX MATCH",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUALS",
    "INCLUDES",
    "ENDS_WITH",
]

OPERATORS: tuple[OperatorName, ...] = get_args(OperatorName)
REGULAR = frozenset({"REGEX MATCH", "NOT REGEX MATCH"})
OF_NUMBERS = frozenset({"GREATER_THAN", "GREATER_THAN_OR_EQUALS"})
UNARY = frozenset({"IS TRUE", "IS FALSE", "IS NULL", "IS NOT NULL"})

LARGEST_NUMBER = 10**18 - 1
"""An attribute with more digits is no number that an operator compares."""


def _operator(given: object) -> object:
    if given in {"&", "!&"}:
        raise ValueError(
            f'"{given}" is not known here: Microsoft describes it otherwise than its name says, so '
            "it is not certain whom it lets pass"
        )
    if isinstance(given, str) and given not in OPERATORS:
        raise ValueError(unknown(given, OPERATORS))
    return given


def _attribute(given: object) -> object:
    """A property with one value; Graph would refuse to read any other name."""
    if not isinstance(given, str):
        return given
    if given == IS_SOFT_DELETED:
        raise ValueError("IsSoftDeleted follows from who is in scope, so it cannot decide that")
    if graph_property(given) in STRUCTURED_PROPERTIES:
        raise ValueError(f"{given} may have several values or parts, and Entra compares none such")
    if not is_user_property(graph_property(given)):
        near = nearest(given, {*USER_PROPERTIES, *ENTRA_NAMES} - STRUCTURED_PROPERTIES)
        hint = f"; did you mean {near}?" if near else ""
        raise ValueError(f'"{given}" is no property of Graph\'s users{hint}')
    return given


def _value(given: object) -> object:
    if isinstance(given, bool) or not isinstance(given, str | int | None):
        raise ValueError("expected text or a whole number; for true and false there is IS TRUE")
    return given


class Clause(Section):
    """One condition on one attribute."""

    attribute: Annotated[str, BeforeValidator(_attribute)]
    """Of the user in Entra ID, such as department."""

    operator: Annotated[OperatorName, BeforeValidator(_operator)]
    """As Entra names it. A regular expression has to match the whole value."""

    value: Annotated[str | int | None, BeforeValidator(_value)] = None
    """What the attribute is compared with: a whole number for GREATER_THAN and
    GREATER_THAN_OR_EQUALS, nothing for IS TRUE, IS FALSE, IS NULL and IS NOT NULL, else text."""

    @model_validator(mode="after")
    def _comparable(self) -> Self:
        if self.operator in UNARY:
            if self.value is not None:
                raise ValueError(f"{self.operator} takes no value")
        elif self.operator in OF_NUMBERS:
            if not isinstance(self.value, int) or not 0 <= self.value <= LARGEST_NUMBER:
                raise ValueError(f"{self.operator} takes a whole number, 0 or more, as its value")
        elif not isinstance(self.value, str) or not self.value:
            raise ValueError(f"{self.operator} takes a text as its value; put numbers in quotes")
        elif self.operator in REGULAR:
            _refuse_unbounded(self.operator, self.value)
        return self

    def __str__(self) -> str:
        told = f"{self.attribute} {self.operator}"
        if self.value is None:
            return told
        return f'{told} "{self.value}"' if isinstance(self.value, str) else f"{told} {self.value}"


class ScopingFilter(Section):
    """Whoever meets all of these clauses passes."""

    name: str = ""
    """Entra's "Scoping Filter Title"; messages call it so."""

    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    """All of them have to hold."""


def _refuse_unbounded(operator: str, pattern: str) -> None:
    try:
        DotNetRegex.parse(pattern)
    except ValueError as error:
        raise ValueError(
            f"this regular expression cannot be used: {error}. Without lookarounds and "
            "backreferences it takes bounded time; NOT REGEX MATCH is for what must not be there"
        ) from None
    if pattern.startswith("^") != pattern.endswith("$"):
        raise ValueError(
            f"{operator} compares the whole value, so an anchor at one end alone says something "
            "else: write ^ABC.* for what begins with ABC, and .*ABC$ for what ends with it"
        )
