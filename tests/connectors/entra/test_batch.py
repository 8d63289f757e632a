"""Many small requests in one: each is refused, throttled and paid for by itself."""

import asyncio
import json
from collections.abc import Collection
from itertools import count
from time import monotonic

import pytest
import stamina
from werkzeug.wrappers import Request, Response

from config.directory import DirectorySettings
from connectors.entra import transport
from connectors.entra.auth.app_token import AppToken
from connectors.entra.pacing import Pacing
from connectors.entra.reading.member_groups import check_member_groups
from connectors.entra.transport import GraphTransport
from connectors.errors import Refused, Unauthorized, Unreachable
from connectors.http.run_limits import Allowance
from support.counterparts.small_tenant import PEOPLE, Fault, SmallTenant, guid


@pytest.fixture
def small_tenant(small_tenant: SmallTenant) -> SmallTenant:
    """Everybody is in the Sales Team."""
    small_tenant.sandbox.graph_ledger.requests.clear()
    return small_tenant


Answers = dict[str, set[str] | None]


EVERYBODY = {guid(name): {guid("Sales Team")} for name in PEOPLE}


def asked_for(
    small_tenant: SmallTenant,
    fault: Fault = lambda _: None,
    people: Collection[str] = EVERYBODY.keys(),
) -> tuple[Answers, Pacing]:
    """These people, whether they are in the Sales Team."""
    small_tenant.fail(fault)
    pacing, directory = Pacing(), small_tenant.settings.directory
    assert isinstance(directory, DirectorySettings)

    async def ask() -> Answers:
        async with GraphTransport(
            directory, AppToken(directory), pacing, Allowance(), 60
        ) as transport:
            questions = {person: {guid("Sales Team")} for person in people}
            return await check_member_groups(transport, questions)

    return asyncio.run(ask()), pacing


def item_of(name: str, *answers: Response) -> Fault:
    """Answers what is asked of this person; after the last answer as ever."""
    left = iter(answers)
    return lambda at: next(left, None) if f"{guid(name)}/checkMember" in at.path else None


def batches(small_tenant: SmallTenant) -> int:
    return [path for _, path in small_tenant.sandbox.graph_ledger.requests].count("/v1.0/$batch")


def test_twenty_are_asked_for_at_once(small_tenant: SmallTenant) -> None:
    assert asked_for(small_tenant)[0] == EVERYBODY
    assert batches(small_tenant) == 2


def test_who_is_not_found_is_nowhere(small_tenant: SmallTenant) -> None:
    del small_tenant.sandbox.tenant.users[guid("user3")]
    assert asked_for(small_tenant)[0] == EVERYBODY | {guid("user3"): None}


def test_an_id_is_no_part_of_a_path(small_tenant: SmallTenant) -> None:
    elsewhere = f"{guid('user3')}/checkMemberGroups?"
    assert asked_for(small_tenant, people=[elsewhere])[0] == {elsewhere: None}


def test_only_who_was_throttled_is_asked_for_again(small_tenant: SmallTenant) -> None:
    asked = count()

    def fault(request: Request) -> Response | None:
        if request.path.endswith("checkMemberGroups"):
            next(asked)
        return throttled(request)

    throttled = item_of("user3", Response("{}", status=429), Response("{}", status=503))
    assert asked_for(small_tenant, fault)[0] == EVERYBODY
    assert (next(asked), batches(small_tenant)) == (25 + 2, 2 + 2)


def test_who_is_throttled_says_for_how_long(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamina.set_testing(False)
    monkeypatch.setattr(transport, "FIRST_WAIT", 0.01)
    began = monotonic()
    asked_for(small_tenant, item_of("user3", Response("{}", 429, {"Retry-After": "2"})))
    assert monotonic() - began >= 2


@pytest.mark.parametrize(
    ("status", "error"), [(429, Unreachable), (500, Unreachable), (403, Refused), (400, Refused)]
)
def test_what_is_refused_in_a_batch_is_refused(
    small_tenant: SmallTenant, status: int, error: type[Exception]
) -> None:
    fault = item_of("user3", *[Response("{}", status=status)] * transport.ATTEMPTS)
    with pytest.raises(error, match=f"at Microsoft Graph: {status}"):
        asked_for(small_tenant, fault)


def test_a_token_that_is_refused_in_a_batch_is_refused(small_tenant: SmallTenant) -> None:
    with pytest.raises(Unauthorized):
        asked_for(small_tenant, item_of("user3", Response("{}", status=401)))


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
def test_a_batch_that_answers_something_else_is_none(
    small_tenant: SmallTenant, content: object
) -> None:
    answer = Response(json.dumps(content))
    with pytest.raises(Unreachable, match="does not answer what was asked"):
        asked_for(small_tenant, lambda at: answer if at.path.endswith("$batch") else None)


@pytest.mark.parametrize("content", [None, [], "busy"])
def test_an_item_without_an_object_is_none(small_tenant: SmallTenant, content: object) -> None:
    with pytest.raises(Unreachable, match="not JSON"):
        asked_for(small_tenant, item_of("user3", Response(json.dumps(content))))


def test_what_is_in_a_batch_is_paid_for_by_itself(small_tenant: SmallTenant) -> None:
    def priced(request: Request) -> Response | None:
        if not request.path.endswith("checkMemberGroups"):
            return None
        answer = sound(request)
        answer.headers["x-ms-resource-unit"] = "3"
        return answer

    sound = small_tenant.sandbox.graph.answer
    pacing = asked_for(small_tenant, priced)[1]
    assert (pacing.requests, pacing.resource_units) == (2, 25 * 3)
