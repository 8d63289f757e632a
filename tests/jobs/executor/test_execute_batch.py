"""Many join or leave a group by one request: whatever comes of it, it is known who is in."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from urllib3.util import Retry
from werkzeug.wrappers import Request, Response

from config.attribute_mapping import GUIDE_MAPPING
from config.vendor import InAttribute, VendorSettings
from connectors.scim.client import Scim
from jobs.executor.execute_batch import execute
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.plan import Operation, State, Subject
from support.counterparts.scim_list_response import listed
from support.counterparts.scim_user_server import BY_PATH
from support.counterparts.vendor_settings import vendor_at

SET, GROUP = "Sales Team", "g1"
PEOPLE = ("u1", "u2", "u3", "u4")


@dataclass
class GroupServer:
    """One group. A request to change it is judged by `refuses`, and done as far as `does` says."""

    members: list[str] = field(default_factory=list)
    refuses: Callable[[list[str]], tuple[int, str] | None] = lambda asked: None
    does: Callable[[list[str]], list[str]] = lambda asked: asked
    says: int = 204
    requests: list[list[str]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        if request.method == "GET":
            members = [{"value": member} for member in self.members]
            return Response(json.dumps({"id": GROUP, "displayName": SET, "members": members}))
        operations = json.loads(request.data)["Operations"]
        joining = [m["value"] for o in operations if o["op"] == "add" for m in o["value"]]
        leaving = [m for o in operations for m in re.findall('"(.*)"', o["path"])]
        asked = joining + leaving
        self.requests.append(asked)
        if refused := self.refuses(asked):
            return Response(json.dumps({"detail": refused[1]}), status=refused[0])
        done = self.does(asked)
        self.members += [member for member in joining if member in done]
        self.members = [m for m in self.members if m not in leaving or m not in done]
        return Response("", status=self.says)


@pytest.fixture
def settings(httpserver: HTTPServer, tmp_path: Path) -> VendorSettings:
    return vendor_at(httpserver.url_for("/v2"), tmp_path)


@pytest.fixture
def vendor(httpserver: HTTPServer, settings: VendorSettings) -> Iterator[Scim]:
    everybody = [{"id": name, "userName": name} for name in PEOPLE]
    httpserver.expect_request("/v2/Users").respond_with_json(listed(everybody))
    with Scim(settings, ("userName", "externalId"), can=Capabilities(BY_PATH)) as vendor:
        yield vendor


def outcomes(
    httpserver: HTTPServer, vendor: Scim, server: GroupServer, *, leaving: bool = False
) -> dict[str, tuple[str, str]]:
    """Per account its result and the finding's code, after all of them join, or leave."""
    httpserver.expect_request(f"/v2/Groups/{GROUP}").respond_with_handler(server)
    return asked_of(vendor, GROUP, leaving=leaving)


def asked_of(vendor: Scim, group: str, *, leaving: bool = False) -> dict[str, tuple[str, str]]:
    without, within = State(sets=()), State(sets=(SET,))
    operations = [
        Operation(
            index=at,
            subject=Subject(kind="user", id=name, name=name),
            account=name,
            before=within if leaving else without,
            after=without if leaving else within,
            takes=() if leaving else ("Sales",),
            reason="U3" if leaving else "S1",
        )
        for at, name in enumerate(PEOPLE)
    ]
    sought = {operation.index: operation.takes for operation in operations}
    done = execute(vendor, {SET: group}, operations, {}, sought, GUIDE_MAPPING.matching, lambda: "")
    return {
        str(one.operation.account): (str(one.result), one.finding.code if one.finding else "")
        for one in done
    }


def of_all(result: str, code: str = "") -> dict[str, tuple[str, str]]:
    return dict.fromkeys(PEOPLE, (result, code))


def test_all_join_by_one_request(httpserver: HTTPServer, vendor: Scim) -> None:
    server = GroupServer()
    assert outcomes(httpserver, vendor, server) == of_all("done")
    assert server.requests == [list(PEOPLE)]
    assert len([r for r, _ in httpserver.log if r.path.startswith("/v2/Groups")]) == 3


def test_all_leave_by_one_request(httpserver: HTTPServer, vendor: Scim) -> None:
    server = GroupServer([*PEOPLE, "u9"])
    assert outcomes(httpserver, vendor, server, leaving=True) == of_all("done")
    assert server.requests == [list(PEOPLE)]
    assert server.members == ["u9"]


def only_the_first(asked: list[str]) -> list[str]:
    return asked[:1]


@pytest.mark.parametrize("leaving", [False, True])
@pytest.mark.parametrize(
    "server",
    [
        GroupServer(does=only_the_first),
        GroupServer(does=lambda asked: asked if len(asked) == 1 else []),
        GroupServer(refuses=lambda asked: (400, "too many") if len(asked) > 1 else None),
        GroupServer(refuses=lambda asked: (501, "not supported") if len(asked) > 1 else None),
    ],
    ids=["does the first", "does nothing", "400", "501"],
)
def test_a_server_that_does_not_take_many_is_asked_singly_and_so_from_now_on(
    httpserver: HTTPServer, vendor: Scim, server: GroupServer, leaving: bool
) -> None:
    server.requests.clear()
    server.members = list(PEOPLE) if leaving else []
    assert outcomes(httpserver, vendor, server, leaving=leaving) == of_all("done")
    assert sorted(server.members) == ([] if leaving else list(PEOPLE))
    assert vendor.can.known[Feature.BATCH] is False
    assert not vendor.moves_many


def no_seats_beyond(seats: int, server: GroupServer, status: int) -> None:
    server.refuses = lambda asked: (
        (status, "no available seats") if len(server.members) + len(asked) > seats else None
    )


@pytest.mark.parametrize("leaving", [False, True])
def test_v6_who_was_not_meant_is_put_back_and_from_now_on_one_is_asked_for_at_a_time(
    httpserver: HTTPServer, vendor: Scim, leaving: bool
) -> None:
    """As by an index that shifts with every removal: another one is concerned instead of u2."""
    server = GroupServer(["other", *(PEOPLE if leaving else [])])
    judged = server.does

    def mistaken(asked: list[str]) -> list[str]:
        if len(asked) > 1:
            server.members.remove("other")
            return [member for member in asked if member != "u2"]
        return judged(asked)

    server.does = mistaken
    told = outcomes(httpserver, vendor, server, leaving=leaving)
    assert [result for result, _ in told.values()] == ["done"] * 4
    assert [code for _, code in told.values() if code] == ["V6"]
    assert sorted(server.members) == sorted(["other", *([] if leaving else PEOPLE)])
    assert not vendor.moves_many


def test_v22_who_comes_into_sight_when_others_leave_is_told_and_not_taken_out(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    """The group shows four members, whoever they are."""
    server = GroupServer(list(PEOPLE))
    server.does = lambda asked: server.members.extend(["unseen1", "unseen2"]) or asked
    told = outcomes(httpserver, vendor, server, leaving=True)
    assert [result for result, _ in told.values()] == ["done"] * 4
    assert [code for _, code in told.values() if code] == ["V22"]
    assert server.members == ["unseen1", "unseen2"]
    assert not vendor.moves_many


@pytest.mark.parametrize("status", [403, 500])
def test_too_few_seats_for_all_hide_nobody_who_gets_one(
    httpserver: HTTPServer, vendor: Scim, status: int
) -> None:
    server = GroupServer()
    no_seats_beyond(2, server, status)
    assert outcomes(httpserver, vendor, server) == {
        "u1": ("done", ""),
        "u2": ("done", ""),
        "u3": ("failed", "S8"),
        "u4": ("skipped", ""),
    }
    assert server.members == ["u1", "u2"]
    assert vendor.moves_many


def test_a_conflict_with_what_is_as_it_should_be_is_none(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    """Somebody else has done the same meanwhile; the words of a conflict are asked about first."""
    server = GroupServer(refuses=lambda asked: server.members.extend(asked) or (409, "no seats"))
    assert outcomes(httpserver, vendor, server) == of_all("done")


def test_one_who_is_refused_is_refused_alone(httpserver: HTTPServer, vendor: Scim) -> None:
    server = GroupServer(refuses=lambda asked: (404, "no such user") if "u2" in asked else None)
    told = outcomes(httpserver, vendor, server)
    assert told == {**of_all("done"), "u2": ("failed", "")}
    assert server.requests == [list(PEOPLE), *([name] for name in PEOPLE)]
    assert vendor.moves_many


@pytest.mark.parametrize("done", [0, 2, 4])
def test_without_an_answer_everybody_is_read_back_and_nobody_asked_for_again(
    httpserver: HTTPServer, vendor: Scim, done: int
) -> None:
    server = GroupServer(does=lambda asked: asked[:done], says=500)
    told = outcomes(httpserver, vendor, server)
    assert told == {
        name: ("done" if at < done else "failed", "P10") for at, name in enumerate(PEOPLE)
    }
    assert server.requests == [list(PEOPLE)]


def test_a_group_that_cannot_be_read_any_more_is_given_up_once_for_all_who_join(
    httpserver: HTTPServer, vendor: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To give up a vendor who is silent takes five minutes, and a request is for fifty people."""
    monkeypatch.setattr(Retry, "get_backoff_time", lambda _: 0)

    class Dying(GroupServer):
        def __call__(self, request: Request) -> Response:
            dead = request.method == "GET" and self.requests
            return Response(status=503) if dead else super().__call__(request)

    told = outcomes(httpserver, vendor, Dying(says=500))
    assert told == of_all("unknown", "P10")
    attempts = [r for r, _ in httpserver.log if r.method == "GET" and GROUP in r.path]
    assert len(attempts) == 1 + 5


def test_v17_a_last_member_that_cannot_leave_is_told_as_such(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    def refuse(asked: list[str]) -> tuple[int, str] | None:
        left = [member for member in server.members if member not in asked]
        return None if left else (400, "a group has a member")

    server = GroupServer([*PEOPLE], refuses=refuse)
    told = outcomes(httpserver, vendor, server, leaving=True)
    assert list(told.values()) == [*[("done", "")] * 3, ("failed", "V17")]


def test_a_group_that_vanishes_with_its_last_member_has_none(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    class Vanishing(GroupServer):
        def __call__(self, request: Request) -> Response:
            gone = request.method == "GET" and not self.members
            return Response("{}", status=404) if gone else super().__call__(request)

    server = Vanishing([*PEOPLE])
    assert outcomes(httpserver, vendor, server, leaving=True) == of_all("done")


def test_v10_accepted_and_ignored_is_tried_once_more_with_one(
    httpserver: HTTPServer, vendor: Scim
) -> None:
    server = GroupServer(does=lambda asked: [])
    assert outcomes(httpserver, vendor, server) == of_all("failed", "V10")
    assert server.requests == [list(PEOPLE), ["u1"]]
    assert vendor.moves_many


@pytest.mark.parametrize("status", [401, 429])
def test_who_wants_no_more_is_left_alone(
    httpserver: HTTPServer, vendor: Scim, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(Retry, "get_backoff_time", lambda _: 0)
    server = GroupServer(refuses=lambda asked: (status, "no"))
    told = outcomes(httpserver, vendor, server)
    assert [result for result, _ in told.values()] == ["failed", *["skipped"] * 3]
    assert all(asked == list(PEOPLE) for asked in server.requests)


def test_for_a_set_kept_in_an_attribute_nobody_else_is_read(
    httpserver: HTTPServer, settings: VendorSettings
) -> None:
    kept: dict[str, str] = {}

    def answer(request: Request) -> Response:
        account = request.path.rpartition("/")[2]
        if request.method == "PATCH":
            kept[account] = json.loads(request.data)["Operations"][0]["value"]
        said = {"id": account, "userName": account, "userType": kept.get(account)}
        return Response(json.dumps(said))

    httpserver.expect_request(re.compile("/v2/Users/.*")).respond_with_handler(answer)
    by_attribute = settings.model_copy(update={"membership": InAttribute(attribute="userType")})
    with Scim(by_attribute, ("userName", "externalId")) as vendor:
        assert asked_of(vendor, SET) == of_all("done")
    assert kept == dict.fromkeys(PEOPLE, SET)
    assert {request.path for request, _ in httpserver.log} == {f"/v2/Users/{at}" for at in PEOPLE}
    assert len(httpserver.log) == 4 * len(PEOPLE) + 1  # the form of the first change is read back
