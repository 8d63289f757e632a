"""Both servers over their sockets, as a client meets them."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msal
import pytest
import requests

from config.load import load
from connectors.sandbox.server import CLIENT_ID, CLIENT_SECRET, TENANT_ID, Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.secrets.read_and_write import read_secret

HISTORY = Path(__file__).parents[4] / "shared" / "data" / "rust-team"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

TENANT = {
    "users": [{"id": f"u{at}", "mail": f"user{at}@x.example"} for at in range(7)],
    "groups": [
        {"id": "g1", "displayName": "O'Brien Team", "members": [f"u{at}" for at in range(7)]},
        {"id": "g2", "displayName": "Night Desk", "members": ["u1"], "memberGroups": ["g1"]},
    ],
    "deletedUsers": [{"id": "u9", "mail": None}],
}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    sets = [{"name": "Sales Team", "products": ["Sales"]}]
    with Sandbox(Tenant(TENANT), sets, {"Sales": 1}, tmp_path / "ledger.jsonl") as sandbox:
        yield sandbox


@pytest.fixture
def graph(sandbox: Sandbox) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = str(sandbox.ca_file)
    application = msal.ConfidentialClientApplication(
        CLIENT_ID,
        client_credential=CLIENT_SECRET,
        authority=f"{sandbox.graph_url}/{TENANT_ID}",
        instance_discovery=False,
        http_client=session,
    )
    token = application.acquire_token_for_client([f"{sandbox.graph_url}/.default"])
    session.headers["Authorization"] = f"Bearer {token['access_token']}"
    return session


@pytest.fixture
def vendor(sandbox: Sandbox) -> requests.Session:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {sandbox.token}"
    return session


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("displayName eq 'o''brien TEAM'", ["g1"]),
        ("displayName in ('Night Desk','O''Brien Team')", ["g1", "g2"]),
        ("startswith(displayName,'night')", ["g2"]),
        ("id in ('g2')", ["g2"]),
        ("displayName eq 'nothing'", []),
    ],
)
def test_groups_are_filtered(
    sandbox: Sandbox, graph: requests.Session, text: str, found: list[str]
) -> None:
    answer = graph.get(f"{sandbox.graph_url}/v1.0/groups", params={"$filter": text})
    assert [group["id"] for group in answer.json()["value"]] == found


def test_members_come_in_pages_with_their_types(sandbox: Sandbox, graph: requests.Session) -> None:
    url = f"{sandbox.graph_url}/v1.0/groups/g1/members?$top=3&$select=id,mail"
    seen = []
    while url:
        page = graph.get(url).json()
        seen += [member["id"] for member in page["value"]]
        assert "accountEnabled" not in page["value"][0]
        url = page.get("@odata.nextLink")
    assert seen == [f"u{at}" for at in range(7)]
    nested = graph.get(f"{sandbox.graph_url}/v1.0/groups/g2/members").json()["value"]
    kinds = [member["@odata.type"] for member in nested]
    assert kinds == ["#microsoft.graph.user", "#microsoft.graph.group"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("groups/nothing/members", 404),
        ("groups/g1/members/graph.user/$count", 400),
        ("groups?$filter=displayName ne 'x'", 400),
        ("groups?$filter=id in (" + ",".join(f"'{at}'" for at in range(16)) + ")", 400),
        ("groups?$filter=id in (" + "''" * 60 + "x", 400),
        ("nothing", 404),
    ],
)
def test_graph_refuses_as_graph_does(
    sandbox: Sandbox, graph: requests.Session, path: str, status: int
) -> None:
    answer = graph.get(f"{sandbox.graph_url}/v1.0/{path}")
    assert answer.status_code == status
    assert answer.json()["error"]["code"]
    assert answer.headers["request-id"]


def test_without_a_token_graph_says_nothing(sandbox: Sandbox) -> None:
    with requests.Session() as stranger:
        stranger.trust_env = False
        stranger.verify = str(sandbox.ca_file)
        assert stranger.get(f"{sandbox.graph_url}/v1.0/groups").status_code == 401


def test_a_seat_is_taken_and_the_next_one_is_refused(
    sandbox: Sandbox, vendor: requests.Session, tmp_path: Path
) -> None:
    def post(path: str, body: dict[str, object]) -> str:
        return str(vendor.post(f"{sandbox.scim_url}/{path}", json=body).json()["id"])

    ana = post("Users", {"schemas": [USER], "userName": "ana"})
    bob = post("Users", {"schemas": [USER], "userName": "bob"})
    group = post("Groups", {"schemas": [GROUP], "displayName": "Sales Team"})

    def add(member: str) -> int:
        operation = {"op": "add", "path": "members", "value": [{"value": member}]}
        body = {"schemas": [PATCH], "Operations": [operation]}
        return vendor.patch(f"{sandbox.scim_url}/Groups/{group}", json=body).status_code

    assert (add(ana), add(bob)) == (204, 403)
    assert sandbox.portal.members("Sales Team") == {ana}
    last = sandbox.vendor_ledger.writes[-1]
    assert (last.resource, last.added, last.used) == ("Group", (ana,), {"Sales": 1})
    mirrored = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
    assert len(mirrored) == len(sandbox.vendor_ledger.writes) == 4

    sandbox.portal.managed_through_idp = False
    sandbox.portal.seats["Sales"] = 5
    assert add(bob) in {200, 204}
    assert sandbox.portal.members("Sales Team") == {ana}


@pytest.fixture
def groups(vendor: requests.Session, sandbox: Sandbox) -> "Groups":
    return Groups(vendor, sandbox.scim_url)


@dataclass
class Groups:
    """Users and groups over SCIM, by their ids."""

    session: requests.Session
    url: str

    def make(self, kind: str, **body: object) -> str:
        schema = GROUP if kind == "Groups" else USER
        answer = self.session.post(f"{self.url}/{kind}", json={"schemas": [schema], **body})
        assert answer.status_code == 201
        return str(answer.json()["id"])

    def status(self, kind: str, at: str, method: str = "GET", **sent: Any) -> int:
        return self.session.request(method, f"{self.url}/{kind}/{at}", **sent).status_code

    def members(self, at: str) -> set[str]:
        body = self.session.get(f"{self.url}/Groups/{at}").json()
        return {member["value"] for member in body.get("members", ())}


def test_while_the_switch_is_off_groups_are_neither_made_nor_deleted(
    sandbox: Sandbox, groups: Groups
) -> None:
    """The answers are those of every day."""
    ana = groups.make("Users", userName="ana")
    there = groups.make("Groups", displayName="Sales Team", members=[{"value": ana}])
    sandbox.portal.managed_through_idp = False
    before = len(sandbox.vendor_ledger.writes)
    assert groups.status("Groups", groups.make("Groups", displayName="Night Shift")) == 404
    assert groups.status("Groups", there, "DELETE") == 204
    assert groups.members(there) == {ana}
    assert len(sandbox.vendor_ledger.writes) == before
    assert groups.status("Users", groups.make("Users", userName="bob")) == 200
    sandbox.portal.managed_through_idp = True
    assert groups.status("Groups", there, "DELETE") == 204
    assert sandbox.portal.used() == {"Sales": 0}


def test_who_is_deleted_leaves_set_and_group(sandbox: Sandbox, groups: Groups) -> None:
    ana = groups.make("Users", userName="ana")
    sales = groups.make("Groups", displayName="Sales Team", members=[{"value": ana}])
    assert sandbox.portal.used() == {"Sales": 1}
    assert groups.status("Users", ana, "DELETE") == 204
    assert groups.members(sales) == set()
    assert sandbox.portal.used() == {"Sales": 0}


def test_a_set_is_linked_to_the_group_of_its_name_whichever_is_made_first(
    sandbox: Sandbox, groups: Groups
) -> None:
    ana = groups.make("Users", userName="ana")
    night = groups.make("Groups", displayName="Night Shift", members=[{"value": ana}])
    sandbox.portal.create_set("Night Shift", "", ["Sales"])
    assert sandbox.portal.members("Night Shift") == {ana}
    renamed = [{"op": "replace", "path": "displayName", "value": "Sales Team"}]
    body = {"schemas": [PATCH], "Operations": renamed}
    assert groups.status("Groups", night, "PATCH", json=body) in {200, 204}
    assert sandbox.portal.members("Night Shift") == set()
    assert sandbox.portal.members("Sales Team") == {ana}


def test_a_written_configuration_is_a_good_one(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.write_config(tmp_path / "seatsync.yaml")
    settings = load(tmp_path / "seatsync.yaml")
    assert read_secret(settings.vendor.token) == sandbox.token
    assert settings.vendor.base_url == sandbox.scim_url


@pytest.mark.skipif(not HISTORY.is_dir(), reason="the membership histories are not here")
def test_a_real_tenant_loads() -> None:
    newest = max(HISTORY.glob("[0-9]*.json"))
    tenant = Tenant.load(newest)
    assert len(tenant.groups) > 200
    assert len(tenant.users) > 600


def test_where_a_sandbox_has_ended_nobody_is_served_and_nothing_runs_on() -> None:
    before = {*threading.enumerate()}
    with Sandbox(Tenant(TENANT), [], {}) as sandbox:
        serving = {*threading.enumerate()} - before
        assert len(serving) == 3
    assert not any(thread.is_alive() for thread in serving)
    for url in (sandbox.portal_url, sandbox.scim_url, sandbox.graph_url):
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=10, verify=False)  # noqa: S501 - nobody is there
