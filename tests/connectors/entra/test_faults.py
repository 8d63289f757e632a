"""A group that was not read to its end says so; a fault of the whole tenant ends the read."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import chain, count
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
import stamina
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from connectors.entra import client, pacing, transport
from connectors.entra.client import Entra
from connectors.errors import CounterpartError, Unauthorized, Unreachable
from reconciler.model.group_read import GroupRead
from support.counterparts.small_tenant import Fault, SmallTenant, guid

SALES = f"/v1.0/groups/{guid('Sales Team')}/members"


def read(small_tenant: SmallTenant) -> GroupRead:
    """The Sales Team; the other group must come through whatever happens to this one."""
    settings = small_tenant.settings
    small_tenant.sandbox.graph.largest_page = 10
    directory = Entra(settings.directory).read_sets(
        settings.subscription_sets, settings.attribute_mapping.sources, lambda _: None
    )
    sales, night = directory.reads
    assert night.complete
    assert night.members == 1
    return sales


def on_page(
    number: int, answer: Callable[[dict[str, Any]], Response]
) -> Callable[[SmallTenant], Fault]:
    """Answers the n-th page of the Sales Team with what `answer` makes of the true one."""

    def fault_for(small_tenant: SmallTenant) -> Fault:
        sound = small_tenant.sandbox.graph.answer

        def fault(request: Request) -> Response | None:
            skipped = int(request.args.get("$skiptoken", 0))
            if request.path != SALES or skipped != 10 * (number - 1):
                return None
            return answer(json.loads(sound(request).get_data()))

        return fault

    return fault_for


def body(content: object) -> Response:
    return Response(json.dumps(content), mimetype="application/json")


def without_link(page: dict[str, Any]) -> Response:
    page.pop("@odata.nextLink")
    return body(page)


def linked(change: Callable[[str], object]) -> Callable[[SmallTenant], Fault]:
    """The first page's nextLink, changed."""
    return on_page(
        1, lambda page: body({**page, "@odata.nextLink": change(page["@odata.nextLink"])})
    )


def cut_off(_: object) -> Response:
    """A body that promises more than comes before the connection ends."""
    headers = {"Content-Length": "1000", "Connection": "close"}
    return Response(iter([b'{"value": [{"id"']), headers=headers)


FAULTS = {
    "a lost nextLink": (on_page(2, without_link), "20 users were read, Graph counts 25"),
    "members answered with nothing": (on_page(3, lambda _: body({"value": []})), "20 users"),
    "a page that is no list": (on_page(2, lambda _: body({"value": None})), "no list of values"),
    "cut JSON": (on_page(2, lambda _: Response('{"value": [{"id"')), "not JSON"),
    "JSON that is no object": (on_page(2, lambda _: body([])), "not JSON"),
    "HTML with status 200": (on_page(1, lambda _: Response("<html>Busy</html>")), "not JSON"),
    "a value without an id": (
        on_page(2, lambda _: body({"value": [{"mail": "a@b"}]})),
        "no usable id",
    ),
    "a value that is nothing": (on_page(2, lambda _: body({"value": [None]})), "no usable id"),
    "neither enabled nor disabled": (
        on_page(2, lambda _: body({"value": [{"id": guid("user1"), "accountEnabled": "no"}]})),
        "accountEnabled",
    ),
    "a body that does not unpack": (
        on_page(1, lambda _: Response("plain text", headers={"Content-Encoding": "gzip"})),
        "DecodingError",
    ),
    "a reset in mid-body, each time": (on_page(2, cut_off), "RemoteProtocolError"),
    "a link to another host": (linked(lambda _: "https://thief.example/v1.0/x"), "another host"),
    "a link to a host that begins alike": (
        linked(lambda link: link.replace("127.0.0.1", "127.0.0.1.thief.example")),
        "another host",
    ),
    "a link with somebody before the host": (
        linked(lambda link: link.replace("//", "//me@")),
        "another host",
    ),
    "a link that hides its host": (
        linked(lambda link: link.replace("/v1.0", "\\@thief.example/v1.0")),
        "another host",
    ),
    "a link without a scheme": (linked(lambda _: "//thief.example/v1.0/x"), "another host"),
    "a link without encryption": (
        linked(lambda link: link.replace("https:", "http:")),
        "another host",
    ),
    "a link to another port": (
        linked(lambda link: link.replace("/v1.0", "1/v1.0", 1)),
        "another host",
    ),
    "a link that is no address": (linked(lambda _: "https://[::1/v1.0/x"), "another host"),
    "a link that is no text": (linked(lambda link: [link]), "a link is no text"),
    "throttling beyond patience": (
        on_page(2, lambda _: Response("{}", status=429, headers={"Retry-After": "4000"})),
        "429",
    ),
    "403 in the middle": (on_page(2, lambda _: Response("{}", status=403)), "403"),
    "404 in the middle": (on_page(2, lambda _: Response("{}", status=404)), "404"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_not_proven_complete_says_why(small_tenant: SmallTenant, name: str) -> None:
    fault_for, why = FAULTS[name]
    small_tenant.fail(fault_for(small_tenant))
    sales = read(small_tenant)
    assert not sales.complete
    assert why in sales.because


@pytest.mark.parametrize("way", ["nextLink", "redirect"])
def test_the_token_goes_nowhere_else(
    small_tenant: SmallTenant, httpserver: HTTPServer, way: str
) -> None:
    elsewhere = httpserver.url_for("/v1.0/x")

    def lure(page: dict[str, Any]) -> Response:
        if way == "redirect":
            return Response(status=302, headers={"Location": elsewhere})
        return body({**page, "@odata.nextLink": elsewhere})

    small_tenant.fail(on_page(1, lure)(small_tenant))
    assert not read(small_tenant).complete
    assert httpserver.log == []


def test_links_that_never_end_are_left(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MOST_PAGES", 5)
    numbers = count()

    def endless(request: Request) -> Response | None:
        if request.path != SALES:
            return None
        return body({"value": [], "@odata.nextLink": f"{request.base_url}?page={next(numbers)}"})

    small_tenant.fail(endless)
    assert "never end" in read(small_tenant).because


def test_more_members_than_a_run_takes_are_refused(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group, and then 25 members, ten on each page."""
    monkeypatch.setattr("connectors.http.run_limits.MOST_ENTRIES", 1 + 20)
    settings = small_tenant.settings
    small_tenant.sandbox.graph.largest_page = 10
    directory = Entra(settings.directory).read_sets(
        settings.subscription_sets[:1], (), lambda _: None
    )
    assert "more than 21 entries were listed in this run" in directory.reads[0].because


def test_a_link_that_leads_in_a_circle_ends(small_tenant: SmallTenant) -> None:
    def circle(page: dict[str, Any]) -> Response:
        first = page["@odata.nextLink"].replace("skiptoken=20", "skiptoken=10")
        return body({**page, "@odata.nextLink": first})

    small_tenant.fail(on_page(2, circle)(small_tenant))
    assert "circle" in read(small_tenant).because


def test_a_member_twice_is_one_member(small_tenant: SmallTenant) -> None:
    def overlapping(page: dict[str, Any]) -> Response:
        return body({**page, "value": page["value"] + page["value"][:3]})

    small_tenant.fail(on_page(2, overlapping)(small_tenant))
    sales = read(small_tenant)
    assert (sales.complete, sales.members, sales.duplicates) == (True, 25, 3)


def test_an_empty_page_with_a_link_is_followed(small_tenant: SmallTenant) -> None:
    def emptied(request: Request) -> Response | None:
        if request.path != SALES or "$skiptoken" in request.args or "empty" in request.args:
            return None
        link = f"{request.url}&%24skiptoken=0"
        return body({"value": [], "@odata.nextLink": link})

    small_tenant.fail(emptied)
    sales = read(small_tenant)
    assert (sales.complete, sales.pages) == (True, 4)


def test_a_count_that_lags_behind_is_asked_again(small_tenant: SmallTenant) -> None:
    answers = iter(["27", "25"])

    def lagging(request: Request) -> Response | None:
        return Response(next(answers)) if request.path == f"{SALES}/graph.user/$count" else None

    small_tenant.fail(lagging)
    assert read(small_tenant).complete


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_passing_fault_is_tried_again(small_tenant: SmallTenant, status: int) -> None:
    faults = iter([Response("{}", status=status)])
    small_tenant.fail(lambda request: next(faults, None) if request.path == SALES else None)
    assert read(small_tenant).complete


def test_faults_are_repeated_in_one_place(small_tenant: SmallTenant) -> None:
    """As often as we say: the SDK, which repeats some of them, does not multiply it."""
    small_tenant.fail(lambda request: Response("{}", status=503) if request.path == SALES else None)
    assert "503" in read(small_tenant).because
    asked = [path for _, path in small_tenant.sandbox.graph_ledger.requests if path == SALES]
    assert len(asked) == transport.ATTEMPTS


def http_date(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("retry_after", "least"),
    [
        pytest.param("1", 1, id="seconds"),
        pytest.param(http_date(60), 1, id="a date"),
        pytest.param(http_date(-60), 0, id="a date gone by"),
        pytest.param("0", 0, id="at once"),
        pytest.param("soon", 0, id="absurd"),
        pytest.param("-5", 0, id="negative"),
        pytest.param(None, 0, id="absent"),
    ],
)
def test_throttling_is_waited_for(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch, retry_after: str | None, least: int
) -> None:
    stamina.set_testing(False)
    monkeypatch.setattr(transport, "FIRST_WAIT", 0.01)
    if retry_after and "GMT" in retry_after and least:
        retry_after = http_date(3)
    headers = {"Retry-After": retry_after} if retry_after else {}
    faults = iter([Response("{}", status=429, headers=headers)])
    small_tenant.fail(lambda request: next(faults, None) if request.path == SALES else None)
    sales = read(small_tenant)
    assert sales.complete
    assert sales.seconds >= least


def test_who_asks_for_more_patience_than_there_is_gets_none(small_tenant: SmallTenant) -> None:
    stamina.set_testing(False)
    headers = {"Retry-After": "86400"}
    small_tenant.fail(
        lambda request: Response("{}", 429, headers) if request.path == SALES else None
    )
    assert "429; Graph asks to wait 1 d, the run has 15 min left" in read(small_tenant).because


def test_near_graphs_limit_requests_come_slowly(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "SLOWLY", 0.3)
    sound = small_tenant.sandbox.graph.answer

    def nearly_full(request: Request) -> Response:
        answer = sound(request)
        answer.headers["x-ms-throttle-limit-percentage"] = "0.9"
        return answer

    small_tenant.fail(nearly_full)
    began = monotonic()
    assert read(small_tenant).complete
    # One for the groups; then three pages and a count, a page and a count.
    assert monotonic() - began >= 5 * 0.3


def test_at_graphs_limit_a_window_is_waited(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "A_WINDOW", 1.5)
    sound = small_tenant.sandbox.graph.answer

    def full(request: Request) -> Response | None:
        if request.path != "/v1.0/groups":
            return None
        answer = sound(request)
        answer.headers["x-ms-throttle-limit-percentage"] = "1.2"
        return answer

    small_tenant.fail(full)
    began = monotonic()
    assert read(small_tenant).complete
    assert monotonic() - began >= 1.5


def test_a_refused_token_is_replaced_once(small_tenant: SmallTenant) -> None:
    """401 in mid-run: the second token is good, and all requests go on with it."""
    graph = small_tenant.sandbox.graph
    sound = graph.answer

    def expired(request: Request) -> Response | None:
        if request.path == SALES and "$skiptoken" in request.args and not revoked:
            revoked.append(graph.authority.tokens.copy())
            graph.authority.tokens.clear()
        return None

    revoked: list[set[str]] = []
    small_tenant.fail(expired)
    assert read(small_tenant).complete
    assert sound is not graph.answer
    asked = [path for _, path in small_tenant.sandbox.graph_ledger.requests]
    assert sum(path.endswith("/token") for path in asked) == 2


def test_an_answer_that_trickles_is_left(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never silent for as long as a time-out, and never ends."""
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.3)

    def drops() -> Iterator[bytes]:
        for _ in range(10):
            sleep(0.1)
            yield b" "

    small_tenant.fail(lambda request: Response(drops()) if request.path == SALES else None)
    assert "no answer in time" in read(small_tenant).because


def test_all_that_is_asked_shares_one_budget(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = small_tenant.settings
    entra = Entra(settings.directory)
    began_and_ended = chain([0.0, client.TIME_BUDGET], count())
    monkeypatch.setattr(client, "monotonic", lambda: next(began_and_ended))
    entra.read_sets(settings.subscription_sets, (), lambda _: None)
    with pytest.raises(Unreachable, match="the time for this run is over"):
        entra.look_up([guid("user1")], (), lambda _: None)


@pytest.mark.parametrize("fault", [cut_off, lambda _: sleep(0.5)])
def test_a_lost_answer_is_asked_for_again(
    small_tenant: SmallTenant, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.25)
    faults = iter([fault])
    small_tenant.fail(
        lambda request: next(faults, lambda _: None)(request) if request.path == SALES else None
    )
    assert read(small_tenant).complete


def test_an_answer_that_never_comes_is_told(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.1)
    small_tenant.fail(lambda request: sleep(0.3) if request.path == SALES else None)
    assert "ReadTimeout" in read(small_tenant).because


def test_second_attempts_are_silent(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    faults = iter([Response("{}", status=500)])
    small_tenant.fail(lambda request: next(faults, None) if request.path == SALES else None)
    assert read(small_tenant).complete
    assert capsys.readouterr().err == ""


def test_when_the_time_is_over_what_was_read_stands(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TIME_BUDGET", 4.0)
    over = Event()
    small_tenant.fail(lambda request: over.wait(60) and None if request.path == SALES else None)
    assert "the time for this run is over" in read(small_tenant).because
    over.set()


def test_no_time_for_the_groups_is_no_read(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TIME_BUDGET", 4.0)
    over = Event()
    small_tenant.fail(
        lambda request: over.wait(60) and None if request.path == "/v1.0/groups" else None
    )
    with pytest.raises(Unreachable, match="the time for this run is over"):
        read(small_tenant)
    over.set()


def test_a_token_that_is_refused_concerns_everything(small_tenant: SmallTenant) -> None:
    small_tenant.fail(lambda request: Response("{}", status=401) if request.path == SALES else None)
    with pytest.raises(Unauthorized):
        read(small_tenant)


def test_groups_that_cannot_be_listed_end_the_read(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.roles = ()
    with pytest.raises(CounterpartError, match="403 Authorization_RequestDenied"):
        read(small_tenant)
