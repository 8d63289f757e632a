"""A group that was not read to its end says so; a fault of the whole tenant ends the read."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from office import Fault, Office, guid
from werkzeug.wrappers import Request, Response

from connectors.entra.client import Entra
from connectors.errors import ConnectorError, Unauthorized
from reconciler.model.snapshot import GroupRead

SALES = f"/v1.0/groups/{guid('Sales Team')}/members"


def read(office: Office) -> GroupRead:
    """The Sales Team; the other group must come through whatever happens to this one."""
    settings = office.settings
    office.sandbox.graph.largest_page = 10
    directory = Entra(settings.directory).read_sets(
        settings.subscription_sets, settings.attribute_mapping.sources, lambda _: None
    )
    sales, night = directory.reads
    assert night.complete
    assert night.members == 1
    return sales


def on_page(number: int, answer: Callable[[dict[str, Any]], Response]) -> Callable[[Office], Fault]:
    """Answers the n-th page of the Sales Team with what `answer` makes of the true one."""

    def fault_for(office: Office) -> Fault:
        sound = office.sandbox.graph._answer

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


FAULTS = {
    "a lost nextLink": (on_page(2, without_link), "20 members were read, Graph counts 25"),
    "members answered with nothing": (on_page(3, lambda _: body({"value": []})), "20 members"),
    "a page that is no list": (on_page(2, lambda _: body({"value": None})), "no list of values"),
    "cut JSON": (on_page(2, lambda _: Response('{"value": [{"id"')), "not JSON"),
    "HTML with status 200": (on_page(1, lambda _: Response("<html>Busy</html>")), "not JSON"),
    "a link to another host": (
        on_page(1, lambda page: body({**page, "@odata.nextLink": "https://thief.example/v1.0/x"})),
        "another host",
    ),
    "a link with somebody before the host": (
        on_page(
            1,
            lambda page: body(
                {**page, "@odata.nextLink": page["@odata.nextLink"].replace("//", "//me@")}
            ),
        ),
        "another host",
    ),
    "403 in the middle": (on_page(2, lambda _: Response("{}", status=403)), "403"),
    "404 in the middle": (on_page(2, lambda _: Response("{}", status=404)), "404"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_not_proven_complete_says_why(office: Office, name: str) -> None:
    fault_for, why = FAULTS[name]
    office.fail(fault_for(office))
    sales = read(office)
    assert not sales.complete
    assert why in sales.because


def test_a_link_that_leads_in_a_circle_ends(office: Office) -> None:
    def circle(page: dict[str, Any]) -> Response:
        first = page["@odata.nextLink"].replace("skiptoken=20", "skiptoken=10")
        return body({**page, "@odata.nextLink": first})

    office.fail(on_page(2, circle)(office))
    assert "circle" in read(office).because


def test_a_member_twice_is_one_member(office: Office) -> None:
    def overlapping(page: dict[str, Any]) -> Response:
        return body({**page, "value": page["value"] + page["value"][:3]})

    office.fail(on_page(2, overlapping)(office))
    sales = read(office)
    assert (sales.complete, sales.members) == (True, 25)


def test_an_empty_page_with_a_link_is_followed(office: Office) -> None:
    def emptied(request: Request) -> Response | None:
        if request.path != SALES or "$skiptoken" in request.args or "empty" in request.args:
            return None
        link = f"{request.url}&%24skiptoken=0"
        return body({"value": [], "@odata.nextLink": link})

    office.fail(emptied)
    sales = read(office)
    assert (sales.complete, sales.pages) == (True, 4)


def test_a_count_that_lags_behind_is_asked_again(office: Office) -> None:
    answers = iter(["27", "25"])

    def lagging(request: Request) -> Response | None:
        return Response(next(answers)) if request.path == f"{SALES}/$count" else None

    office.fail(lagging)
    assert read(office).complete


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_passing_fault_is_tried_again(office: Office, status: int) -> None:
    faults = iter([Response("{}", status=status)])
    office.fail(lambda request: next(faults, None) if request.path == SALES else None)
    assert read(office).complete


def test_throttling_is_waited_for(office: Office) -> None:
    faults = iter([Response("{}", status=429, headers={"Retry-After": "0"})])
    office.fail(lambda request: next(faults, None) if request.path == SALES else None)
    assert read(office).complete


def test_a_token_that_is_refused_concerns_everything(office: Office) -> None:
    office.fail(lambda request: Response("{}", status=401) if request.path == SALES else None)
    with pytest.raises(Unauthorized):
        read(office)


def test_groups_that_cannot_be_listed_end_the_read(office: Office) -> None:
    office.sandbox.graph.roles = ()
    with pytest.raises(ConnectorError, match="403 Authorization_RequestDenied"):
        read(office)


def test_nobody_is_gone_because_of_an_error(office: Office) -> None:
    settings = office.settings
    office.fail(
        lambda request: Response("{}", status=403) if "deletedItems" in request.path else None
    )
    with pytest.raises(ConnectorError, match="403"):
        Entra(settings.directory).look_up([guid("leaver")], (), lambda _: None)
