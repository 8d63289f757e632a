"""Sets that are held by an attribute of the user: no groups are asked, nobody is overwritten."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from config.vendor import InAttribute, VendorSettings
from connectors.errors import CounterpartError
from connectors.scim.client import Scim
from reconciler.model.capabilities import Capabilities
from support.counterparts.scim_list_response import listed
from support.counterparts.scim_user_server import BY_PATH, No, Resource, UserServer

SETS = ["Sales Team", "Marketing Team"]
USERS = [
    {"id": "u0", "userName": "user0", "userType": "Sales Team"},
    {"id": "u1", "userName": "user1", "userType": "Contractor"},
    {"id": "u2", "userName": "user2"},
]


@pytest.fixture
def vendor(httpserver: HTTPServer, settings: Callable[[str], VendorSettings]) -> Scim:
    for user in USERS:
        httpserver.expect_request(f"/v2/Users/{user['id']}", method="GET").respond_with_json(user)
        httpserver.expect_request(f"/v2/Users/{user['id']}", method="PATCH").respond_with_data("")
    httpserver.expect_request("/v2/Users").respond_with_json(listed(USERS))
    said = settings(httpserver.url_for("/v2"))
    by_attribute = said.model_copy(update={"membership": InAttribute(attribute="userType")})
    known = Capabilities(BY_PATH)
    return Scim(by_attribute, ("userName", "externalId"), can=known)


def changes(httpserver: HTTPServer) -> list[tuple[str, Any]]:
    """Whose account was changed, and the operations of each request."""
    return [
        (request.path.rpartition("/")[2], json.loads(request.data)["Operations"])
        for request, _ in httpserver.log
        if request.method != "GET"
    ]


def test_sets_are_read_from_the_users_and_no_group_is_asked(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    target = vendor.read(SETS, lambda _: None)
    assert target.complete
    assert target.groups == {name: (name,) for name in SETS}
    assert target.holdings.to_dict("records") == [{"set": "Sales Team", "account": "u0"}]
    assert target.others.to_dict("records") == [{"set": "Contractor", "account": "u1"}]
    assert vendor.members_of(SETS) == {"Sales Team": {"u0": "u0"}, "Marketing Team": {}}
    assert vendor.probe().groups is None
    assert not [request for request, _ in httpserver.log if "Groups" in request.path]


def test_of_few_accounts_only_these_are_asked_for(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request("/v2/Users/gone").respond_with_data("{}", status=404)
    assert vendor.members_of(SETS, ["u0", "u1", "gone"]) == {
        "Sales Team": {"u0": "u0"},
        "Marketing Team": {},
    }
    asked = [request.path for request, _ in httpserver.log]
    assert asked == ["/v2/Users/u0", "/v2/Users/u1", "/v2/Users/gone"]


def test_a_move_is_one_change(httpserver: HTTPServer, vendor: Scim) -> None:
    vendor.move(["u0"], {"Sales Team": {"u0": "u0"}}, {"Marketing Team": {}})
    replacing = {"op": "replace", "path": "userType", "value": "Marketing Team"}
    assert changes(httpserver) == [("u0", [replacing])]


def test_who_loses_a_set_loses_the_value_and_only_this_one(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    for account in ("u0", "u1", "u2"):
        vendor.move([account], {"Sales Team": {account: account}}, {})
    assert changes(httpserver) == [("u0", [{"op": "remove", "path": "userType"}])]


def test_what_somebody_else_wrote_there_is_not_overwritten(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    with pytest.raises(CounterpartError, match='it is "Contractor" already'):
        vendor.add_member("Sales Team", "u1")
    vendor.add_member("Sales Team", "u0")  # has it
    vendor.add_member("Sales Team", "u2")
    replacing = {"op": "replace", "path": "userType", "value": "Sales Team"}
    assert changes(httpserver) == [("u2", [replacing])]


@pytest.fixture
def server(httpserver: HTTPServer) -> UserServer:
    server = UserServer({"u3": {"id": "u3", "userName": "user3"}})
    httpserver.expect_request("/v2/Users/u3").respond_with_handler(server)
    return server


@pytest.fixture
def unknown(httpserver: HTTPServer, settings: Callable[[str], VendorSettings]) -> Scim:
    """A vendor of which nothing is known yet."""
    said = settings(httpserver.url_for("/v2"))
    by_attribute = said.model_copy(update={"membership": InAttribute(attribute="userType")})
    return Scim(by_attribute, ("userName", "externalId"))


def lower_case(before: Resource, after: Resource) -> Resource:
    return {**after, "userType": str(after.get("userType") or "").lower()}


def as_list(before: Resource, after: Resource) -> Resource:
    value = after.get("userType")
    return {**after, "userType": value if isinstance(value, list) else [value] if value else []}


@pytest.mark.parametrize("keeps", [lower_case, as_list])
def test_a_name_that_the_vendor_writes_its_own_way_is_the_set(
    server: UserServer, unknown: Scim, keeps: Callable[[Resource, Resource], Resource]
) -> None:
    server.keeps = keeps
    unknown.add_member("Sales Team", "u3")
    assert unknown.members_of(SETS, ["u3"]) == {"Sales Team": {"u3": "u3"}, "Marketing Team": {}}
    unknown.move(["u3"], unknown.members_of(["Sales Team"], ["u3"]), {})
    assert unknown.members_of(SETS, ["u3"]) == {"Sales Team": {}, "Marketing Team": {}}


def no_removal(method: str, operation: Resource) -> None:
    if operation["op"] == "remove":
        raise No(400)


@pytest.mark.parametrize("how", ["refused", "ignored"])
def test_what_cannot_be_removed_is_emptied_and_so_at_once_the_next_time(
    server: UserServer, unknown: Scim, how: str
) -> None:
    if how == "refused":
        server.refuses = no_removal
    else:
        server.keeps = lambda before, after: {**before, **after}
    for asked in (["remove", "replace"], ["replace"]):
        unknown.add_member("Sales Team", "u3")
        server.asked.clear()
        unknown.move(["u3"], unknown.members_of(["Sales Team"], ["u3"]), {})
        assert [operations[0]["op"] for _, operations in server.asked] == asked
        assert unknown.members_of(["Sales Team"], ["u3"]) == {"Sales Team": {}}
