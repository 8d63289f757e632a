"""The guide's six rows, and Entra's rules for Switch and for values that are absent."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from reconciler.columns import frames
from reconciler.columns.frames import Texts
from reconciler.facts.wanted_attributes import wanted_attributes
from support.worlds.world import NEEDED_ROWS, NOW


def people(**attributes: object) -> pd.DataFrame:
    row = {
        "id": "0f0f",
        "userPrincipalName": "ana@example.org",
        "mail": "ana.m@example.org",
        "givenName": "Ana",
        "surname": None,
        **attributes,
    }
    return frames.frame(frames.PEOPLE, [row], extra=set(row) - set(frames.PEOPLE))


def mapped(mapping: AttributeMapping, told: pd.DataFrame, soft_deleted: bool = False) -> Texts:
    return wanted_attributes(mapping, told, np.array([soft_deleted]), NOW).texts


def value(expression: str, soft_deleted: bool = False, **attributes: object) -> object:
    mapping = AttributeMapping.parse(
        {"userName": "userPrincipalName", **NEEDED_ROWS, "title": expression}
    )
    result = mapped(mapping, people(**attributes), soft_deleted)["title"][0]
    return None if pd.isna(result) else result


def test_the_guides_rows() -> None:
    columns = mapped(GUIDE_MAPPING, people())
    assert {path: frames.cells(column, np.array([0]))[0] for path, column in columns.items()} == {
        "userName": "ana@example.org",
        "active": "True",
        'emails[type eq "work"].value': "ana.m@example.org",
        "name.givenName": "Ana",
        "name.familyName": None,
        "externalId": "0f0f",
    }


def test_a_soft_deleted_user_is_not_active() -> None:
    assert mapped(GUIDE_MAPPING, people(), True)["active"][0] == "False"


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


@pytest.mark.parametrize(
    ("source", "name", "sent"),
    [
        ("userPrincipalName", "eve_out.org#EXT#@ex.org", "eve@out.org"),
        ("userPrincipalName", "eve_m_out.org#ext#@ex.org", "eve_m@out.org"),
        ("userPrincipalName", "eve#EXT#@ex.org", "eve#EXT#@ex.org"),
        ("userPrincipalName", "eve_m@ex.org", "eve_m@ex.org"),
        ("originalUserPrincipalName", "eve_out.org#EXT#@ex.org", "eve_out.org#EXT#@ex.org"),
        ("objectId", "eve@ex.org", "0f0f"),
    ],
)
def test_a_guest_goes_by_the_name_at_home(source: str, name: str, sent: str) -> None:
    assert value(source, userPrincipalName=name) == sent


@pytest.mark.parametrize(
    ("expression", "told", "sent"),
    [
        ("Item([otherMails], 2)", '["a@ex.org","b@ex.org"]', "b@ex.org"),
        ("otherMails", '["a@ex.org"]', "a@ex.org"),
        ("otherMails", "a@ex.org", "a@ex.org"),
        ("otherMails", '["a@ex.org","b@ex.org"]', None),
        ("otherMails", "[]", None),
        ("otherMails", None, None),
    ],
)
def test_an_attribute_may_have_several_values(
    expression: str, told: str | None, sent: str | None
) -> None:
    assert value(expression, otherMails=told) == sent


TEXTS = ("", "True", "False", "x")
EXPRESSIONS = st.recursive(
    st.sampled_from(
        [f'"{text}"' for text in TEXTS]
        + ["[IsSoftDeleted]", "[accountEnabled]", "[mail]", "[givenName]"]
        + [NEEDED_ROWS["active"]] * 6
    ),
    lambda inner: (
        st.builds(
            lambda source, default, *rest: f"Switch({source}, {default}, {', '.join(rest)})",
            inner | st.just("[IsSoftDeleted]"),
            inner | st.just(""),
            *[st.sampled_from(['"True"', '"False"']) | inner, inner] * 2,
        )
        | st.builds("Not({})".format, inner | st.just("[IsSoftDeleted]"))
        | st.builds(
            "IIF({} {} {}, {}, {})".format,
            inner | st.just("[IsSoftDeleted]"),
            st.sampled_from(["=", "<>"]),
            st.sampled_from(['"True"', '"False"']) | inner,
            inner,
            inner,
        )
    ),
    max_leaves=12,
)


@given(EXPRESSIONS, st.sampled_from([None, *TEXTS]), st.sampled_from([None, *TEXTS]))
def test_whatever_mapping_is_accepted_the_soft_deleted_alone_are_inactive(
    active: str, mail: str | None, given_name: str | None
) -> None:
    rows = {**NEEDED_ROWS, "userName": "userPrincipalName", "active": active}
    try:
        mapping = AttributeMapping.parse(rows)
    except ValidationError:
        return
    for enabled in (True, False, None):
        told = people(mail=mail, givenName=given_name, accountEnabled=enabled)
        for soft_deleted, meant in ((True, "False"), (False, "True")):
            assert mapped(mapping, told, soft_deleted)["active"][0] == meant


ACTIVE = NEEDED_ROWS["active"]


@pytest.mark.parametrize(
    "active",
    [
        ACTIVE,
        'Switch([IsSoftDeleted], "True", "True", "False")',
        f'Switch([department], {ACTIVE}, "x", {ACTIVE})',
        f'Switch({ACTIVE}, "False", "True", "True")',
        'Switch("True", "no", [IsSoftDeleted], "False", "True", "True")',
        "Not([IsSoftDeleted])",
        'IIF([IsSoftDeleted] = "True", "False", "True")',
        'IIF([IsSoftDeleted] <> "True", "True", "False")',
        'Switch([mail], Switch([IsSoftDeleted], "True", "True", "False"), [mail], '
        + 'Switch([IsSoftDeleted], "True", "True", "False"))',
    ],
)
def test_active_may_be_written_in_any_way_that_comes_to_the_same(active: str) -> None:
    mapping = AttributeMapping.parse({**NEEDED_ROWS, "userName": "mail", "active": active})
    told = people(department="x")
    spelled = [mapped(mapping, told, gone)["active"][0] for gone in (True, False)]
    assert spelled == ["False", "True"]
