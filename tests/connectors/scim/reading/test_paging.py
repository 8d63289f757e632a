"""A list is whole only where something proves it: every page, however the server counts them."""

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from config.vendor import VendorSettings
from connectors.errors import Unreachable
from connectors.scim.client import Scim
from connectors.scim.reading.paging import EXPIRED
from reconciler.model.capabilities import Capabilities, Feature

Answer = Mapping[str, Any] | int
Args = Mapping[str, str]


def users(count: int) -> list[dict[str, str]]:
    return [{"id": f"u{at:04}", "userName": f"user{at}"} for at in range(count)]


@pytest.fixture
def read(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> Callable[..., tuple[int, str, Capabilities]]:
    """Reads what `answer` (a ListResponse, or a status) serves: how many came, why not all."""

    def read(
        answer: Callable[[Args], Answer], known: Mapping[str, bool] | None = None, **config: Any
    ) -> tuple[int, str, Capabilities]:
        def respond(request: Request) -> Response:
            said = answer(request.args)
            if isinstance(said, int):
                expired = {"scimType": EXPIRED} if request.args.get("cursor") else {}
                return Response(json.dumps(expired), status=said)
            return Response(json.dumps(said))

        nobody = {"totalResults": 0, "Resources": []}
        httpserver.expect_request("/v2/Users").respond_with_handler(respond)
        httpserver.expect_request("/v2/Groups").respond_with_json(nobody)
        httpserver.expect_request("/v2/ServiceProviderConfig").respond_with_json(
            {"filter": {"supported": False}, **config}
        )
        can = Capabilities(known)
        vendor = Scim(settings(httpserver.url_for("/v2")), ("userName",), can=can)
        target = vendor.read([], lambda _: None)
        assert target.complete == (not target.because)
        return len(target.accounts), target.because, can

    return read


def page_of(everybody: list[dict[str, str]], start: int, size: int, **said: Any) -> dict[str, Any]:
    """Resources from number `start` (the first is 1)."""
    return {"Resources": everybody[max(start - 1, 0) :][:size], **said}


def by_cursor(args: Args, size: int = 50, count: int = 120, **said: Any) -> dict[str, Any]:
    at = int(args.get("cursor") or 0)
    more = {"nextCursor": str(at + size)} if at + size < count else {}
    return {"Resources": users(count)[at : at + size], **more, **said}


@pytest.mark.parametrize("total", [{}, {"totalResults": 120}, {"totalResults": 50}])
def test_a_cursor_that_appears_is_followed_to_its_end(read: Any, total: dict[str, int]) -> None:
    count, because, can = read(lambda args: by_cursor(args, **total))
    assert (count, because) == (120, "")
    assert can.known[Feature.CURSOR]


def test_a_cursor_that_is_offered_is_asked_for(read: Any) -> None:
    """RFC 9865, section 4; without one this server sends its first page, as if it were all."""

    def answer(args: Args) -> Answer:
        return by_cursor(args) if "cursor" in args else page_of(users(120), 1, 50)

    assert read(answer, pagination={"cursor": True, "index": False})[:2] == (120, "")


def test_a_cursor_that_is_offered_and_refused_leaves_the_pages(read: Any) -> None:
    def answer(args: Args) -> Answer:
        return 400 if "cursor" in args else page_of(users(120), int(args["startIndex"]), 50)

    assert read(answer, pagination={"cursor": True})[:2] == (120, "")


def test_a_cursor_that_expired_begins_the_list_anew(read: Any) -> None:
    answers = iter([by_cursor({}), 400])
    said = read(lambda args: next(answers, by_cursor(args)), pagination={"cursor": True})
    assert said[:2] == (120, "")


def test_a_server_that_has_cursors_and_does_not_say_so(read: Any) -> None:
    """As AWS IAM Identity Center: no startIndex, and a totalResults that is the page's."""

    def answer(args: Args) -> Answer:
        size = min(int(args["count"]), 100)
        if "cursor" in args:
            return by_cursor(args, size)
        page = page_of(users(120), 1, size)
        return {**page, "totalResults": len(page["Resources"])}

    count, because, can = read(answer)
    assert (count, because) == (120, "")
    assert can.known[Feature.CURSOR]


@pytest.mark.parametrize("count", [1, 2, 50])
def test_less_than_a_page_of_a_server_with_cursors_is_whole(read: Any, count: int) -> None:
    def answer(args: Args) -> Answer:
        return by_cursor(args, min(int(args["count"]), 50), count)

    assert read(answer)[:2] == (count, "")


def test_more_accounts_than_a_run_takes_are_refused(
    read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page is sound, has something new, and is not the last one."""
    monkeypatch.setattr("connectors.http.run_limits.MOST_ENTRIES", 1000)
    everybody = users(2000)
    with pytest.raises(Unreachable, match="more than 1,000 entries were listed in this run"):
        read(lambda args: page_of(everybody, int(args["startIndex"]), 100, totalResults=2000))


def test_a_cursor_that_goes_round_is_left(read: Any) -> None:
    with pytest.raises(Exception, match="the pages have no end"):
        read(lambda args: {"Resources": users(50), "nextCursor": "again"})


@pytest.mark.parametrize("said", [{}, {"totalResults": 100}, {"startIndex": 1}])
def test_a_first_page_that_is_sent_for_ever_proves_nothing(read: Any, said: Answer) -> None:
    count, because, _ = read(lambda args: page_of(users(120), 1, 100, **dict(said)))
    assert count == 100
    assert "there may be more than these 100" in because


def test_a_total_that_shrinks_with_the_page_proves_nothing(read: Any) -> None:
    def answer(args: Args) -> Answer:
        page = page_of(users(120), 1, min(int(args["count"]), 70))
        return {**page, "totalResults": len(page["Resources"])}

    assert "may be more than these 70" in read(answer)[1]


def test_a_total_that_stands_beside_one_proves_a_list_without_pages(read: Any) -> None:
    def answer(args: Args) -> Answer:
        return page_of(users(100), 1, int(args["count"]), totalResults=100)

    count, because, can = read(answer)
    assert (count, because) == (100, "")
    assert can.known[Feature.TOTAL]


def test_a_total_of_what_is_not_shown_is_told_as_such(read: Any) -> None:
    said = read(lambda args: page_of(users(30), int(args["startIndex"]), 100, totalResults=33))
    assert "30 of 33 Users were sent" in said[1]
    assert "its total counts what it does not show" in said[1]


@pytest.mark.parametrize("limit", [100, 20])
@pytest.mark.parametrize("status", [400, 422])
def test_a_size_of_the_page_that_is_refused_is_made_smaller(
    read: Any, limit: int, status: int
) -> None:
    sizes = []

    def answer(args: Args) -> Answer:
        sizes.append(int(args["count"]))
        if sizes[-1] > limit:
            return status
        return page_of(users(120), int(args["startIndex"]), limit, totalResults=120)

    count, because, can = read(answer)
    assert (count, because) == (120, "")
    assert sizes.count(limit) == len(sizes) - [200, 100, 20].index(limit)
    sizes.clear()
    assert read(answer, can.known)[0] == 120
    assert set(sizes) == {limit}


@pytest.mark.parametrize("size", [50, 200])
def test_a_server_that_counts_from_0_is_recognised(read: Any, size: int) -> None:
    def answer(args: Args) -> Answer:
        return page_of(users(120), int(args["startIndex"]) + 1, size, totalResults=120)

    count, because, can = read(answer)
    assert (count, because) == (120, "")
    assert can.known[Feature.FROM_ONE] is False
    assert read(answer, can.known)[:2] == (120, "")


def test_a_server_that_takes_0_for_1_is_not_taken_for_one_that_counts_from_0(read: Any) -> None:
    def answer(args: Args) -> Answer:
        return page_of(users(119), max(int(args["startIndex"]), 1), 50, totalResults=120)

    count, because, can = read(answer)
    assert (count, because[:9]) == (119, "119 of 12")
    assert can.known[Feature.FROM_ONE]


def shuffled(args: Args, chance: random.Random, **said: Any) -> Answer:
    everybody = users(60)
    if "sortBy" not in args:
        chance.shuffle(everybody)
    return page_of(everybody, int(args["startIndex"]), 40, **said)


def test_pages_without_order_are_asked_for_in_one_where_that_is_offered(read: Any) -> None:
    chance = random.Random(1)  # noqa: S311
    said = read(lambda args: shuffled(args, chance, totalResults=60), sort={"supported": True})
    assert said[:2] == (60, "")


@pytest.mark.parametrize("seed", range(5))
def test_pages_without_order_are_united(read: Any, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    assert read(lambda args: shuffled(args, chance, totalResults=60))[:2] == (60, "")


def test_a_tidy_server_is_asked_for_its_pages_and_an_empty_one(read: Any) -> None:
    asked: list[Args] = []

    def answer(args: Args) -> Answer:
        asked.append(args)
        return page_of(users(120), int(args["startIndex"]), 100, totalResults=120)

    assert read(answer)[:2] == (120, "")
    assert [args["startIndex"] for args in asked] == ["1", "101", "121"]
