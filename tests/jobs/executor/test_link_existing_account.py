"""A creation that is refused with 409, since there is an account: whose it is, the mapping says."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from config.attribute_mapping_targets import ENTERPRISE
from connectors.scim.client import Scim
from jobs.executor.execute_batch import execute
from jobs.executor.link_existing_account import LINKED
from jobs.operation_results import OperationResult
from reconciler.model.capabilities import Capabilities
from reconciler.model.plan import Operation, State, Subject
from support.counterparts.scim_list_response import listed
from support.counterparts.scim_user_server import BY_PATH, UserServer
from support.counterparts.vendor_settings import vendor_at
from support.worlds.world import MAIL

NUMBER = f"{ENTERPRISE}:employeeNumber"
BY_NUMBER, BY_MAIL = ("userName", NUMBER), ("userName", MAIL)
ANA = {
    "externalId": "object-ana",
    "userName": "ana@harbour.example",
    NUMBER: "7",
    MAIL: "ana@harbour.example",
}


@pytest.fixture
def server(httpserver: HTTPServer) -> UserServer:
    """One account, of Ana's name and number; it shows another mail address."""
    ana = {
        "id": "a1",
        "userName": "ana@harbour.example",
        "emails": [{"type": "work", "value": "a.abel@harbour.example"}],
        ENTERPRISE: {"employeeNumber": "7"},
    }
    server = UserServer({"a1": ana})

    def users(request: Request) -> Response:
        if request.method == "POST":
            return Response(json.dumps({"detail": "exists"}), status=409)
        return Response(json.dumps(listed([*server.users.values()])))

    httpserver.expect_request("/v2/Users").respond_with_handler(users)
    httpserver.expect_request(re.compile("/v2/Users/.*")).respond_with_handler(server)
    return server


@pytest.fixture
def vendor(httpserver: HTTPServer, tmp_path: Path) -> Iterator[Scim]:
    settings = vendor_at(httpserver.url_for("/v2"), tmp_path)
    with Scim(settings, tuple(ANA), can=Capabilities(BY_PATH)) as vendor:
        yield vendor


def created(vendor: Scim, matching: Sequence[str]) -> OperationResult:
    operation = Operation(
        index=0,
        subject=Subject(kind="user", id="object-ana", name="ana@harbour.example"),
        before=State(exists=False),
        after=State(exists=True, attributes=ANA),
        reason="A2",
    )
    (outcome,) = execute(vendor, {}, [operation], {}, {}, matching, lambda: "")
    return outcome


def test_an_account_is_linked_if_both_attributes_agree(server: UserServer, vendor: Scim) -> None:
    outcome = created(vendor, BY_NUMBER)
    assert (outcome.result, outcome.detail, outcome.at) == ("done", LINKED, "a1")
    assert server.users["a1"]["externalId"] == "object-ana"


@pytest.mark.parametrize(
    ("matching", "number", "why"),
    [
        (BY_MAIL, "7", "User name and mail address do not both agree: left as is."),
        (BY_NUMBER, "8", "User name and employeeNumber do not both agree: left as is."),
    ],
)
def test_a5_another_is_left_as_it_is(
    server: UserServer, vendor: Scim, matching: Sequence[str], number: str, why: str
) -> None:
    server.users["a1"][ENTERPRISE] = {"employeeNumber": number}
    outcome = created(vendor, matching)
    assert outcome.result == "failed"
    assert outcome.finding
    assert outcome.finding.message.endswith(why)
    assert server.asked == []
