"""Servers that bend the RFC, each as one was seen to: nothing may be lost and nobody mistaken."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from config.settings import Vendor
from connectors.errors import Unreachable
from connectors.scim.client import Scim
from connectors.scim.errors import OutcomeUnknown, ScimRefused

PATHS = ("userName", "externalId")


@pytest.fixture
def vendor(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Scim:
    monkeypatch.setenv("TOKEN", "canary-token")
    settings = Vendor.model_validate(
        {
            "name": "ZoomInfo",
            "base_url": httpserver.url_for("/v2"),
            "token": "env:TOKEN",
            "token_issued": "2026-09-01",
            "token_lifetime": "90d",
            "managed_through_idp": True,
        }
    )
    return Scim(settings, PATHS)


def users(count: int) -> list[dict[str, str]]:
    return [
        {"id": f"u{at}", "userName": f"user{at}", "externalId": f"x{at}"} for at in range(count)
    ]


def serve_users(
    httpserver: HTTPServer, page_of: Callable[[int, int], tuple[list[dict[str, str]], Any]]
) -> None:
    """`page_of` gets startIndex and count, and gives the page and totalResults."""

    def answer(request: Request) -> Response:
        page, total = page_of(int(request.args["startIndex"]), int(request.args["count"]))
        return Response(json.dumps({"totalResults": total, "Resources": page}))

    httpserver.expect_request("/v2/Users").respond_with_handler(answer)
    httpserver.expect_request("/v2/Groups").respond_with_json({"totalResults": 0, "Resources": []})


def read(vendor: Scim) -> tuple[int, bool]:
    target = vendor.read([], lambda _: None)
    return len(target.accounts), target.complete


def test_a_total_that_is_only_the_pages_size(httpserver: HTTPServer, vendor: Scim) -> None:
    everybody = users(25)
    serve_users(
        httpserver, lambda start, _: ((page := everybody[start - 1 : start + 9]), len(page))
    )
    assert read(vendor) == (25, True)


def test_a_last_page_that_is_repeated_for_ever(httpserver: HTTPServer, vendor: Scim) -> None:
    everybody = users(25)
    serve_users(httpserver, lambda start, _: (everybody[min(start - 1, 20) :][:10], 25))
    assert read(vendor) == (25, True)


def test_a_server_that_knows_no_pages(httpserver: HTTPServer, vendor: Scim) -> None:
    serve_users(httpserver, lambda *_: (users(25), 25))
    assert read(vendor) == (25, True)


def test_fewer_than_promised_is_not_complete(httpserver: HTTPServer, vendor: Scim) -> None:
    serve_users(httpserver, lambda start, _: (users(480)[start - 1 :], 500))
    target = vendor.read([], lambda _: None)
    assert not target.complete
    assert target.because == "480 of 500 Users were sent"


def test_a_user_twice_does_not_hide_one_that_is_missing(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    everybody = users(10)
    pages = {1: everybody[:5] + everybody[:1], 6: everybody[4:9]}
    serve_users(httpserver, lambda start, _: (pages.get(start, []), 10))
    assert read(vendor) == (9, False)


def test_members_named_by_user_name_are_the_same_accounts(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    httpserver.expect_request("/v2/Users").respond_with_json({"Resources": users(3)})
    group = {"id": "g1", "displayName": "Sales Team"}
    httpserver.expect_request("/v2/Groups").respond_with_json({"Resources": [group]})
    members = [{"value": "USER1"}, {"value": "u2"}, {"value": "gone"}]
    httpserver.expect_request("/v2/Groups/g1").respond_with_json({**group, "members": members})
    target = vendor.read(["Sales Team"], lambda _: None)
    assert set(target.holdings["account"]) == {"u1", "u2", "gone"}


def test_active_as_text(httpserver: HTTPServer, vendor: Scim) -> None:
    said = [True, "True", "false", False, None, "maybe"]
    page = [{"id": str(at), "active": value} for at, value in enumerate(said)]
    httpserver.expect_request("/v2/Users").respond_with_json({"Resources": page})
    httpserver.expect_request("/v2/Groups").respond_with_json({"Resources": []})
    target = vendor.read([], lambda _: None)
    known = target.accounts["active"].astype(object).where(target.accounts["active"].notna(), None)
    assert known.tolist() == [True, True, False, False, None, None]


def test_a_filter_that_is_ignored_mistakes_nobody(httpserver: HTTPServer, vendor: Scim) -> None:
    everybody = users(250)

    def answer(request: Request) -> Response:
        start = int(request.args.get("startIndex", 1))
        return Response(json.dumps({"Resources": everybody[start - 1 : start + 99]}))

    httpserver.expect_request("/v2/Users").respond_with_handler(answer)
    assert [hit.id for hit in vendor.find("x222", "nobody")] == ["u222"]
    assert vendor.find("x999", "nobody") == ()


def test_a_filter_that_is_refused_reads_everybody(httpserver: HTTPServer, vendor: Scim) -> None:
    def answer(request: Request) -> Response:
        if "filter" in request.args:
            return Response("{}", status=400)
        page = users(3) if request.args["startIndex"] == "1" else []
        return Response(json.dumps({"Resources": page}))

    httpserver.expect_request("/v2/Users").respond_with_handler(answer)
    assert [hit.id for hit in vendor.find("nothing", "USER2")] == ["u2"]


def test_a_filter_that_is_a_pattern_mistakes_nobody(httpserver: HTTPServer, vendor: Scim) -> None:
    near = [{"id": "u1", "userName": "anaXharbour.example", "externalId": "x1"}]
    httpserver.expect_request("/v2/Users").respond_with_json({"Resources": near})
    assert vendor.find("x2", "ana.harbour.example") == ()


@pytest.mark.parametrize("status", [404, 500])
def test_what_does_not_exist(httpserver: HTTPServer, vendor: Scim, status: int) -> None:
    body = {"detail": "User does not exist"}
    httpserver.expect_request("/v2/Users/u1").respond_with_json(body, status=status)
    assert vendor.account("u1") is None


def test_created_without_an_id_is_looked_up(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request("/v2/Users", method="POST").respond_with_data("created", status=201)
    httpserver.expect_request("/v2/Users", method="GET").respond_with_json({"Resources": users(1)})
    assert vendor.create_account({"userName": "user0", "externalId": "x0"}) == "u0"


def test_created_without_an_id_and_not_there(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request("/v2/Users", method="POST").respond_with_data("", status=201)
    httpserver.expect_request("/v2/Users", method="GET").respond_with_json({"Resources": []})
    with pytest.raises(Unreachable, match="not there"):
        vendor.create_account({"userName": "user0", "externalId": "x0"})


@pytest.mark.parametrize("status", [200, 204])
def test_a_patch_may_answer_with_or_without_a_body(
    httpserver: HTTPServer, vendor: Scim, status: int
) -> None:
    httpserver.expect_request("/v2/Users/a@b", method="PATCH").respond_with_data("", status=status)
    vendor.update_account("a@b", {"active": False})
    sent = json.loads(httpserver.log[0][0].data)
    assert sent["Operations"] == [{"op": "replace", "path": "active", "value": False}]


def test_a_member_is_removed_by_a_filter_and_alone(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request("/v2/Groups/g1", method="PATCH").respond_with_data("", status=204)
    vendor.remove_member("g1", 'u"1')
    sent = json.loads(httpserver.log[0][0].data)
    assert sent["Operations"] == [{"op": "remove", "path": 'members[value eq "u\\"1"]'}]


def test_html_with_status_200_is_no_answer(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request("/v2/Users").respond_with_data("<html>Maintenance</html>")
    with pytest.raises(Unreachable, match="not JSON"):
        vendor.read([], lambda _: None)


def test_a_redirect_is_not_followed(httpserver: HTTPServer, vendor: Scim) -> None:
    elsewhere = {"Location": httpserver.url_for("/thief")}
    httpserver.expect_request("/v2/Users").respond_with_data("", status=302, headers=elsewhere)
    with pytest.raises(ScimRefused):
        vendor.read([], lambda _: None)
    assert [request.path for request, _ in httpserver.log] == ["/v2/Users"]


def test_a_read_is_tried_again(httpserver: HTTPServer, vendor: Scim) -> None:
    once = {"Retry-After": "0"}
    httpserver.expect_ordered_request("/v2/Users").respond_with_data("", status=503, headers=once)
    httpserver.expect_ordered_request("/v2/Users").respond_with_json({"Resources": []})
    httpserver.expect_ordered_request("/v2/Groups").respond_with_json({"Resources": []})
    assert read(vendor) == (0, True)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_write_is_not(httpserver: HTTPServer, vendor: Scim, status: int) -> None:
    httpserver.expect_request("/v2/Users/u1").respond_with_data("", status=status)
    with pytest.raises(ScimRefused):
        vendor.update_account("u1", {"active": True})
    assert len(httpserver.log) == 1


def test_a_write_without_an_answer_has_an_unknown_outcome(
    vendor: Scim, httpserver: HTTPServer
) -> None:
    from connectors.scim import transport

    def slow(_: Request) -> Response:
        import time

        time.sleep(1)
        return Response("{}")

    httpserver.expect_request("/v2/Users/u1").respond_with_handler(slow)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport, "READ_SECONDS", 0.2)
        with pytest.raises(OutcomeUnknown, match="no answer"):
            vendor.update_account("u1", {"active": True})


def test_a_remote_text_is_shortened_and_tamed(httpserver: HTTPServer, vendor: Scim) -> None:
    hostile = "no\x1b[31m\u202e" + "x" * 5000
    httpserver.expect_request("/v2/Users/u1").respond_with_json({"detail": hostile}, status=400)
    with pytest.raises(ScimRefused) as caught:
        vendor.update_account("u1", {"active": True})
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()
    assert "canary-token" not in str(caught.value)
