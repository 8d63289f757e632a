"""Accounts are switched off and on at vendors that show it in their own way, or not at all."""

import re
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from config.attribute_mapping import GUIDE_MAPPING
from config.vendor import VendorSettings
from connectors.scim.client import Scim
from jobs.executor.execute_batch import execute
from jobs.operation_results import OperationResult
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.plan import Operation, State, Subject
from support.counterparts.scim_user_server import Resource, UserServer

PATHS = ("userName", "active", "externalId")


@pytest.fixture
def server(httpserver: HTTPServer) -> UserServer:
    server = UserServer({"u1": {"id": "u1", "userName": "ana", "active": True}})
    httpserver.expect_request(re.compile("/v2/Users/.*")).respond_with_handler(server)
    return server


@pytest.fixture
def vendor(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scim]:
    monkeypatch.setenv("TOKEN", "canary-token")
    settings = VendorSettings.model_validate(
        {
            "name": "ZoomInfo",
            "base_url": httpserver.url_for("/v2"),
            "token": "env:TOKEN",
            "token_issued": "2026-09-01",
            "token_lifetime": "90d",
            "managed_through_idp": True,
            "max_requests_per_second": 1000,
        }
    )
    with Scim(settings, PATHS, can=Capabilities()) as vendor:
        yield vendor


def switch(vendor: Scim, *, on: bool) -> OperationResult:
    operation = Operation(
        index=0,
        subject=Subject(kind="user", id="ana", name="ana"),
        account="u1",
        before=State(active=not on),
        after=State(active=on),
        reason="U3",
    )
    (outcome,) = execute(vendor, {}, [operation], {}, {}, GUIDE_MAPPING.matching, lambda: "")
    return outcome


@pytest.mark.parametrize("shown", [str, int, lambda active: f" {active} ".upper()])
def test_true_and_false_are_understood_however_they_are_shown(
    server: UserServer, vendor: Scim, shown: type
) -> None:
    server.keeps = lambda before, after: {**after, "active": shown(after["active"])}
    for on in (False, True):
        assert switch(vendor, on=on).result == "done"
        account = vendor.account("u1")
        assert account
        assert account.active is on


def test_what_is_not_shown_is_done_if_it_was_accepted(server: UserServer, vendor: Scim) -> None:
    server.users["u1"].pop("active")
    server.keeps = lambda before, after: {k: v for k, v in after.items() if k != "active"}
    outcome = switch(vendor, on=False)
    assert (outcome.result, outcome.finding) == ("done", None)
    assert "does not show" in outcome.detail


def test_a_deactivation_that_deletes_has_done_it(server: UserServer, vendor: Scim) -> None:
    def delete(before: Resource, after: Resource) -> Resource:
        server.users = {"u1": after, "was": after}
        return after

    vendor.can.learn("path of an attribute", works=True)
    server.keeps = delete
    server.users.clear()
    assert switch(vendor, on=False).result == "done"
    assert switch(vendor, on=True).result == "failed"


def test_v10_accepted_without_effect_is_a_refusal(server: UserServer, vendor: Scim) -> None:
    server.keeps = lambda before, after: before
    outcome = switch(vendor, on=False)
    assert outcome.result == "failed"
    assert outcome.finding
    assert outcome.finding.code == "V10"


def test_a_new_account_that_is_not_active_yet_shows_a_vendor_that_invites(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    new = {"id": "u2", "userName": "bob", "externalId": "id-of-bob", "active": False}
    httpserver.expect_request("/v2/Users", method="POST").respond_with_json(new, status=201)
    httpserver.expect_request("/v2/Users", method="GET").respond_with_json({"Resources": [new]})
    httpserver.expect_request("/v2/Users/u2").respond_with_json(new)
    desired = {"userName": "bob", "externalId": "id-of-bob", "active": True}
    operation = Operation(
        index=0,
        subject=Subject(kind="user", id="id-of-bob", name="bob"),
        before=State(exists=False),
        after=State(exists=True, attributes=desired),
        reason="A2",
    )
    (outcome,) = execute(vendor, {}, [operation], {}, {}, GUIDE_MAPPING.matching, lambda: "")
    assert outcome.result == "done"
    assert vendor.can.known[Feature.INVITES] is True
