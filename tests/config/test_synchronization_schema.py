"""Entra's synchronization schema to the configuration's mapping and filters, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert, json

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.attribute_mapping_targets import ENTERPRISE
from config.scoping_filter import OF_NUMBERS, OPERATORS, UNARY, ScopingFilter
from config.synchronization_schema import SynchronizationSchema
from config.synchronization_schema_reader import Imported, import_schema
from config.synchronization_schema_writer import export_schema

ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
ON_CREATE = "ObjectAddOnly"
MAIL = 'emails[type eq "work"].value'


def source(text: str) -> dict[str, Any]:
    """As Graph has it: an attribute in brackets, a constant in quotes, else a function."""
    kind = "Attribute" if text[0] == "[" else "Constant" if text[0] == '"' else "Function"
    name = text.partition("(")[0] if kind == "Function" else text[1:-1]
    return {"expression": text, "name": name, "parameters": [], "type": kind}


def row(target: str, made_of: str | None, **more: Any) -> dict[str, Any]:
    """An attributeMapping with the keys of Graph's example, "objectMapping resource type"."""
    return {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 0,
        "source": made_of and source(made_of),
        "targetAttributeName": target,
        **more,
    }


NEEDED = [row("userName", "[userPrincipalName]", matchingPriority=1), row("active", ACTIVE)]
BY_ID = row("externalId", "[objectId]")


def imported(*rows: dict[str, Any], **mapping: Any) -> Imported:
    users = {
        "name": "Synchronize users",
        "sourceObjectName": "User",
        "targetObjectName": "User",
        "attributeMappings": [*NEEDED, *rows, {}],
        "scope": None,
        **mapping,
    }
    groups = {"name": "Synchronize groups", "sourceObjectName": "Group", "enabled": True}
    rule = {"name": "USER_TO_USER", "objectMappings": [groups, users, {}]}
    document = {"directories": [{"name": "X"}], "synchronizationRules": [rule, {}]}
    return import_schema(convert(document, SynchronizationSchema))


GROUPS = (
    'the object mapping "Synchronize groups": groups follow `subscription_sets`, and users the '
    "first mapping of users that is enabled"
)


def test_the_guides_mapping_comes_over_as_it_is() -> None:
    found = imported(
        row(MAIL, "[mail]"), row("name.givenName", "[givenName]"),
        row("name.familyName", "[surname]"), BY_ID,
    )  # fmt: skip
    assert AttributeMapping.parse(found.attribute_mapping) == GUIDE_MAPPING
    assert found.attribute_mapping[MAIL] == "mail"
    assert (found.scoping_filters, found.left_out) == ([], [GROUPS])


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (row("title", "[jobTitle]"), "jobTitle"),
        (row("title", '"Guest"'), {"constant": "Guest"}),
        (row("title", None, defaultValue="x"), {"constant": "x", "apply": "on_create"}),
        (row("title", "[city]", defaultValue="x"), {"direct": "city", "default_if_null": "x"}),
        (
            row("title", "[city]", flowType="ObjectAddOnly"),
            {"direct": "city", "apply": "on_create"},
        ),
    ],
    ids=["attribute", "constant", "nothing but a default", "default", "on create"],
)
def test_a_row_comes_over_with_its_options(given: dict[str, Any], taken: Any) -> None:
    found = imported(BY_ID, given)
    assert (found.attribute_mapping["title"], found.left_out) == (taken, [GROUPS])
    AttributeMapping.parse(found.attribute_mapping)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (row("IsActive", "[city]"), 'IsActive: "IsActive" is not an attribute of a SCIM user'),
        (row("title", "Nonsense([city])"), "title: "),
        (row("title", None), "title: it has neither a source nor a default value"),
        (row("title", "[city]", flowType="AttributeAddOnly"), "title: its flow type"),
        (row("userName", "[mail]"), "userName: it is mapped twice"),
    ],
)
def test_a_row_that_cannot_come_over_is_left_out_and_told(given: dict[str, Any], why: str) -> None:
    found = imported(BY_ID, given)
    assert found.attribute_mapping.keys() == {"userName", "active", "externalId"}
    assert found.attribute_mapping["userName"] == "userPrincipalName"
    assert any(told.startswith(why) for told in found.left_out)


NUMBER = f"{ENTERPRISE}:employeeNumber"
BY_NUMBER = row(NUMBER, "[employeeId]", matchingPriority=2)


def test_two_attributes_that_match_accounts_come_over_with_their_precedence() -> None:
    found = imported(row("externalId", "[objectId]", matchingPriority=1), BY_NUMBER)
    assert found.attribute_mapping["userName"] == {"direct": "userPrincipalName", "matching": 1}
    assert found.attribute_mapping[NUMBER] == {"direct": "employeeId", "matching": 2}
    assert AttributeMapping.parse(found.attribute_mapping).matching == ("userName", NUMBER)
    assert found.left_out == [GROUPS]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([BY_NUMBER, row(MAIL, "[mail]", matchingPriority=3)], "`matching` is said by two rows"),
        ([row("title", '"x"', matchingPriority=2)], 'this gives "x" for several users'),
        ([row(NUMBER, "[employeeId]", matchingPriority=2, defaultValue="0")], "of one user alone"),
    ],
    ids=["three", "a constant", "a default value"],
)
def test_matching_that_cannot_come_over_is_told_and_the_rows_stay(
    rows: list[dict[str, Any]], why: str
) -> None:
    found = imported(BY_ID, *rows)
    assert {one["targetAttributeName"] for one in rows} < found.attribute_mapping.keys()
    assert not AttributeMapping.parse(found.attribute_mapping).says_matching
    (told,) = found.left_out[1:]
    assert told.startswith("matching by userName, ")
    assert why in told


def test_a_default_of_what_is_ones_own_is_dropped_and_told() -> None:
    found = imported(BY_ID, row(MAIL, "[mail]", defaultValue="x@example.org"))
    assert found.attribute_mapping[MAIL] == "mail"
    assert 'without its default value "x@example.org"' in found.left_out[-1]


def test_microsofts_default_of_external_id_is_replaced_by_the_guides_row_and_told() -> None:
    found = imported(row("externalId", "[mailNickname]"))
    assert found.attribute_mapping["externalId"] == "objectId"
    assert found.left_out[-2].startswith("externalId: externalId must be objectId")
    assert found.left_out[-1] == "externalId: the guide's row was written, for one is needed"


def scope(*clauses: tuple[str, str, list[str]]) -> dict[str, Any]:
    made = [
        {"operatorName": name, "sourceOperandName": attribute, "targetOperand": {"values": values}}
        for attribute, name, values in clauses
    ]
    return {"groups": [{"name": "F", "clauses": made}], "inputFilterGroups": []}


def test_scoping_filters_come_along_whatever_case_their_operators_are_in() -> None:
    found = imported(
        BY_ID,
        scope=scope(
            ("department", "EQUALS", ["007"]),
            ("employeeId", "Greater_Than", ["7"]),
            ("mail", "IS NOT NULL", []),
        ),
    )
    assert found.scoping_filters == [
        {
            "name": "F",
            "clauses": [
                {"attribute": "department", "operator": "EQUALS", "value": "007"},
                {"attribute": "employeeId", "operator": "GREATER_THAN", "value": 7},
                {"attribute": "mail", "operator": "IS NOT NULL"},
            ],
        }
    ]
    assert found.left_out == [GROUPS]


@pytest.mark.parametrize(
    "clause",
    [("city", "&", ["x"]), ("proxyAddresses", "INCLUDES", ["x"]), ("city", "EQUALS", ["a", "b"])],
)
def test_of_scoping_filters_all_come_over_or_none(clause: tuple[str, str, list[str]]) -> None:
    found = imported(BY_ID, scope=scope(("department", "EQUALS", ["Sales"]), clause))
    assert found.scoping_filters == []
    assert found.left_out[-1].startswith("all scoping filters, so that everybody is in scope: ")


def test_what_is_switched_off_is_told() -> None:
    found = imported(BY_ID, enabled=False, flowTypes="Add")
    assert found.left_out[1:] == [
        "the mapping of users is not enabled in Entra, and is what this file says here",
        "that Update, Delete is switched off: seatsync plans whatever has to be done",
    ]


def test_a_schema_without_users_is_none() -> None:
    with pytest.raises(ValueError, match="sourceObjectName is User"):
        import_schema(SynchronizationSchema())


TEXTS = st.text("aZ é\"\\[](),'&", min_size=1, max_size=8)
EXPRESSIONS = st.one_of(
    st.just({"direct": "city"}),
    TEXTS.map(lambda text: {"constant": text}),
    st.just({"expression": 'Switch([city], , "a\\"b", [state], "", "x")'}),
)
OPTIONS = st.fixed_dictionaries(
    {}, optional={"apply": st.just("on_create"), "default_if_null": TEXTS}
)
ROWS = st.builds(lambda made_of, options: {**made_of, **options}, EXPRESSIONS, OPTIONS)
TARGETS = ("title", "nickName", "name.givenName", 'phoneNumbers[type eq "mobile"].value')


@st.composite
def clauses(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(OPERATORS))
    told = {"attribute": draw(st.sampled_from(["city", "mobile"])), "operator": operator}
    if operator in UNARY:
        return told
    number = operator in OF_NUMBERS
    return {**told, "value": draw(st.integers(0, 9_999) if number else st.sampled_from(["a", "7"]))}


FILTERS = st.lists(
    st.builds(
        lambda name, few: ScopingFilter.model_validate({"name": name, "clauses": few}),
        st.sampled_from(["", "Sales"]),
        st.lists(clauses(), min_size=1, max_size=3),
    ),
    max_size=2,
)


MATCHING = st.sampled_from([(), ("userName", MAIL), (MAIL, "userName"), (NUMBER, "userName")])


@given(st.dictionaries(st.sampled_from(TARGETS), ROWS, max_size=3), MATCHING, FILTERS)
def test_what_is_exported_is_imported_as_it_was(
    rows: dict[str, Any], matching: tuple[str, ...], filters: list[ScopingFilter]
) -> None:
    guide = {target: str(one.expression) for target, one in GUIDE_MAPPING.rows}
    guide[NUMBER] = "[employeeId]"
    said = {
        target: {"expression": guide[target], "matching": at}
        for at, target in enumerate(matching, start=1)
    }
    mapping = AttributeMapping.parse(guide | said | rows)
    document = json.encode(export_schema(mapping, filters, "Vendor"))
    found = import_schema(json.decode(document, type=SynchronizationSchema))
    assert found.left_out == []
    assert AttributeMapping.parse(found.attribute_mapping) == mapping
    assert [ScopingFilter.model_validate(one) for one in found.scoping_filters] == filters
