"""A group that does not show everybody who is in it: noticed, remembered, and asked otherwise."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from connectors.scim.client import Scim
from connectors.scim.membership.hidden_members import learn_from_size
from reconciler.model.capabilities import Feature
from support.counterparts.scim_list_response import listed

GROUP = {"id": "g1", "displayName": "Sales Team"}
Serve = Callable[..., None]


@pytest.fixture
def serve(httpserver: HTTPServer) -> Serve:
    """A vendor of one group; u1 says of its `groups`, and `finds` is whom a filter finds there."""

    def serve(members: int, groups: Any = None, finds: Callable[[str], bool] | None = None) -> None:
        shown = [{"value": f"m{at}"} for at in range(members)]

        def answer(request: Request) -> Response:
            if "filter" not in request.args:
                return Response(json.dumps(listed([GROUP])))
            if finds is None:
                return Response("{}", status=400)
            asked = re.findall('"(.*?)"', request.args["filter"])[-1]
            return Response(json.dumps(listed([GROUP] if finds(asked) else [])))

        httpserver.expect_request("/v2/Users").respond_with_json(listed([]))
        httpserver.expect_request("/v2/Users/u1").respond_with_json({"id": "u1", "groups": groups})
        httpserver.expect_request("/v2/Groups/g1").respond_with_json({**GROUP, "members": shown})
        httpserver.expect_request("/v2/Groups").respond_with_handler(answer)

    return serve


def hidden(vendor: Scim) -> bool:
    members = vendor.members("g1")
    vendor.learn_from_absence("g1", members, "u1")
    return vendor.hides(vendor.members("g1"))


def test_a_group_that_shows_nobody_while_the_account_names_it(serve: Serve, vendor: Scim) -> None:
    serve(0, groups=[{"value": "g1"}])
    assert hidden(vendor)
    assert vendor.can.known[Feature.MEMBERS] is False


def test_a_group_that_shows_nobody_while_a_filter_finds_the_account(
    serve: Serve, vendor: Scim
) -> None:
    serve(0, finds=lambda account: account == "u1")
    assert hidden(vendor)


def test_a_group_that_shows_a_few_while_a_filter_finds_the_account(
    serve: Serve, vendor: Scim
) -> None:
    """Whatever its limit is, it is remembered."""
    serve(3, finds=lambda account: account == "u1")
    assert hidden(vendor)
    assert vendor.hides({str(at): "" for at in range(4)})
    assert not vendor.hides({"one": "", "two": ""})


@pytest.mark.parametrize("shown", [50, 100, 200])
def test_a_group_that_shows_as_many_as_a_limit(serve: Serve, vendor: Scim, shown: int) -> None:
    serve(shown)
    assert hidden(vendor)


def test_a_group_of_as_many_as_a_limit_whose_filter_finds_only_those(
    serve: Serve, vendor: Scim
) -> None:
    """Then the vendor has not done what it accepted."""
    serve(100, finds=lambda account: account.startswith("m"))
    assert not hidden(vendor)


def test_a_larger_group_disproves_a_limit(serve: Serve, vendor: Scim) -> None:
    serve(50)
    assert hidden(vendor)
    learn_from_size(vendor.can, 70)
    assert not vendor.hides(dict.fromkeys(map(str, range(100)), ""))
    assert vendor.can.known[Feature.MEMBERS] is True


def test_what_the_configuration_says_no_group_disproves(serve: Serve, vendor: Scim) -> None:
    vendor.can.learn(Feature.MEMBERS, works=False)
    learn_from_size(vendor.can, 70)
    assert vendor.hides({})


NOT_HIDDEN: dict[str, dict[str, Any]] = {
    "nothing says that the account is there": {"members": 0},
    "the account names another group": {"members": 0, "groups": [{"value": "g2"}]},
    "the account's groups are no list": {"members": 0, "groups": "g1"},
    "a filter that finds everybody": {"members": 0, "finds": lambda _: True},
    "a filter that finds nobody": {"members": 0, "finds": lambda _: False},
    "some members, and no limit": {"members": 37},
}


@pytest.mark.parametrize("case", NOT_HIDDEN)
def test_whoever_is_not_shown_is_not_there(serve: Serve, vendor: Scim, case: str) -> None:
    serve(**NOT_HIDDEN[case])
    assert not hidden(vendor)


def test_a_small_group_of_such_a_vendor_shows_everybody(serve: Serve, vendor: Scim) -> None:
    serve(37)
    vendor.can.learn(Feature.MEMBERS, works=False)
    assert not vendor.hides(vendor.members("g1"))


@pytest.mark.parametrize(("shown", "hides"), [(0, True), (100, True), (3, False)])
def test_the_reading_names_the_sets_that_others_may_hold(
    serve: Serve, vendor: Scim, shown: int, hides: bool
) -> None:
    serve(shown)
    vendor.can.learn(Feature.MEMBERS, works=False)
    target = vendor.read(["Sales Team"], lambda _: None)
    assert target.hiding_members == ({"Sales Team"} if hides else set())


def test_who_is_not_shown_is_taken_out_by_the_accounts_id(
    serve: Serve, vendor: Scim, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v2/Groups/g1", method="PATCH").respond_with_data("", status=204)
    serve(0)
    vendor.can.learn(Feature.MEMBERS, works=False)
    vendor.move(["u1"], vendor.members_of(["g1"]), {})
    (sent,) = [json.loads(r.data) for r, _ in httpserver.log if r.method == "PATCH"]
    assert sent["Operations"] == [{"op": "remove", "path": 'members[value eq "u1"]'}]
