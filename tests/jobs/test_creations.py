"""What the vendor accepts to make is known by its id, and is not anybody's before it was read."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from config.attribute_mapping import GUIDE_MAPPING
from connectors.scim.client import Scim
from jobs.executor.execute_batch import execute
from jobs.operation_results import OperationResult
from reconciler.model.capabilities import Feature
from reconciler.model.plan import Operation, State, Subject
from support.counterparts.scim_list_response import listed
from support.counterparts.vendor_settings import vendor_at

MAIL = 'emails[type eq "work"].value'
ANA = {"externalId": "object-ana", "userName": "ana@harbour.example", MAIL: "ana@harbour.example"}
MAILS = [{"type": "work", "value": "ana@harbour.example"}]
THEIRS = {"id": "a1", "userName": "ana@harbour.example", "emails": MAILS}

Resource = dict[str, Any]
Serve = Callable[..., None]


@pytest.fixture
def vendor(httpserver: HTTPServer, tmp_path: Path) -> Iterator[Scim]:
    settings = vendor_at(httpserver.url_for("/v2"), tmp_path)
    with Scim(settings, ("userName", "externalId", MAIL)) as vendor:
        yield vendor


@pytest.fixture
def serve(httpserver: HTTPServer) -> Serve:
    """A vendor that answers a creation and shows one resource, or nobody."""

    def serve(answer: Resource | None, shown: Resource | None, status: int = 201) -> None:
        def resource(request: Request) -> Response:
            there = shown and request.path.endswith(f"/{shown['id']}")
            return Response(json.dumps(shown) if there else "{}", status=200 if there else 404)

        listing = listed([])
        for kind in ("Users", "Groups"):
            httpserver.expect_request(f"/v2/{kind}", method="POST").respond_with_json(
                answer or {}, status=status
            )
            httpserver.expect_request(f"/v2/{kind}", method="GET").respond_with_json(listing)
            httpserver.expect_request(re.compile(f"/v2/{kind}/.*")).respond_with_handler(resource)

    return serve


def create_account(
    vendor: Scim, matching: Sequence[str] = GUIDE_MAPPING.matching
) -> OperationResult:
    user = Subject(kind="user", id="object-ana", name="ana@harbour.example")
    operation = Operation(
        index=0,
        subject=user,
        before=State(exists=False),
        after=State(exists=True, attributes=ANA),
        reason="A2",
    )
    (outcome,) = execute(vendor, {}, [operation], {}, {}, matching, lambda: "")
    return outcome


def create_group(vendor: Scim) -> OperationResult:
    subject = Subject(kind="set", id="Sales Team", name="Sales Team")
    operation = Operation(index=0, subject=subject, before=State(), after=State(), reason="G12")
    (outcome,) = execute(vendor, {}, [operation], {}, {}, GUIDE_MAPPING.matching, lambda: "")
    return outcome


def code(outcome: OperationResult) -> str:
    return outcome.finding.code if outcome.finding else ""


def test_an_account_is_read_back_by_its_id_and_no_list_is_asked(
    serve: Serve, vendor: Scim, httpserver: HTTPServer
) -> None:
    serve({"id": "a1"}, {**THEIRS, "externalId": "object-ana"})
    outcome = create_account(vendor)
    assert (outcome.result, outcome.at) == ("done", "a1")
    assert [request.path for request, _ in httpserver.log] == ["/v2/Users", "/v2/Users/a1"]


def test_v3_what_is_accepted_and_not_visible_is_neither_done_nor_failed(
    serve: Serve, vendor: Scim
) -> None:
    serve({"id": "a1"}, None)
    outcome = create_account(vendor)
    assert (outcome.result, outcome.at, code(outcome)) == ("unknown", "a1", "V3")


def test_v10_what_is_accepted_without_an_id_and_is_not_there_is_not_made(
    serve: Serve, vendor: Scim
) -> None:
    serve({}, None)
    assert [str(one.result) for one in (create_account(vendor), create_group(vendor))] == [
        "failed",
        "failed",
    ]


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    "existing",
    [
        {**THEIRS, "externalId": "object-of-somebody-else"},
        {**THEIRS, "emails": [{"type": "work", "value": "someone.else@harbour.example"}]},
        {**THEIRS, "userName": "ana2@harbour.example"},
    ],
    ids=["linked to somebody", "another mail address", "another user name"],
)
def test_a5_an_account_that_was_there_before_is_not_taken_for_the_users(
    serve: Serve, vendor: Scim, existing: Resource, status: int
) -> None:
    serve(existing, existing, status)
    outcome = create_account(vendor)
    assert (outcome.result, outcome.at, code(outcome)) == ("failed", None, "A5")


def test_an_account_that_was_there_before_and_agrees_is_the_users(
    serve: Serve, vendor: Scim
) -> None:
    serve(THEIRS, THEIRS, 200)
    outcome = create_account(vendor)
    assert (outcome.result, outcome.at) == ("done", "a1")


def test_what_the_mapping_does_not_match_accounts_by_says_nothing_of_whose_one_is(
    serve: Serve, vendor: Scim
) -> None:
    existing = {**THEIRS, "emails": [{"type": "work", "value": "ana.abel@harbour.example"}]}
    serve(existing, existing, 200)
    outcome = create_account(vendor, ("userName", "displayName"))
    assert (outcome.result, outcome.at) == ("done", "a1")


def test_an_account_that_is_refused_and_hidden_is_remembered(serve: Serve, vendor: Scim) -> None:
    serve({"detail": "exists"}, None, 409)
    assert code(create_account(vendor)) == "A5"
    assert vendor.can.hidden == {"object-ana"}


def test_s8_an_account_that_is_refused_for_want_of_a_seat_is_not_hidden(
    serve: Serve, vendor: Scim
) -> None:
    serve({"detail": "no licenses left"}, None, 409)
    assert code(create_account(vendor)) == "S8"
    assert vendor.can.hidden == set()


def test_a_group_is_read_back_by_its_id_whatever_it_is_called(serve: Serve, vendor: Scim) -> None:
    serve({"id": "g1"}, {"id": "g1", "displayName": "sales-team"})
    outcome = create_group(vendor)
    assert (outcome.result, outcome.at, outcome.called) == ("done", "g1", "sales-team")


def test_v3_a_group_that_is_accepted_and_not_visible_is_neither_done_nor_failed(
    serve: Serve, vendor: Scim
) -> None:
    serve({"id": "g1"}, None)
    outcome = create_group(vendor)
    assert (outcome.result, outcome.at, code(outcome)) == ("unknown", "g1", "V3")


def test_v4_a_group_that_is_refused_and_hidden_is_remembered(serve: Serve, vendor: Scim) -> None:
    serve({"detail": "exists"}, None, 409)
    outcome = create_group(vendor)
    assert (outcome.result, code(outcome)) == ("failed", "V4")
    assert vendor.can.hidden == {"Sales Team"}


@pytest.mark.parametrize(
    ("detail", "told"), [("a group has at least one member", "V21"), ("no such tenant", "")]
)
def test_v21_a_group_that_is_refused_without_a_member_is_made_with_one_later(
    serve: Serve, vendor: Scim, detail: str, told: str
) -> None:
    serve({"detail": detail}, None, 400)
    assert code(create_group(vendor)) == told
    assert vendor.can.may(Feature.EMPTY_GROUPS) is not bool(told)


def test_a_group_is_made_with_those_who_join_it_first(
    serve: Serve, vendor: Scim, httpserver: HTTPServer
) -> None:
    users = ["a1", "a2"]
    serve({"id": "g1"}, {"id": "g1", "members": [{"value": user} for user in users]})
    joins = [
        Operation(
            index=at,
            subject=Subject(kind="user", id=f"object-{user}", name=user),
            account=user,
            before=State(sets=()),
            after=State(sets=("Sales Team",)),
            reason="S1",
        )
        for at, user in enumerate(users)
    ]
    outcomes = execute(vendor, {}, joins, {}, {}, GUIDE_MAPPING.matching, lambda: "")
    assert [(str(one.result), one.group) for one in outcomes] == [("done", "g1")] * 2
    (made,) = (request for request, _ in httpserver.log if request.method == "POST")
    assert [member["value"] for member in made.json["members"]] == users


def test_an_external_id_that_is_not_kept_is_linked_in_the_store_alone(
    serve: Serve, vendor: Scim, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v2/Users/a1", method="PATCH").respond_with_data("", status=204)
    serve(None, THEIRS)
    link = Operation(
        index=0,
        subject=Subject(kind="user", id="object-ana", name="ana"),
        account="a1",
        before=State(attributes={"externalId": None}),
        after=State(attributes={"externalId": "object-ana"}),
        reason="A5",
    )
    (outcome,) = execute(vendor, {}, [link], {}, {}, GUIDE_MAPPING.matching, lambda: "")
    assert (outcome.result, outcome.at) == ("done", "a1")
    assert vendor.can.known[Feature.LINK] is False
