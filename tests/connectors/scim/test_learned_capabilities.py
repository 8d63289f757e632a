"""What is known of a server spares requests; what it answers counts more."""

import json
from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from config.vendor import VendorSettings
from connectors.scim.client import Scim
from reconciler.model.capabilities import Capabilities, Feature
from support.counterparts.scim_list_response import listed

USERS = [{"id": f"u{at}", "userName": f"user{at}", "externalId": f"x{at}"} for at in range(3)]
Answer = Callable[[str], list[dict[str, str]]]


def who_fits(scim_filter: str) -> list[dict[str, str]]:
    return [user for user in USERS if f'"{user["externalId"]}"' in scim_filter]


def everybody(scim_filter: str) -> list[dict[str, str]]:
    return USERS


def serve(httpserver: HTTPServer, found: Answer, *claims: str) -> None:
    def answer(request: Request) -> Response:
        asked = request.args.get("filter")
        return Response(json.dumps(listed(found(asked) if asked else USERS)))

    httpserver.expect_request("/v2/Users").respond_with_handler(answer)
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([]))
    for user in USERS:
        httpserver.expect_request(f"/v2/Users/{user['id']}").respond_with_json(user)
    httpserver.expect_request("/v2/ServiceProviderConfig").respond_with_json(
        {name: {"supported": name in claims} for name in ("filter", "etag", "sort")}
    )


def client(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings], can: Capabilities
) -> Scim:
    return Scim(settings(httpserver.url_for("/v2")), ("userName",), can=can)


def asked(httpserver: HTTPServer, what: str) -> int:
    return sum(what in f"{r.path}?{r.query_string.decode()}" for r, _ in httpserver.log)


@pytest.mark.parametrize(
    ("found", "claims", "known"),
    [
        (who_fits, ("filter", "etag"), {Feature.FILTER: True, Feature.VERSION: None}),
        (everybody, ("filter", "etag"), {Feature.FILTER: False}),
        (lambda _: [], ("filter", "etag"), {Feature.FILTER: False}),
        (who_fits, ("etag",), {Feature.FILTER: False}),
        (who_fits, ("filter",), {Feature.FILTER: True, Feature.VERSION: False}),
        (who_fits, ("filter", "sort"), {Feature.SORT: True, Feature.CURSOR: False}),
    ],
)
def test_filters_are_tried_on_accounts_that_are_there_and_nothing_that_is_denied(
    httpserver: HTTPServer,
    settings: Callable[[str], VendorSettings],
    found: Answer,
    claims: tuple[str, ...],
    known: dict[str, bool | None],
) -> None:
    serve(httpserver, found, *claims)
    can = Capabilities()
    client(httpserver, settings, can).read([], lambda _: None)
    assert {feature: can.known.get(feature) for feature in known} == known


def test_what_is_known_is_not_tried_again(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    serve(httpserver, who_fits)
    known = {Feature.FILTER: True, Feature.CURSOR: False}
    client(httpserver, settings, Capabilities(known)).read([], lambda _: None)
    assert asked(httpserver, "ServiceProviderConfig") == asked(httpserver, "filter=") == 0


def test_a_filter_that_is_known_not_to_work_is_not_asked(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    serve(httpserver, everybody)
    vendor = client(httpserver, settings, Capabilities({Feature.FILTER: False}))
    assert [hit.id for hit in vendor.find("x1", "nobody")] == ["u1"]
    assert asked(httpserver, "filter=") == 0


def test_an_answer_counts_more_than_what_was_known(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    serve(httpserver, everybody)
    can = Capabilities({Feature.FILTER: True})
    assert [hit.id for hit in client(httpserver, settings, can).find("x1", "nobody")] == ["u1"]
    assert can.known[Feature.FILTER] is False


def test_a_parameter_that_is_refused_is_not_sent_again(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    def answer(request: Request) -> Response:
        if "count" in request.args:
            return Response("{}", status=400)
        return Response(json.dumps(listed(USERS)))

    httpserver.expect_request("/v2/Users").respond_with_handler(answer)
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([]))
    vendor = client(httpserver, settings, Capabilities({Feature.FILTER: False}))
    for _ in range(3):
        assert len(vendor.read([], lambda _: None).accounts) == 3
    assert asked(httpserver, "count=") == 3  # of 200, of 100, of 20
