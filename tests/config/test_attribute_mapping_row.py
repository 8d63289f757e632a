"""A row of the mapping with options: where its value comes from, and when it is sent."""

import pytest

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.attribute_mapping_row import MappingRow
from config.mapping_expressions.parser import parse
from config.mapping_expressions.syntax_tree import AttributeExpression, Constant
from support.worlds.world import MAIL, NEEDED_ROWS

NEEDED = {**NEEDED_ROWS, "userName": "userPrincipalName"}
SWITCH = 'Switch([department], , "x", "y")'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("jobTitle", MappingRow(AttributeExpression("jobTitle"))),
        ({"direct": "jobTitle"}, MappingRow(AttributeExpression("jobTitle"))),
        ({"constant": "jobTitle"}, MappingRow(Constant("jobTitle"))),
        ({"constant": ""}, MappingRow(Constant(""))),
        ({"expression": SWITCH}, MappingRow(parse(SWITCH))),
        (
            {"direct": "jobTitle", "apply": "on_create", "default_if_null": "none"},
            MappingRow(AttributeExpression("jobTitle"), "on_create", "none"),
        ),
    ],
)
def test_a_row_is_text_or_keys(written: object, meant: MappingRow) -> None:
    assert AttributeMapping.parse({**NEEDED, "title": written})["title"] == meant


ONE_OF_THREE = "give one of `direct`, `constant` and `expression`"


@pytest.mark.parametrize(
    ("target", "written", "why"),
    [
        ("title", {}, ONE_OF_THREE),
        ("title", {"direct": "mail", "constant": "x"}, ONE_OF_THREE),
        ("title", {"direct": SWITCH}, "`direct` takes an attribute's name"),
        ("title", {"direct": None}, "this is no expression"),
        ("title", {"expression": "[mail"}, "this is no expression"),
        ("title", {"direct": "mail", "apply": "sometimes"}, "'always' or 'on_create'"),
        ("title", {"direct": "mail", "default_if_null": ""}, "at least 1 character"),
        ("title", ["mail"], "expected an attribute's name or an expression"),
        ("title", {"direct": "mail", "clear": True, "apply": "on_create"}, "no `on_create`"),
        ("title", {"direct": "mail", "clear": True, "default_if_null": "x"}, "no default"),
        (MAIL, {"direct": "mail", "clear": True}, "an account is found by its emails"),
        ("userName", {"direct": "mail", "clear": True}, "an account is found by its userName"),
        ("externalId", {"direct": "objectId", "apply": "on_create"}, "has to follow the directory"),
        (
            "active",
            {"expression": NEEDED["active"], "apply": "on_create"},
            "has to follow the directory",
        ),
        ("userName", {"direct": "mail", "default_if_null": "x"}, "of one user alone"),
        (MAIL, {"direct": "mail", "default_if_null": "x"}, "of one user alone"),
    ],
)
def test_what_no_row_can_say(target: str, written: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        AttributeMapping.parse({**NEEDED, target: written})


def test_microsofts_own_row_for_the_external_id_is_recognised() -> None:
    with pytest.raises(ValueError, match=r"mailNickname is Microsoft's default, .* \(A6\)"):
        AttributeMapping.parse({**NEEDED, "externalId": "mailNickname"})


def test_rows_that_are_sent_once_are_not_kept_in_step() -> None:
    once = AttributeMapping.parse(
        {**NEEDED, "title": {"direct": "jobTitle", "apply": "on_create"}, "locale": "country"}
    )
    assert once.kept_in_step == {"userName", "externalId", "active", "locale"}
    assert GUIDE_MAPPING.kept_in_step == {*GUIDE_MAPPING.targets}


def test_graph_is_asked_for_its_own_names_each_once() -> None:
    rows = {
        **NEEDED,
        "title": "physicalDeliveryOfficeName",
        "nickName": "officeLocation",
        "locale": "originalUserPrincipalName",
        "timezone": "mobile",
    }
    sources = AttributeMapping.parse(rows).sources
    assert sources == ("mobilePhone", "officeLocation", "userPrincipalName")
