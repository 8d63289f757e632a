"""The sandbox tells changes as Graph documents it (delta query overview; group: delta)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from connectors.sandbox.authority import Registration, SandboxAuthority
from connectors.sandbox.graph import Graph
from connectors.sandbox.request_log import WriteLedger
from connectors.sandbox.tenant import Tenant
from support.counterparts.small_tenant import group, guid, user

GROUPS = "/v1.0/groups/delta()?$select=displayName,members"
USERS = "/v1.0/users/delta()?$select=mail,accountEnabled"
LATEST = "&$deltatoken=latest"
PERSON = {"@odata.type": "#microsoft.graph.user"}


@pytest.fixture
def graph() -> Graph:
    people = [user(name) for name in ("ana", "bob", "cyd")]
    groups = [group("Sales", "ana", "bob"), group("Night")]
    tenant = Tenant({"users": people, "groups": groups})
    return Graph(
        tenant, SandboxAuthority("tenant", Registration("app", "secret"), tenant), WriteLedger()
    )


class Follower:
    """Follows the links of one query, round by round."""

    def __init__(self, graph: Graph, query: str) -> None:
        token = graph.authority.issue(graph.roles)
        self._client, self._headers = Client(graph), {"Authorization": f"Bearer {token}"}
        self.link = query

    def answer(self) -> TestResponse:
        return self._client.get(self.link, headers=self._headers)

    def round(self) -> list[list[dict[str, Any]]]:
        """The pages of a round; tokens carry the query's parameters, and nothing else does."""
        pages, ends = [], False
        while not ends:
            body = self.answer().get_json()
            pages.append(body["value"])
            ends = "@odata.deltaLink" in body
            link = urlsplit(body["@odata.deltaLink" if ends else "@odata.nextLink"])
            names = [name for name, _ in parse_qsl(link.query)]
            assert names == ["$deltatoken" if ends else "$skiptoken"]
            self.link = f"{link.path}?{link.query}"
        return pages


def members(graph: Graph, name: str) -> list[str]:
    found: list[str] = graph.tenant.groups[guid(name)]["members"]
    return found


def test_the_first_round_tells_what_is_there(graph: Graph) -> None:
    assert Follower(graph, GROUPS).round() == [
        [
            {
                "id": guid("Sales"),
                "displayName": "Sales",
                "members@delta": [{**PERSON, "id": guid(name)} for name in ("ana", "bob")],
            },
            {"id": guid("Night"), "displayName": "Night"},
        ]
    ]


def test_from_now_on_nothing_is_there_until_it_changes(graph: Graph) -> None:
    follower = Follower(graph, GROUPS + LATEST)
    assert follower.round() == follower.round() == [[]]
    members(graph, "Sales").remove(guid("ana"))
    members(graph, "Sales").append(guid("cyd"))
    assert follower.round() == [
        [
            {
                "id": guid("Sales"),
                "displayName": "Sales",
                "members@delta": [
                    {**PERSON, "id": guid("cyd")},
                    {**PERSON, "id": guid("ana"), "@removed": {"reason": "deleted"}},
                ],
            }
        ]
    ]
    assert follower.round() == [[]]


def test_only_what_is_selected_is_followed(graph: Graph) -> None:
    follower = Follower(graph, USERS + LATEST)
    follower.round()
    graph.tenant.users[guid("ana")]["surname"] = "Cain"
    assert follower.round() == [[]]
    graph.tenant.users[guid("ana")] |= {"mail": None}
    assert follower.round() == [[{"id": guid("ana"), "mail": None, "accountEnabled": True}]]


def test_who_is_deleted_is_told_among_users_and_not_among_members(graph: Graph) -> None:
    users, groups = Follower(graph, USERS + LATEST), Follower(graph, GROUPS + LATEST)
    users.round()
    groups.round()
    ana = graph.tenant.users.pop(guid("ana"))
    graph.tenant.deleted[guid("ana")] = ana
    del graph.tenant.users[guid("bob")]
    told = {item["id"]: item["@removed"]["reason"] for page in users.round() for item in page}
    assert told == {guid("ana"): "changed", guid("bob"): "deleted"}
    graph.tenant.users[guid("ana")] = graph.tenant.deleted.pop(guid("ana"))
    assert [item["id"] for page in users.round() for item in page] == [guid("ana")]
    assert groups.round() == [[]]


def test_a_group_that_is_deleted_is_removed(graph: Graph) -> None:
    follower = Follower(graph, GROUPS + LATEST)
    follower.round()
    del graph.tenant.groups[guid("Night")]
    assert follower.round() == [[{"id": guid("Night"), "@removed": {"reason": "deleted"}}]]


def test_a_large_group_comes_again_with_other_members(graph: Graph) -> None:
    graph.delta.page = 1
    pages = Follower(graph, GROUPS).round()
    assert [[item["id"] for item in page] for page in pages] == [
        [guid("Sales")],
        [guid("Sales")],
        [guid("Night")],
    ]
    told = [item["members@delta"][0]["id"] for page in pages[:2] for item in page]
    assert told == [guid("ana"), guid("bob")]


def test_replays_tell_once_more(graph: Graph) -> None:
    graph.delta.replays = True
    follower = Follower(graph, USERS + LATEST)
    follower.round()
    graph.tenant.users[guid("ana")]["mail"] = "a@b.example"
    assert follower.round() == follower.round() != [[]]
    assert follower.round() == [[]]


def test_a_filter_follows_some(graph: Graph) -> None:
    wanted = f"&$filter=id eq '{guid('Night')}' or id eq '{guid('none')}'"
    follower = Follower(graph, GROUPS + wanted + LATEST)
    follower.round()
    members(graph, "Sales").clear()
    assert follower.round() == [[]]
    members(graph, "Night").append(guid("ana"))
    assert [item["id"] for page in follower.round() for item in page] == [guid("Night")]


@pytest.mark.parametrize(
    "query",
    [
        "&$filter=displayName eq 'Sales'",
        "&$filter=" + " or ".join(f"id eq '{at}'" for at in range(51)),
        "&$top=5",
        "&$expand=members",
    ],
)
def test_what_graph_does_not_support_here_is_refused(graph: Graph, query: str) -> None:
    assert Follower(graph, GROUPS + query).answer().status_code == 400


@pytest.mark.parametrize("link", ["deltatoken=1", "skiptoken=1", "deltatoken=x"])
def test_a_token_that_is_not_known_any_more_is_gone(graph: Graph, link: str) -> None:
    graph.delta.page = 1
    Follower(graph, GROUPS).answer()
    graph.delta.expire()
    answer = Follower(graph, f"/v1.0/groups/delta()?${link}").answer()
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (410, "syncStateNotFound")


def test_a_permission_is_needed(graph: Graph) -> None:
    graph.roles = ("GroupMember.Read.All",)
    assert Follower(graph, USERS).answer().status_code == 403
    assert Follower(graph, GROUPS).answer().status_code == 200
