"""Members come and go in the form that the server takes; nobody else goes with them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from config.vendor import VendorSettings
from connectors.errors import CounterpartError
from connectors.scim.client import Scim
from reconciler.model.capabilities import Capabilities
from support.counterparts.scim_list_response import listed

GROUP = "g1"
PEOPLE = [f"u{at}" for at in range(25)]


@dataclass
class GroupServer:
    """`takes` are the names of the forms that it understands; others it refuses with `status`.

    A list of values `wipes` the group at some servers; `ignores` are forms that are accepted and
    do nothing. With `guarded`, a change that names no version is refused (428).
    """

    takes: set[str]
    status: int = 400
    ignores: set[str] = field(default_factory=set)
    wipes: bool = False
    guarded: bool = False
    members: list[str] = field(default_factory=lambda: ["u0", "u1", "u2"])
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        if request.method == "GET":
            shown = [{"value": member} for member in self.members]
            meta = {"version": 'W/"7"'}
            return Response(json.dumps({"id": GROUP, "members": shown, "meta": meta}))
        body = json.loads(request.data)
        form = self._form(request.method, body)
        self.asked.append(form)
        if self.guarded and request.headers.get("If-Match") != 'W/"7"':
            return Response("{}", status=428)
        if form in self.ignores:
            return Response("", status=204)
        if form not in self.takes:
            return Response('{"detail": "no"}', status=self.status)
        self._do(form, body)
        return Response("", status=204)

    def _form(self, method: str, body: Any) -> str:
        if method == "PUT":
            return "put"
        operation = body["Operations"][0]
        if operation["op"] == "remove":
            return "filter" if "[" in operation["path"] else "list"
        if not operation.get("path"):
            return "bare"
        return "ref" if "$ref" in operation["value"][0] else "path"

    def _do(self, form: str, body: Any) -> None:
        operations = body.get("Operations", [])
        if form == "put":
            self.members = [one["value"] for one in body["members"]]
        elif form == "filter":
            gone = {m for o in operations for m in re.findall('"(.*)"', o["path"])}
            self.members = [m for m in self.members if m not in gone]
        elif form == "list":
            gone = {one["value"] for one in operations[0]["value"]}
            self.members = [] if self.wipes else [m for m in self.members if m not in gone]
        else:
            value = operations[0]["value"]
            new = value["members"] if form == "bare" else value
            self.members += [one["value"] for one in new]


def serving(
    httpserver: HTTPServer, at: Callable[[str], VendorSettings], server: GroupServer
) -> Scim:
    def users(request: Request) -> Response:
        page = PEOPLE if request.args.get("startIndex") == "1" else []
        return Response(json.dumps(listed([{"id": name, "userName": name} for name in page])))

    httpserver.expect_request("/v2/Users").respond_with_handler(users)
    httpserver.expect_request(f"/v2/Groups/{GROUP}").respond_with_handler(server)
    return Scim(at(httpserver.url_for("/v2")), ("userName",), can=Capabilities())


def leave(vendor: Scim, *accounts: str) -> None:
    vendor.move(accounts, vendor.members_of([GROUP]), {})


def join(vendor: Scim, *accounts: str) -> None:
    vendor.move(accounts, {}, vendor.members_of([GROUP]))


@pytest.mark.parametrize(
    ("server", "form"),
    [
        (GroupServer({"filter", "path"}), "filter"),
        (GroupServer({"list", "path"}), "list"),
        (GroupServer({"list", "path"}, ignores={"filter"}), "list"),
        (GroupServer({"put"}, status=501), "put"),
        (GroupServer({"put"}, status=405), "put"),
        (GroupServer({"put"}, status=404), "put"),
        (GroupServer({"filter"}, guarded=True), "filter"),
        (GroupServer({"path", "put"}, ignores={"filter", "list"}), "put"),
        (GroupServer({"path", "put"}), "put"),
    ],
)
def test_who_leaves_does_so_in_the_form_that_works_and_the_next_at_once(
    httpserver: HTTPServer,
    settings: Callable[[str], VendorSettings],
    server: GroupServer,
    form: str,
) -> None:
    vendor = serving(httpserver, settings, server)
    server.members = ["u0", "u1", "u2"]
    leave(vendor, "u0")
    assert server.members == ["u1", "u2"]
    server.asked.clear()
    leave(vendor, "u1")
    assert server.members == ["u2"]
    assert set(server.asked) == {form}


@pytest.mark.parametrize("form", ["path", "bare", "ref", "put"])
def test_who_joins_does_so_in_the_form_that_works_and_the_next_at_once(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings], form: str
) -> None:
    server = GroupServer({form}, status=501 if form == "put" else 400)
    vendor = serving(httpserver, settings, server)
    join(vendor, "u3")
    server.asked.clear()
    join(vendor, "u4")
    assert server.members == ["u0", "u1", "u2", "u3", "u4"]
    assert server.asked == [form]


def test_whoever_goes_with_the_leaver_is_put_back_and_the_form_is_not_used_again(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    server = GroupServer({"list", "path"}, wipes=True)
    vendor = serving(httpserver, settings, server)
    with pytest.raises(CounterpartError):
        leave(vendor, "u0")
    assert sorted(server.members) == ["u1", "u2"]
    server.asked.clear()
    with pytest.raises(CounterpartError):
        leave(vendor, "u1")
    assert "list" not in server.asked


def test_nobody_joins_by_put_where_patch_is_known(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    server = GroupServer({"put"}, ignores={"path", "bare", "ref"})
    vendor = serving(httpserver, settings, server)
    join(vendor, "u3")
    assert server.asked == ["path", "bare", "ref"]


def test_a_change_is_read_back_while_its_form_is_not_known(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    vendor = serving(httpserver, settings, GroupServer({"filter"}))
    assert vendor.move(["u0"], vendor.members_of([GROUP]), {})
    assert not vendor.move(["u1"], vendor.members_of([GROUP]), {})


@pytest.mark.parametrize(("takes", "status"), [({"list", "path"}, 400), ({"put"}, 501)])
def test_nothing_that_may_take_out_others_is_tried_where_not_all_may_be_shown(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings], takes: set[str], status: int
) -> None:
    server = GroupServer(takes, status=status, members=PEOPLE[:20])
    vendor = serving(httpserver, settings, server)
    with pytest.raises(CounterpartError):
        leave(vendor, "u0")
    assert server.members == PEOPLE[:20]
    assert server.asked == ["filter"]
