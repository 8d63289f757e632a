"""Attributes are changed in the form that the server takes; that is found out once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from config.vendor import VendorSettings
from connectors.scim.attribute_paths import new_entries
from connectors.scim.client import Scim
from connectors.scim.errors import ScimRefused
from reconciler.model.capabilities import Capabilities
from support.counterparts.scim_user_server import BY_PATH, No, Resource, UserServer

MAIL = 'emails[type eq "work"].value'
PATHS = ("userName", "active", MAIL, "name.givenName", "name.familyName", "externalId")
NEW = {MAIL: "new@moor.example", "name.familyName": "Newname"}


def user(at: int) -> Resource:
    return {
        "id": f"u{at}",
        "userName": f"user{at}",
        "active": True,
        "name": {"givenName": "Ana", "familyName": "Abel"},
        "emails": [
            {"type": "home", "value": "home@moor.example"},
            {"type": "work", "value": "old@moor.example", "primary": True},
        ],
    }


@pytest.fixture
def server(httpserver: HTTPServer) -> UserServer:
    server = UserServer({f"u{at}": user(at) for at in range(3)})
    httpserver.expect_request(re.compile("/v2/Users/.*")).respond_with_handler(server)
    return server


@pytest.fixture
def vendor(httpserver: HTTPServer, settings: Callable[[str], VendorSettings]) -> Scim:
    return Scim(settings(httpserver.url_for("/v2")), PATHS, can=Capabilities())


def no_filters(method: str, operation: Resource) -> None:
    if "[" in str(operation.get("path")):
        raise No(400, "invalidPath")


def no_paths(method: str, operation: Resource) -> None:
    if operation.get("path"):
        raise No(400, "invalidSyntax")


def no_patch(status: int) -> Callable[[str, Resource], None]:
    def refuse(method: str, operation: Resource) -> None:
        if method == "PATCH":
            raise No(status)

    return refuse


def adds_instead(before: Resource, after: Resource) -> Resource:
    """A changed address becomes one more, behind the old one."""
    return {**after, "emails": [*before["emails"], after["emails"][1]]}


HABITS: dict[str, dict[str, Any]] = {
    "tidy": {},
    "no filters in paths": {"refuses": no_filters},
    "no paths": {"refuses": no_paths},
    "adds instead of replacing": {"keeps_entries": adds_instead},
    "accepts a filtered path and does nothing": {"keeps_entries": lambda before, after: before},
    **{f"no PATCH: {status}": {"refuses": no_patch(status)} for status in (404, 405, 501)},
}


@pytest.mark.parametrize("habit", HABITS)
def test_the_form_is_tried_once_read_back_and_remembered(
    server: UserServer, vendor: Scim, habit: str
) -> None:
    for name, bent in HABITS[habit].items():
        setattr(server, name, bent)
    vendor.update_account("u0", NEW)
    server.asked.clear()
    vendor.update_account("u1", NEW)
    assert len(server.asked) == 1
    for at in ("u0", "u1"):
        kept = server.users[at]
        assert kept["name"] == {"givenName": "Ana", "familyName": "Newname"}
        assert sorted(entry["value"] for entry in kept["emails"]) == [
            "home@moor.example",
            "new@moor.example",
        ]


@pytest.mark.parametrize("habit", HABITS)
def test_what_has_no_value_is_removed_in_the_form_that_the_server_takes(
    server: UserServer, vendor: Scim, habit: str
) -> None:
    for name, bent in HABITS[habit].items():
        setattr(server, name, bent)
    server.users["u0"]["title"] = "Boss"
    vendor.update_account("u0", {"title": None, "name.familyName": None, "userName": "other"})
    kept = server.users["u0"]
    assert (kept.get("title"), kept["name"], kept["userName"]) == (
        None,
        {"givenName": "Ana"},
        "other",
    )
    assert [entry["type"] for entry in kept["emails"]] == ["home", "work"]


@pytest.mark.parametrize("habit", ["tidy", "no filters in paths", "no paths", "no PATCH: 501"])
def test_an_entry_without_a_value_is_removed_alone(
    server: UserServer, vendor: Scim, habit: str
) -> None:
    for name, bent in HABITS[habit].items():
        setattr(server, name, bent)
    vendor.update_account("u0", {MAIL: None})
    assert [entry["value"] for entry in server.users["u0"]["emails"]] == ["home@moor.example"]


STREET, CITY = 'addresses[type eq "work"].streetAddress', 'addresses[type eq "work"].locality'
COUNTRY = 'addresses[type eq "work"].country'
DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"


@pytest.mark.parametrize("habit", ["tidy", "no filters in paths", "no paths", "no PATCH: 501"])
def test_parts_of_an_address_are_one_entry(server: UserServer, vendor: Scim, habit: str) -> None:
    for name, bent in HABITS[habit].items():
        setattr(server, name, bent)
    vendor.update_account("u0", {STREET: "1 High Street", CITY: "Moor"})
    server.users["u0"]["emails"] = []
    vendor.update_account("u0", {COUNTRY: "GB", MAIL: "new@moor.example"})
    (address,) = server.users["u0"]["addresses"]
    said = {name: value for name, value in address.items() if name not in {"type", "primary"}}
    assert said == {"streetAddress": "1 High Street", "locality": "Moor", "country": "GB"}
    vendor.update_account("u0", {STREET: None, COUNTRY: None})
    (address,) = server.users["u0"]["addresses"]
    assert "streetAddress" not in address
    assert address["locality"] == "Moor"
    vendor.update_account("u0", {CITY: None})
    assert not any("locality" in entry for entry in server.users["u0"]["addresses"])


def test_a_new_entry_has_all_its_parts_at_once() -> None:
    assert new_entries({STREET: "1 High Street", MAIL: "a@moor.example", CITY: "Moor"}) == [
        ("addresses", {"type": "work", "streetAddress": "1 High Street", "locality": "Moor"}),
        ("emails", {"type": "work", "value": "a@moor.example"}),
    ]


@pytest.mark.parametrize("habit", ["tidy", "no paths", "no PATCH: 501"])
def test_an_attribute_of_the_enterprise_extension_is_changed_and_removed(
    server: UserServer, vendor: Scim, habit: str
) -> None:
    for name, bent in HABITS[habit].items():
        setattr(server, name, bent)
    vendor.update_account("u0", {DEPARTMENT: "Sales"})
    schema, _, attribute = DEPARTMENT.rpartition(":")
    assert server.users["u0"][schema] == {attribute: "Sales"}
    vendor.update_account("u0", {DEPARTMENT: None})
    assert not server.users["u0"][schema].get(attribute)


def test_one_attribute_that_is_refused_keeps_back_no_other(
    server: UserServer, vendor: Scim
) -> None:
    def fixed_name(method: str, operation: Resource) -> None:
        if operation.get("path") == "userName":
            raise No(400, "mutability")

    server.refuses = fixed_name
    with pytest.raises(ScimRefused, match="userName") as caught:
        vendor.update_account("u0", {**NEW, "userName": "other"})
    assert caught.value.halfway
    assert server.users["u0"]["name"]["familyName"] == "Newname"
    assert vendor.habits.is_fixed("userName")
    server.asked.clear()
    with pytest.raises(ScimRefused, match="keeps its own value"):
        vendor.update_account("u1", {**NEW, "userName": "other"})
    assert "userName" not in str(server.asked)
    assert server.users["u1"]["name"]["familyName"] == "Newname"


def test_a_value_that_is_refused_says_nothing_of_the_form(server: UserServer, vendor: Scim) -> None:
    def bad_value(method: str, operation: Resource) -> None:
        raise No(400, "invalidValue")

    server.refuses = bad_value
    with pytest.raises(ScimRefused):
        vendor.update_account("u0", {"name.familyName": "Newname"})
    assert len(server.asked) == 1
    assert not vendor.can.known


def test_nothing_is_read_where_the_form_is_known(
    httpserver: HTTPServer, server: UserServer, settings: Callable[[str], VendorSettings]
) -> None:
    vendor = Scim(settings(httpserver.url_for("/v2")), PATHS, can=Capabilities(BY_PATH))
    vendor.update_account("u0", NEW)
    assert [request.method for request, _ in httpserver.log] == ["PATCH"]


def test_a_server_that_knows_no_types_has_one_address(server: UserServer, vendor: Scim) -> None:
    server.users["u0"]["emails"] = [
        {"value": "home@moor.example"},
        {"value": "old@moor.example", "primary": True},
    ]
    account = vendor.account("u0")
    assert account
    assert account.attributes[MAIL] == "old@moor.example"
