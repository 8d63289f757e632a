"""Many small requests in one: each is refused, throttled and paid for by itself."""

import json
from itertools import count
from time import monotonic

import pytest
import stamina
from office import PEOPLE, Fault, Office, guid
from werkzeug.wrappers import Request, Response

from connectors.entra import transport
from connectors.entra.client import Entra
from connectors.errors import Refused, Unauthorized, Unreachable
from reconciler.model.snapshot import Directory


@pytest.fixture
def office(office: Office) -> Office:
    """Everybody is in both groups, and so is asked for."""
    for group in office.sandbox.tenant.groups.values():
        group["members"] = [guid(name) for name in PEOPLE]
    return office


def settled(office: Office, fault: Fault) -> Directory:
    """`fault` strikes only while doubts are settled."""
    settings = office.settings
    entra = Entra(settings.directory)
    directory = entra.read_sets(settings.subscription_sets, (), lambda _: None)
    office.sandbox.graph_ledger.requests.clear()
    office.fail(fault)
    return entra.settle(directory, settings.subscription_sets, {})


def item_of(name: str, *answers: Response) -> Fault:
    """Answers what is asked of this person; after the last answer as ever."""
    left = iter(answers)
    return lambda at: next(left, None) if f"{guid(name)}/checkMember" in at.path else None


def batches(office: Office) -> int:
    return [path for _, path in office.sandbox.graph_ledger.requests].count("/v1.0/$batch")


def test_twenty_are_asked_for_at_once(office: Office) -> None:
    assert len(settled(office, lambda _: None).members) == 50
    assert batches(office) == 2


def test_only_who_was_throttled_is_asked_for_again(office: Office) -> None:
    asked = count()

    def fault(request: Request) -> Response | None:
        if request.path.endswith("checkMemberGroups"):
            next(asked)
        return throttled(request)

    throttled = item_of("user3", Response("{}", status=429), Response("{}", status=503))
    assert len(settled(office, fault).members) == 50
    assert (next(asked), batches(office)) == (25 + 2, 2 + 2)


def test_who_is_throttled_says_for_how_long(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamina.set_testing(False)
    monkeypatch.setattr(transport, "FIRST_WAIT", 0.01)
    began = monotonic()
    settled(office, item_of("user3", Response("{}", 429, {"Retry-After": "2"})))
    assert monotonic() - began >= 2


@pytest.mark.parametrize(
    ("status", "error"), [(429, Unreachable), (500, Unreachable), (403, Refused), (400, Refused)]
)
def test_what_is_refused_in_a_batch_is_refused(
    office: Office, status: int, error: type[Exception]
) -> None:
    fault = item_of("user3", *[Response("{}", status=status)] * transport.ATTEMPTS)
    with pytest.raises(error, match=f"at Microsoft Graph: {status}"):
        settled(office, fault)


def test_a_token_that_is_refused_in_a_batch_is_refused(office: Office) -> None:
    with pytest.raises(Unauthorized):
        settled(office, item_of("user3", Response("{}", status=401)))


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"responses": None},
        {"responses": []},
        {"responses": [7]},
        {"responses": [{"id": "99", "status": 200, "body": {"value": []}}]},
        {"responses": [{"id": str(at), "status": "x", "body": None} for at in range(20)]},
        {"responses": [{"id": str(at), "status": 200, "headers": 7} for at in range(20)]},
    ],
)
def test_a_batch_that_answers_something_else_is_none(office: Office, content: object) -> None:
    answer = Response(json.dumps(content))
    with pytest.raises(Unreachable, match="does not answer what was asked"):
        settled(office, lambda at: answer if at.path.endswith("$batch") else None)


@pytest.mark.parametrize("content", [None, [], "busy"])
def test_an_item_without_an_object_is_none(office: Office, content: object) -> None:
    with pytest.raises(Unreachable, match="not JSON"):
        settled(office, item_of("user3", Response(json.dumps(content))))


def test_what_is_in_a_batch_is_paid_for_by_itself(office: Office) -> None:
    def priced(request: Request) -> Response | None:
        if not request.path.endswith("checkMemberGroups"):
            return None
        answer = sound(request)
        answer.headers["x-ms-resource-unit"] = "3"
        return answer

    settings = office.settings
    read = Entra(settings.directory).read_sets(settings.subscription_sets, (), lambda _: None)
    sound = office.sandbox.graph._answer
    after = settled(office, priced)
    assert after.resource_units - read.resource_units == 25 * 3
    assert after.requests - read.requests == 2
