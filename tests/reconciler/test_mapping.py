"""The guide's six rows, and Entra's rules for Switch and for values that are absent."""

import numpy as np
import pandas as pd
import pytest

from config.mapping import GUIDE_MAPPING, AttributeMapping
from reconciler.mapping import evaluate
from reconciler.model import frames


def people(**attributes: object) -> pd.DataFrame:
    row = {
        "id": "0f0f",
        "userPrincipalName": "ana@example.org",
        "mail": "ana.m@example.org",
        "givenName": "Ana",
        "surname": None,
        **attributes,
    }
    return frames.frame(frames.PEOPLE, [row])


def value(expression: str, soft_deleted: bool = False, **attributes: object) -> object:
    mapping = AttributeMapping.parse(
        {"userName": "userPrincipalName", "externalId": "objectId", "title": expression}
    )
    result = evaluate(mapping, people(**attributes), np.array([soft_deleted]))["title"][0]
    return None if pd.isna(result) else result


def test_the_guides_rows() -> None:
    columns = evaluate(GUIDE_MAPPING, people(), np.array([False]))
    assert {path: frames.cells(column, np.array([0]))[0] for path, column in columns.items()} == {
        "userName": "ana@example.org",
        "active": "True",
        'emails[type eq "work"].value': "ana.m@example.org",
        "name.givenName": "Ana",
        "name.familyName": None,
        "externalId": "0f0f",
    }


def test_a_soft_deleted_user_is_not_active() -> None:
    assert evaluate(GUIDE_MAPPING, people(), np.array([True]))["active"][0] == "False"


@pytest.mark.parametrize(
    ("expression", "given", "result"),
    [
        ('Switch([mail], "other", "a", "first", "b", "second")', "b", "second"),
        ('Switch([mail], "other", "a", "first", "a", "second")', "a", "first"),
        ('Switch([mail], "other", "a", "first")', "A", "other"),
        ('Switch([mail], , "a", "first")', "z", None),
        ('Switch([mail], "", "a", "first")', "z", ""),
        ('Switch([mail], "other", "", "empty")', None, "empty"),
        ('Switch([mail], [givenName], "a", [surname])', "z", "Ana"),
        ('Switch([mail], "other", [surname], "absent")', "z", "other"),
        ('Switch([mail], "x", "a", Switch([givenName], "y", "Ana", "inner"))', "a", "inner"),
    ],
)
def test_switch(expression: str, given: str | None, result: str | None) -> None:
    assert value(expression, mail=given) == result
