"""A row of the mapping with options: where its value comes from, and when it is sent."""

import pytest
from pydantic import ValidationError

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.attribute_mapping_row import MappingRow
from config.attribute_mapping_targets import ENTERPRISE
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


HOME = 'emails[type eq "home"].value'
NUMBER = f"{ENTERPRISE}:employeeNumber"
TWO_ROWS = "is said by two rows, 1 by one and 2 by the other, and one of them is userName"


def by(precedence: object, direct: str = "userPrincipalName") -> dict[str, object]:
    return {"direct": direct, "matching": precedence}


@pytest.mark.parametrize(
    ("rows", "pair"),
    [
        ({}, ("userName",)),
        ({MAIL: "mail", NUMBER: "employeeId"}, ("userName", MAIL)),
        ({HOME: "mail", MAIL: "mail"}, ("userName", HOME)),
        ({MAIL: "mail", "userName": by(1), NUMBER: by(2, "employeeId")}, ("userName", NUMBER)),
        ({MAIL: by(1, "mail"), "userName": by(2)}, (MAIL, "userName")),
        (
            {"userName": by(1), NUMBER: {**by(2, "employeeId"), "apply": "on_create"}},
            ("userName", NUMBER),
        ),
    ],
)
def test_accounts_are_matched_by_two_attributes_in_their_precedence(
    rows: dict[str, object], pair: tuple[str, ...]
) -> None:
    assert AttributeMapping.parse({**NEEDED, **rows}).matching == pair


@pytest.mark.parametrize(
    ("at", "rows", "why"),
    [
        ("userName", {"userName": by(1)}, TWO_ROWS),
        (NUMBER, {"userName": by(1), NUMBER: by(1, "employeeId")}, TWO_ROWS),
        (NUMBER, {MAIL: by(1, "mail"), NUMBER: by(2, "employeeId")}, TWO_ROWS),
        ("title", {"userName": by(1), MAIL: by(2, "mail"), "title": by(2, "jobTitle")}, TWO_ROWS),
        (NUMBER, {"userName": by(1), NUMBER: by(3, "employeeId")}, "should be 1 or 2"),
        ("externalId", {"externalId": by(1, "objectId"), "userName": by(2)}, "always comes first"),
        (
            "active",
            {"userName": by(1), "active": {"expression": NEEDED["active"], "matching": 2}},
            "tells nobody apart",
        ),
        ("title", {"userName": by(1), "title": {"constant": "x", "matching": 2}}, 'gives "x" for'),
        (
            "title",
            {"userName": by(1), "title": {"expression": SWITCH, "matching": 2}},
            'gives "y" for several users',
        ),
        (
            "title",
            {"userName": by(1), "title": {"expression": 'ToUpper("x")', "matching": 2}},
            "gives the same for several users",
        ),
        (
            NUMBER,
            {"userName": by(1), NUMBER: {**by(2, "employeeId"), "default_if_null": "0"}},
            "of one user alone",
        ),
        (
            NUMBER,
            {"userName": by(1), NUMBER: {**by(2, "employeeId"), "clear": True}},
            "an account is found by its",
        ),
    ],
)
def test_what_accounts_are_not_matched_by(at: str, rows: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why) as refused:
        AttributeMapping.parse({**NEEDED, **rows})
    assert {problem["loc"][0] for problem in refused.value.errors()} == {at}


def test_a_configurations_digest_tells_what_accounts_are_matched_by() -> None:
    said = {"userName": by(1), MAIL: by(2, "mail")}
    turned = {"userName": by(2), MAIL: by(1, "mail")}
    unsaid, *others = (
        AttributeMapping.parse({**NEEDED, **rows}) for rows in ({MAIL: "mail"}, said, turned)
    )
    assert "matching" not in repr(unsaid)
    assert len({repr(unsaid), *map(repr, others)}) == 3


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
