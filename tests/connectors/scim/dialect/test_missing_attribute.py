"""Which attribute a server misses is told by its own words, and by nothing less."""

import pytest

from connectors.scim.dialect.missing_attribute import missed
from connectors.scim.errors import ScimRefused

SENT = [
    "userName",
    "externalId",
    "name.givenName",
    "name.familyName",
    'emails[type eq "work"].value',
]

DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("name.formatted is required", "name.formatted"),
        ("Formatted name can't be blank", "name.formatted"),
        ("'displayName' must not be empty", "displayName"),
        ("display_name: missing", "displayName"),
        ("title cannot be null", "title"),
        (f"Required attribute {DEPARTMENT} missing", DEPARTMENT),
        ("The attribute locale was not provided", "locale"),
    ],
)
@pytest.mark.parametrize("status", [400, 422])
def test_an_attribute_that_was_not_sent_is_missed(words: str, path: str, status: int) -> None:
    assert missed(ScimRefused("POST /Users", status, words), SENT) == path


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("family name is required", 400),  # it was sent
        ("emails: required", 400),
        ("userName must be unique", 400),
        ("value is not a valid email address", 422),
        ("the title Engineer is invalid", 400),
        ("a subscription is required: your organization has no seats left", 400),
        ("title is required", 403),
        ("title is required", 500),
    ],
)
def test_what_was_sent_or_is_refused_otherwise_is_not(words: str, status: int) -> None:
    assert missed(ScimRefused("POST /Users", status, words), SENT) is None
