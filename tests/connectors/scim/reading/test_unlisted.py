"""What earlier runs know, and no list shows, is asked for by its id before it counts as gone."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from connectors.scim.client import Scim
from connectors.scim.reading.previously_seen import NOTHING_KNOWN, Known
from reconciler.columns.frames import TEXT, column
from reconciler.model.snapshot import Target
from support.counterparts.scim_list_response import listed

SALES = "Sales Team"
Resource = dict[str, Any]
Read = Callable[..., Target]


@pytest.fixture
def read(httpserver: HTTPServer, vendor: Scim) -> Read:
    """Reads a vendor that lists some resources, and shows more by their ids."""

    def read(
        users: Sequence[Resource] = (),
        groups: Sequence[Resource] = (),
        unlisted: Sequence[Resource] = (),
        known: Known = NOTHING_KNOWN,
    ) -> Target:
        there = {resource["id"]: resource for resource in (*users, *groups, *unlisted)}

        def by_id(request: Request) -> Response:
            found = there.get(request.path.rpartition("/")[2])
            return Response(json.dumps(found or {}), status=200 if found else 404)

        httpserver.expect_request("/v2/Users").respond_with_json(listed(users))
        httpserver.expect_request("/v2/Groups").respond_with_json(listed(groups))
        httpserver.expect_request(re.compile("/v2/(Users|Groups)/.*")).respond_with_handler(by_id)
        return vendor.read([SALES], lambda _: None, known)

    return read


def user(at: str, **said: Any) -> Resource:
    return {"id": at, "userName": f"{at}@harbour.example", "active": True, **said}


def group(at: str, name: str, *members: str) -> Resource:
    return {"id": at, "displayName": name, "members": [{"value": member} for member in members]}


def accounts(target: Target) -> dict[str, bool]:
    return dict(zip(target.accounts["account"], target.accounts["active"], strict=True))


ANA = Known(accounts=column(["ana"], TEXT))


def test_an_account_that_is_there_and_not_listed_proves_that_the_list_is_cut(read: Read) -> None:
    target = read([user("bob")], unlisted=[user("ana")], known=ANA)
    assert not target.complete
    assert "/Users does not list account ana" in target.because


def test_an_account_that_is_deactivated_and_not_listed_is_read_all_the_same(read: Read) -> None:
    target = read([user("bob")], unlisted=[user("ana", active=False)], known=ANA)
    assert target.complete
    assert accounts(target) == {"bob": True, "ana": False}


def test_an_account_that_is_not_there_is_gone(read: Read) -> None:
    target = read([user("bob")], known=ANA)
    assert (target.complete, accounts(target), target.pending) == (True, {"bob": True}, set())


RECENT = Known(accounts=column(["ana"], TEXT), recent=frozenset({"ana"}))
NOT_FOUND = Known(accounts=column(["ana"], TEXT), not_found=frozenset({"ana"}))


def test_an_account_that_was_made_lately_may_be_listed_later(read: Read) -> None:
    target = read([user("bob")], unlisted=[user("ana")], known=RECENT)
    assert target.complete
    assert accounts(target) == {"bob": True, "ana": True}


def test_an_account_that_was_accepted_lately_may_be_visible_later(read: Read) -> None:
    target = read([user("bob")], known=NOT_FOUND)
    assert (target.complete, target.pending) == (True, {"ana"})


def test_an_account_that_was_seen_and_is_not_there_any_more_is_gone(read: Read) -> None:
    assert read([user("bob")], known=RECENT).pending == set()


def test_a_member_who_is_in_no_list_and_there_proves_that_the_list_is_cut(read: Read) -> None:
    target = read([user("bob")], [group("g1", SALES, "ana", "bob")], [user("ana")])
    assert not target.complete
    assert "/Users does not list account ana" in target.because


def test_a_member_who_is_deactivated_and_not_listed_holds_the_set(read: Read) -> None:
    target = read([], [group("g1", SALES, "ana")], [user("ana", active=False)])
    assert target.complete
    assert accounts(target) == {"ana": False}
    assert target.unknown_members == {}


def test_members_who_are_nobody_are_counted(read: Read) -> None:
    target = read([user("bob")], [group("g1", SALES, "gone", "bob", "departed")])
    assert target.complete
    assert target.unknown_members == {SALES: 2}


OF_SALES = Known(groups={SALES: ("g1",)})


def test_a_group_that_is_there_and_not_listed_is_the_sets(read: Read) -> None:
    target = read([user("bob")], [], [group("g1", SALES, "bob")], OF_SALES)
    assert target.groups == {SALES: ("g1",)}
    assert target.holdings["account"].tolist() == ["bob"]
    assert target.vendor_names == {}


SLUG = Known(groups={SALES: ("g1",)}, vendor_names={SALES: "sales-team"})


@pytest.mark.parametrize("in_the_list", [True, False])
def test_a_group_that_was_called_otherwise_when_it_was_made_is_the_sets(
    read: Read, in_the_list: bool
) -> None:
    slug = group("g1", "sales-team", "bob")
    target = read([user("bob")], *([[slug], []] if in_the_list else [[], [slug]]), SLUG)
    assert target.groups == {SALES: ("g1",)}
    assert target.vendor_names == {SALES: "sales-team"}
    assert target.others.empty


@pytest.mark.parametrize("known", [OF_SALES, SLUG])
def test_a_group_that_somebody_renamed_is_not_the_sets_any_more(read: Read, known: Known) -> None:
    target = read([user("bob")], [group("g1", "Sales Team (old)", "bob")], [], known)
    assert (target.groups, target.vendor_names) == ({}, {})
    assert target.others["account"].tolist() == ["bob"]


def test_a_group_that_is_not_there_is_gone(read: Read) -> None:
    target = read(known=OF_SALES)
    assert (target.groups, target.pending) == ({}, set())


def test_a_group_that_was_made_lately_may_be_visible_later(read: Read) -> None:
    target = read(known=Known(groups={SALES: ("g1",)}, not_found=frozenset({"g1"})))
    assert (target.groups, target.pending) == ({}, {SALES})


@pytest.mark.parametrize(
    ("said", "shown"), [({"externalId": "x"}, True), ({}, False)], ids=["shown", "not kept"]
)
def test_whether_accounts_show_their_external_id(
    read: Read, said: Mapping[str, str], shown: bool
) -> None:
    assert read([user("bob"), user("ana", **said)]).shows_external_id is shown
