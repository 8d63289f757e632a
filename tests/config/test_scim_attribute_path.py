"""SCIM paths are known in three forms, and in one spelling of each."""

import pytest

from config.scim_attribute_path import ScimPath, parsed

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PATHS = {
    "userName": ScimPath("userName"),
    "name.givenName": ScimPath("name", sub="givenName"),
    'emails[type eq "work"].value': ScimPath("emails", "work", "value"),
    'emails[type eq "work"]': ScimPath("emails", "work"),
    f"{ENTERPRISE}:department": ScimPath("department", schema=ENTERPRISE),
    f"{ENTERPRISE}:manager.value": ScimPath("manager", sub="value", schema=ENTERPRISE),
}


@pytest.mark.parametrize("text", PATHS)
def test_a_path_is_read_and_written_in_the_same_way(text: str) -> None:
    assert ScimPath.parse(text) == PATHS[text]
    assert str(PATHS[text]) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "user name",
        "userName ",
        "name.givenName.first",
        'emails[type EQ "work"].value',
        'emails[type  eq "work"].value',
        'emails.type eq "work"',
        'emails[value eq "a@b.example"].value',
        'emails[type ne "work"].value',
        'emails[type eq "work" and primary eq true].value',
        'emails[type eq "at work"].value',
        "emails[type eq 1].value",
        "emails[type eq 'work'].value",
    ],
)
def test_another_form_or_spelling_is_none(text: str) -> None:
    assert parsed(text) is None
    with pytest.raises(ValueError, match="not a path that is known here"):
        ScimPath.parse(text)
