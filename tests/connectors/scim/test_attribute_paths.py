"""What stands at a path of a resource, however its server writes it."""

import pytest

from connectors.scim.attribute_paths import Resource, pick

EXTENSION = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WORK = 'emails[type eq "work"].value'


@pytest.mark.parametrize(
    ("resource", "path", "value"),
    [
        ({"userName": "ana"}, "userName", "ana"),
        ({"userName": ["ana"]}, "userName", "ana"),
        ({"userName": 7}, "userName", "7"),
        ({"userName": ""}, "userName", None),
        ({"userName": None}, "userName", None),
        ({}, "userName", None),
        ({"name": {"givenName": "Ana"}}, "name.givenName", "Ana"),
        ({"name": [{"givenName": "Ana"}]}, "name.givenName", "Ana"),
        ({"name": {"givenName": 7}}, "name.givenName", "7"),
        ({"name": {"givenName": ""}}, "name.givenName", None),
        ({"name": "Ana Abel"}, "name.givenName", None),
        ({"emails": [{"type": "work", "value": "a@b.example"}]}, WORK, "a@b.example"),
        ({"emails": "a@b.example"}, 'emails[type eq "work"]', None),
        ({EXTENSION: {"department": "Sales"}}, f"{EXTENSION}:department", "Sales"),
        ({"department": "Sales"}, f"{EXTENSION}:department", None),
    ],
)
def test_a_value_is_text_or_none(resource: Resource, path: str, value: str | None) -> None:
    assert pick(resource, path) == value
