"""Servers that bend the RFC, each as one was seen to: nothing may be lost and nobody mistaken."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from connectors.errors import Unreachable
from connectors.scim.client import Probe, Scim
from connectors.scim.errors import ScimRefused
from connectors.scim.reading.listing import MOST_READINGS
from support.counterparts.scim_list_response import listed


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
    serve_users(httpserver, lambda *_: (users(23), 23))
    assert read(vendor) == (23, True)


@pytest.mark.parametrize("status", [400, 500])
def test_a_server_that_fails_on_count(httpserver: HTTPServer, vendor: Scim, status: int) -> None:
    everybody = users(25)

    def answer(request: Request) -> Response:
        if "count" in request.args:
            return Response("{}", status=status)
        start = int(request.args["startIndex"])
        return Response(json.dumps({"Resources": everybody[start - 1 : start + 9]}))

    httpserver.expect_request("/v2/Users").respond_with_handler(answer)
    httpserver.expect_request("/v2/Groups").respond_with_json({"totalResults": 0})
    assert read(vendor) == (25, True)


ODD_ANSWERS = [
    {"error": "busy"},
    {},
    {"Resources": "busy"},
    {"Resources": [1]},
    {"Resources": [{"userName": "without an id"}]},
    {"Resources": [{"id": "a\0b", "userName": "no database holds this id"}]},
    {"Resources": [{"id": "x" * 256, "userName": "nor this one"}]},
]


@pytest.mark.parametrize("answer", ODD_ANSWERS)
def test_something_else_with_status_200_is_not_nobody(
    httpserver: HTTPServer, vendor: Scim, answer: object
) -> None:
    httpserver.expect_request("/v2/Users").respond_with_json(answer)
    with pytest.raises(Unreachable, match="reading Users"):
        vendor.read([], lambda _: None)
    with pytest.raises(Unreachable, match="reading Users"):
        vendor.probe()


@pytest.mark.parametrize("answer", [{}, {"id": "other"}, {"id": "g1", "members": "none"}])
def test_something_else_is_not_an_empty_group(
    httpserver: HTTPServer, vendor: Scim, answer: dict[str, str]
) -> None:
    httpserver.expect_request("/v2/Users").respond_with_json(listed(users(3)))
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([GROUP]))
    httpserver.expect_request("/v2/Groups/g1").respond_with_json(answer)
    target = vendor.read(["Sales Team"], lambda _: None)
    assert not target.complete
    assert "g1" in target.because


def test_another_group_that_cannot_be_read_is_named_and_stops_nothing(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    httpserver.expect_request("/v2/Users").respond_with_json(listed(users(3)))
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([GROUP]))
    httpserver.expect_request("/v2/Groups/g1").respond_with_data("{}", status=403)
    target = vendor.read([], lambda _: None)
    assert target.complete
    assert target.unread == ("Sales Team",)


def test_a_group_without_a_name_is_called_by_its_id(httpserver: HTTPServer, vendor: Scim) -> None:
    nameless = {"id": "g1", "members": [{"value": "u1"}]}
    httpserver.expect_request("/v2/Users").respond_with_json(listed(users(3)))
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([nameless]))
    httpserver.expect_request("/v2/Groups/g1").respond_with_json(nameless)
    assert vendor.read([], lambda _: None).others.values.tolist() == [["g1", "u1"]]


def test_somebody_else_is_not_the_account(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request("/v2/Users/u1").respond_with_json(users(1)[0])
    with pytest.raises(Unreachable, match="something else"):
        vendor.account("u1")


def test_fewer_than_promised_is_not_complete(httpserver: HTTPServer, vendor: Scim) -> None:
    serve_users(httpserver, lambda start, _: (users(480)[start - 1 :], 500))
    target = vendor.read([], lambda _: None)
    assert not target.complete
    assert target.because.startswith("480 of 500 Users were sent")


WHILE_PAGES_ARE_READ = {
    "somebody came before those who were sent": lambda at: users(300)[: 299 + at][::-1],
    "somebody went who was sent": lambda at: users(300)[at:],
}


@pytest.mark.parametrize("now", WHILE_PAGES_ARE_READ.values(), ids=WHILE_PAGES_ARE_READ)
def test_who_comes_or_goes_between_two_pages_hides_nobody(
    httpserver: HTTPServer, vendor: Scim, now: Callable[[int], list[dict[str, str]]]
) -> None:
    asked: list[int] = []

    def page_of(start: int, count: int) -> tuple[list[dict[str, str]], int]:
        asked.append(start)
        everybody = now(0 if len(asked) == 1 else 1)
        return everybody[start - 1 :][:count], len(everybody)

    serve_users(httpserver, page_of)
    target = vendor.read([], lambda _: None)
    assert target.complete
    assert set(target.accounts["account"]) == {user["id"] for user in now(1)}


def test_a_vendor_that_never_stands_still_is_not_read_for_ever(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    asked: list[int] = []

    def page_of(start: int, count: int) -> tuple[list[dict[str, str]], int]:
        asked.append(start)
        return users(480)[start - 1 :][:count], 500 + len(asked)

    serve_users(httpserver, page_of)
    assert read(vendor) == (480, False)
    assert asked.count(1) == MOST_READINGS


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
    httpserver.expect_request("/v2/Users").respond_with_json(listed(users(3)))
    group = {"id": "g1", "displayName": "Sales Team"}
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([group]))
    members = [{"value": "USER1"}, {"value": "u2"}, {"value": "gone"}]
    httpserver.expect_request("/v2/Groups/g1").respond_with_json({**group, "members": members})
    target = vendor.read(["Sales Team"], lambda _: None)
    assert set(target.holdings["account"]) == {"u1", "u2", "gone"}


def test_active_as_text(httpserver: HTTPServer, vendor: Scim) -> None:
    said = [True, "True", "false", False, None, "maybe"]
    page = [{"id": str(at), "active": value} for at, value in enumerate(said)]
    httpserver.expect_request("/v2/Users").respond_with_json(listed(page))
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([]))
    target = vendor.read([], lambda _: None)
    known = target.accounts["active"].astype(object).where(target.accounts["active"].notna(), None)
    assert known.tolist() == [True, True, False, False, None, None]


def serve_everybody(
    httpserver: HTTPServer, everybody: list[dict[str, str]], filtered: Callable[[str], Response]
) -> None:
    """Pages and single users as they should be; `filtered` answers a look-up."""

    def answer(request: Request) -> Response:
        if "filter" in request.args:
            return filtered(request.args["filter"])
        start = int(request.args["startIndex"])
        return Response(json.dumps({"Resources": everybody[start - 1 : start + 99]}))

    httpserver.expect_request("/v2/Users").respond_with_handler(answer)
    for user in everybody:
        httpserver.expect_request(f"/v2/Users/{user['id']}").respond_with_json(user)


FILTERS = {
    "ignored": lambda _: Response(json.dumps({"Resources": users(100)})),
    "refused": lambda _: Response("{}", status=400),
    "broken": lambda _: Response("{}", status=500),
    "compared by case, and only userName": lambda text: Response(
        json.dumps({"Resources": users(250)[222:223] if '"user222"' in text else []})
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_that_cannot_be_trusted(httpserver: HTTPServer, vendor: Scim, name: str) -> None:
    serve_everybody(httpserver, users(250), FILTERS[name])
    assert [hit.id for hit in vendor.find("x222", "nobody")] == ["u222"]
    assert [hit.id for hit in vendor.find("nothing", "USER222")] == ["u222"]
    assert vendor.find("x999", "nobody") == ()
    assert vendor.find("X222", "nobody") == ()


def test_everybody_is_listed_once_for_all_look_ups(httpserver: HTTPServer, vendor: Scim) -> None:
    serve_everybody(httpserver, users(250), FILTERS["refused"])
    for number in range(5):
        vendor.find(f"x{number}", "nobody")
    pages = [r for r, _ in httpserver.log if r.path == "/v2/Users" and "filter" not in r.args]
    assert len(pages) == 4


def test_what_the_list_said_is_read_again(httpserver: HTTPServer, vendor: Scim) -> None:
    """The list is older than the question: u1 got another name since, u2 has gone."""
    serve_everybody(httpserver, users(3), FILTERS["refused"])
    vendor.find("x0", "user0")
    httpserver.clear_all_handlers()
    serve_everybody(httpserver, [{**users(2)[1], "userName": "renamed"}], FILTERS["refused"])
    httpserver.expect_request("/v2/Users/u2").respond_with_data("", status=404)
    assert vendor.find("nothing", "user1") == ()
    assert vendor.find("nothing", "user2") == ()


def test_nobody_is_not_concluded_from_half_a_list(httpserver: HTTPServer, vendor: Scim) -> None:
    half = {"totalResults": 9, "Resources": [{"id": "1", "displayName": "Other"}]}
    httpserver.expect_request("/v2/Groups").respond_with_json(half)
    with pytest.raises(Unreachable, match="1 of 9 Groups"):
        vendor.groups_named("Sales Team")
    half = {"totalResults": 9, "Resources": users(1)}
    httpserver.expect_request("/v2/Users").respond_with_json(half)
    with pytest.raises(Unreachable, match="1 of 9 Users"):
        vendor.find("x5", "user5")


def test_a_filter_that_is_a_pattern_mistakes_nobody(httpserver: HTTPServer, vendor: Scim) -> None:
    near = [{"id": "u1", "userName": "anaXharbour.example", "externalId": "x1"}]
    httpserver.expect_request("/v2/Users").respond_with_json(listed(near))
    assert vendor.find("x2", "ana.harbour.example") == ()


@pytest.mark.parametrize("status", [404, 500])
def test_what_does_not_exist(httpserver: HTTPServer, vendor: Scim, status: int) -> None:
    body = {"detail": "User does not exist"}
    httpserver.expect_request("/v2/Users/u1").respond_with_json(body, status=status)
    assert vendor.account("u1") is None


@pytest.mark.parametrize("answer", ["created", '{"id": null}', '{"id": "a\\u0000"}'])
def test_created_without_an_id_is_nothing_but_accepted(
    httpserver: HTTPServer, vendor: Scim, answer: str
) -> None:
    httpserver.expect_request("/v2/Users", method="POST").respond_with_data(answer, status=201)
    assert vendor.create_account({"userName": "user0", "externalId": "x0"}) is None


def test_created_without_an_id_after_everybody_was_listed(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    serve_everybody(httpserver, users(2), FILTERS["refused"])
    assert vendor.find("x2", "user2") == ()
    httpserver.clear_all_handlers()
    httpserver.expect_request("/v2/Users", method="POST").respond_with_data("", status=201)
    serve_everybody(httpserver, users(3), FILTERS["refused"])
    assert vendor.create_account({"userName": "user2", "externalId": "x2"}) is None
    assert [hit.id for hit in vendor.find("x2", "user2")] == ["u2"]


def test_accounts_of_this_run_are_known_by_user_name(httpserver: HTTPServer, vendor: Scim) -> None:
    """Created and renamed after everybody was listed, and then named by a group."""
    serve_group(httpserver, "new@harbour.example", "renamed@harbour.example")
    httpserver.expect_request("/v2/Users", method="POST").respond_with_json({"id": "u9"})
    httpserver.expect_request("/v2/Users/u1", method="PATCH").respond_with_data("", status=204)
    serve_users(httpserver, lambda start, _: (users(3)[start - 1 :], 3))
    vendor.members("g1")
    vendor.create_account({"userName": "New@harbour.example", "externalId": "x9"})
    vendor.update_account("u1", {"userName": "Renamed@harbour.example"})
    assert set(vendor.members("g1")) == {"u9", "u1"}


@pytest.mark.parametrize("status", [200, 204])
def test_a_patch_may_answer_with_or_without_a_body(
    httpserver: HTTPServer, vendor: Scim, status: int
) -> None:
    httpserver.expect_request("/v2/Users/a@b", method="PATCH").respond_with_data("", status=status)
    vendor.update_account("a@b", {"active": False})
    sent = json.loads(httpserver.log[0][0].data)
    assert sent["Operations"] == [{"op": "replace", "path": "active", "value": False}]


GROUP = {"id": "g1", "displayName": "Sales Team"}


def serve_group(httpserver: HTTPServer, *members: str) -> Callable[[], list[dict[str, Any]]]:
    """A group of these members; gives the operations that were sent to it."""
    entries = [{"value": member} for member in members]
    httpserver.expect_request("/v2/Groups/g1", method="GET").respond_with_json(
        {**GROUP, "members": entries}
    )
    httpserver.expect_request("/v2/Groups/g1", method="PATCH").respond_with_data("", status=204)
    sent = [request for request, _ in httpserver.log]
    return lambda: [
        operation
        for request, _ in httpserver.log[len(sent) :]
        if request.method == "PATCH"
        for operation in json.loads(request.data)["Operations"]
    ]


def test_a_member_is_removed_by_a_filter_and_alone(httpserver: HTTPServer, vendor: Scim) -> None:
    serve_users(httpserver, lambda start, _: (users(3)[start - 1 :], 3))
    operations = serve_group(httpserver, 'u"1', "u2")
    vendor.move(['u"1'], vendor.members_of(["g1"]), {})
    assert operations() == [{"op": "remove", "path": 'members[value eq "u\\"1"]'}]


def test_members_named_by_user_name_come_and_go(httpserver: HTTPServer, vendor: Scim) -> None:
    serve_users(httpserver, lambda start, _: (users(3)[start - 1 :], 3))
    operations = serve_group(httpserver, "USER1", "u2")
    assert set(vendor.members("g1")) == {"u1", "u2"}
    vendor.add_member("g1", "u1")
    vendor.move(["u0"], vendor.members_of(["g1"]), {})
    assert operations() == []
    vendor.move(["u1"], vendor.members_of(["g1"]), {})
    vendor.add_member("g1", "u0")
    assert operations() == [
        {"op": "remove", "path": 'members[value eq "USER1"]'},
        {"op": "add", "path": "members", "value": [{"value": "u0"}]},
    ]


def test_a_member_that_is_stored_twice_is_one(httpserver: HTTPServer, vendor: Scim) -> None:
    serve_users(httpserver, lambda start, _: (users(3)[start - 1 :], 3))
    serve_group(httpserver, "u1", "u1")
    assert set(vendor.members("g1")) == {"u1"}


def test_an_empty_group_that_is_refused_says_why(httpserver: HTTPServer, vendor: Scim) -> None:
    body = {"detail": "members: at least one is required", "scimType": "invalidValue"}
    httpserver.expect_request("/v2/Groups").respond_with_json(body, status=400)
    with pytest.raises(ScimRefused, match="at least one is required") as caught:
        vendor.create_set_group("Sales Team")
    assert caught.value.scim_type == "invalidValue"


def test_a_service_provider_that_claims_nothing(httpserver: HTTPServer, vendor: Scim) -> None:
    few = {"totalResults": "3", "Resources": []}
    httpserver.expect_request("/v2/Users").respond_with_json(few)
    httpserver.expect_request("/v2/Groups").respond_with_json({**few, "totalResults": "many"})
    httpserver.expect_request("/v2/ServiceProviderConfig").respond_with_data("<html>", status=404)
    assert vendor.probe() == Probe(users=3, groups=0)
    assert vendor.claims() == ()
