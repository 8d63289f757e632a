"""An account is changed only as it was last read, where the server can tell (RFC 7644, 3.14)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from config.vendor import VendorSettings
from connectors.sandbox.server import Sandbox
from connectors.scim.client import Scim
from connectors.scim.errors import Changed
from reconciler.model.capabilities import Capabilities, Feature
from support.counterparts.running_vendor import running_vendor, settings_of
from support.counterparts.scim_user_server import BY_PATH

PATHS = ("userName", "active", "externalId", "userType")
ANA = {"userName": "ana@harbour.example", "externalId": "id-of-ana", "active": True}
U1 = "/v2/Users/u1"

Another = Callable[[], Scim]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_vendor({"Sales Team": ["Sales"]}) as sandbox:
        yield sandbox


@pytest.fixture
def another(sandbox: Sandbox, tmp_path: Path) -> Another:
    """One more client of the same vendor."""
    return lambda: Scim(settings_of(sandbox, tmp_path).vendor, PATHS)


@pytest.mark.parametrize("look", ["all", "one", "by name"])
def test_an_account_that_somebody_changed_meanwhile_is_left_as_it_is(
    another: Another, look: str
) -> None:
    ours, theirs = another(), another()
    at = theirs.create_account(ANA)
    if look == "all":
        ours.read([], lambda _: None)
    elif look == "one":
        ours.account(at)
    else:
        ours.find("id-of-ana", "")
    theirs.update_account(at, {"userType": "Boss"})
    with pytest.raises(Changed, match="it changed after it was read"):
        ours.update_account(at, {"active": False})
    left = theirs.account(at)
    assert left
    assert left.active is True


def test_what_is_read_again_may_be_changed(another: Another) -> None:
    ours, theirs = another(), another()
    at = theirs.create_account(ANA)
    ours.account(at)
    theirs.update_account(at, {"userType": "Boss"})
    ours.account(at)
    ours.update_account(at, {"active": False})


def test_what_this_client_did_itself_is_no_change(another: Another) -> None:
    ours = another()
    at = ours.create_account(ANA)
    ours.account(at)
    ours.update_account(at, {"userType": "Boss"})
    ours.update_account(at, {"active": False})
    changed = ours.account(at)
    assert changed
    assert (changed.active, changed.attributes["userType"]) == (False, "Boss")


@pytest.fixture
def versions(httpserver: HTTPServer) -> list[str | None]:
    """What PATCH requests for u1 name; every read gives version "7"."""
    named: list[str | None] = []

    def note(request: Request) -> Response:
        named.append(request.headers.get("If-Match"))
        return Response("", status=204)

    httpserver.expect_request(U1, method="GET").respond_with_json(
        {"id": "u1", "meta": {"version": 'W/"7"'}}
    )
    httpserver.expect_request(U1, method="PATCH").respond_with_handler(note)
    httpserver.expect_request("/v2/Groups/g1", method="PATCH").respond_with_data("", status=204)
    return named


def test_the_version_that_was_read_is_named_once(vendor: Scim, versions: list[str | None]) -> None:
    vendor.account("u1")
    vendor.update_account("u1", {"active": True})
    vendor.update_account("u1", {"active": False})
    assert versions == ['W/"7"', None]


def test_a_set_may_be_a_part_of_the_account(vendor: Scim, versions: list[str | None]) -> None:
    vendor.account("u1")
    vendor.move(["u1"], {}, {"g1": {}})
    vendor.update_account("u1", {"active": True})
    assert versions == [None]


def test_a_server_that_is_known_to_have_none_is_told_none(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings], versions: list[str | None]
) -> None:
    can = Capabilities({Feature.VERSION: False, **BY_PATH})
    vendor = Scim(settings(httpserver.url_for("/v2")), PATHS, can=can)
    vendor.account("u1")
    vendor.update_account("u1", {"active": True})
    assert versions == [None]


def test_a_server_that_refuses_its_own_version_is_believed_no_more(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    def judge(request: Request) -> Response:
        return Response("", status=412 if "If-Match" in request.headers else 204)

    user = {"id": "u1", "meta": {"version": 'W/"7"'}}
    httpserver.expect_request(U1, method="GET").respond_with_json(user)
    httpserver.expect_request(U1, method="PATCH").respond_with_handler(judge)
    can = Capabilities()
    vendor = Scim(settings(httpserver.url_for("/v2")), PATHS, can=can)
    vendor.account("u1")
    vendor.update_account("u1", {"active": True})
    assert can.known == {Feature.VERSION: False}


@pytest.mark.parametrize("odd", ['W/"\u2603"', 'W/"1"\r\nX-Other: 1', 'W/"\u00e9"', " 7", "7\0"])
def test_a_version_that_no_header_can_hold_is_none(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings], odd: str
) -> None:
    asked: list[str | None] = []

    def note(request: Request) -> Response:
        asked.append(request.headers.get("If-Match"))
        return Response("", status=204)

    user = {"id": "u1", "meta": {"version": odd}}
    httpserver.expect_request(U1, method="GET").respond_with_json(user)
    httpserver.expect_request(U1, method="PATCH").respond_with_handler(note)
    vendor = Scim(settings(httpserver.url_for("/v2")), PATHS, can=Capabilities(BY_PATH))
    assert vendor.account("u1")
    vendor.update_account("u1", {"active": False})
    assert asked == [None]
