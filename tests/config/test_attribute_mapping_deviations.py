"""What `check` says of a mapping that is not the guide's, row by row."""

import pytest

from config.attribute_mapping import GUIDE_MAPPING, AttributeMapping
from config.attribute_mapping_deviations import deviations
from config.attribute_mapping_targets import ENTERPRISE
from config.graph_user import USER_PROPERTIES, is_user_property
from config.mapping_expressions.syntax_tree import AttributeExpression

MAIL = 'emails[type eq "work"].value'
GUIDE = {
    "userName": "userPrincipalName",
    "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    MAIL: "mail",
    "name.givenName": "givenName",
    "name.familyName": "surname",
    "externalId": "objectId",
}


def told(**changed: str | None) -> list[str]:
    rows = {**GUIDE, **changed}
    mapping = AttributeMapping.parse({path: text for path, text in rows.items() if text})
    return list(deviations(mapping))


def test_the_guides_own_mapping_deviates_in_nothing() -> None:
    assert told() == list(deviations(GUIDE_MAPPING)) == []


def test_active_is_the_guides_however_it_is_written() -> None:
    assert told(active='Switch([IsSoftDeleted], "True", "True", "False")') == []


@pytest.mark.parametrize("row", [MAIL, "name.givenName", "name.familyName"])
def test_a_row_of_the_guide_that_is_missing_is_named(row: str) -> None:
    first, *_ = told(**{row: None})
    assert first.startswith(f"the guide's row {row} is missing: accounts get no ")


def test_another_pair_by_which_accounts_are_matched_is_named() -> None:
    number = f"{ENTERPRISE}:employeeNumber"
    rows = {
        **GUIDE,
        "userName": {"direct": "userPrincipalName", "matching": 2},
        number: {"direct": "employeeId", "matching": 1},
    }
    *_, last = deviations(AttributeMapping.parse(rows))
    assert last == f"an account that exists before is linked if {number} and userName both agree"
    *_, last = told(**{MAIL: None})
    assert last.startswith("an account that exists before is not linked (A5)")


def test_another_user_name_is_not_what_single_sign_on_sends() -> None:
    (only,) = told(userName="mail")
    assert only == (
        "userName is not userPrincipalName, as in the guide: single sign-on finds an account by "
        "this name, so it has to be what Entra sends as the user's name identifier"
    )


@pytest.mark.parametrize("row", [MAIL, "name.givenName", "name.familyName"])
def test_a_row_that_says_something_else_than_the_guides_is_named(row: str) -> None:
    (only,) = told(**{row: "displayName"})
    guides = dict(GUIDE_MAPPING.rows)[row].expression
    assert isinstance(guides, AttributeExpression)
    assert only.startswith(f"{row} is not {guides.name}, as in the guide: the vendor ")


def test_a_further_row_is_named() -> None:
    (only,) = told(title="jobTitle")
    assert only.startswith("the guide has no row title: ")


@pytest.mark.parametrize(
    ("attribute", "hint"),
    [
        ("jobtitle", "; did you mean jobTitle?"),
        ("ObjectId", "; did you mean objectId?"),
        ("isSoftDeleted", "; did you mean IsSoftDeleted?"),
        ("zzz", ""),
    ],
)
def test_what_is_no_property_of_graphs_users_is_named_with_what_it_may_mean(
    attribute: str, hint: str
) -> None:
    further, unknown = told(title=attribute)
    assert "title" in further
    assert unknown == (
        f"{attribute} is no property of Graph's users, and Graph refuses to read it{hint}"
    )


def test_an_attribute_inside_an_expression_is_looked_at_too() -> None:
    assert any("mial is no property" in one for one in told(title='Switch([mial], , "a", "b")'))


def test_a_directory_extension_is_a_property_of_the_tenants_users() -> None:
    assert is_user_property(f"extension_{'0a' * 16}_costCenter")
    assert not is_user_property("extension_costCenter")


def test_the_guides_attributes_are_properties_of_graphs_users() -> None:
    assert set(GUIDE_MAPPING.sources) <= USER_PROPERTIES
