"""Who is in a group, however the server writes it."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from connectors.scim.client import Scim
from support.counterparts.scim_list_response import listed

ADA, BEN = "6f9619ff-8b86-d011-b42d-00c04fc964ff", "7f9619ff-8b86-d011-b42d-00c04fc964ff"
USERS = [
    {"id": "a-1", "userName": "ada@harbour.example", "emails": [{"value": "ada@mail.example"}]},
    {"id": "b-2", "userName": "ben@harbour.example", "emails": [{"value": "team@mail.example"}]},
    {"id": "c-3", "userName": "cem@harbour.example", "emails": [{"value": "team@mail.example"}]},
]
SALES = {"id": "g1", "displayName": "Sales Team"}

Serve = Callable[..., None]


@pytest.fixture
def serve(httpserver: HTTPServer) -> Serve:
    def serve(*members: dict[str, Any]) -> None:
        httpserver.expect_request("/v2/Users").respond_with_json(listed(USERS))
        httpserver.expect_request("/v2/Groups").respond_with_json(listed([SALES]))
        group = {**SALES, "members": list(members)}
        httpserver.expect_request("/v2/Groups/g1").respond_with_json(group)

    return serve


@pytest.mark.parametrize(
    "member",
    [
        {"value": "a-1"},
        {"value": "A-1"},
        {"$ref": "https://vendor.example/v2/Users/a-1"},
        {"value": "ADA@harbour.example"},
        {"value": "ada@mail.example"},
    ],
    ids=["id", "id in another case", "$ref", "userName", "mail"],
)
def test_a_member_is_known_however_it_is_written(
    serve: Serve, vendor: Scim, member: dict[str, str]
) -> None:
    serve(member)
    target = vendor.read(["Sales Team"], lambda _: None)
    assert target.holdings.to_numpy().tolist() == [["Sales Team", "a-1"]]


def test_a_member_who_may_be_two_is_neither(serve: Serve, vendor: Scim) -> None:
    serve({"value": "team@mail.example"})
    target = vendor.read(["Sales Team"], lambda _: None)
    assert target.holdings["account"].tolist() == ["team@mail.example"]


@pytest.mark.parametrize("said", [ADA, ADA.upper(), f"{{{ADA}}}", f" {ADA} "])
def test_an_object_id_is_the_same_in_every_spelling(
    httpserver: HTTPServer, vendor: Scim, said: str
) -> None:
    user = {"id": "a-1", "userName": "ada", "externalId": said}
    httpserver.expect_request("/v2/Users").respond_with_json(listed([user]))
    httpserver.expect_request("/v2/Users/a-1").respond_with_json(user)
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([]))
    target = vendor.read([], lambda _: None)
    assert target.accounts["externalId"].tolist() == [ADA]
    assert [account.id for account in vendor.find(ADA, "nobody")] == ["a-1"]
    assert vendor.find(BEN, "nobody") == ()


def test_another_external_id_stays_as_it_is(httpserver: HTTPServer, vendor: Scim) -> None:
    user = {"id": "a-1", "userName": "ada", "externalId": "Ada.Abel "}
    httpserver.expect_request("/v2/Users").respond_with_json(listed([user]))
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([]))
    assert vendor.read([], lambda _: None).accounts["externalId"].tolist() == ["Ada.Abel "]
