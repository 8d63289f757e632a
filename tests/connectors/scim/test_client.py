"""The operations of a plan against the vendor of the guide, over real HTTP."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from config.vendor import VendorSettings
from connectors.errors import Unauthorized, Unreachable
from connectors.sandbox.server import Sandbox
from connectors.scim.client import Scim
from connectors.scim.errors import ScimRefused
from reconciler.model.capabilities import Capabilities
from support.counterparts.running_vendor import running_vendor, settings_of
from support.counterparts.scim_user_server import BY_PATH

MAIL = 'emails[type eq "work"].value'
PATHS = ("userName", "active", MAIL, "name.givenName", "name.familyName", "externalId")


def person(name: str, **changes: str | bool) -> dict[str, str | bool]:
    return {
        "userName": f"{name}@harbour.example",
        "active": True,
        MAIL: f"{name}@harbour.example",
        "name.givenName": name.title(),
        "externalId": f"id-of-{name}",
        **changes,
    }


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_vendor({"Sales Team": ["Sales"], "Both": ["Sales", "Marketing"]}) as sandbox:
        yield sandbox


@pytest.fixture
def vendor(sandbox: Sandbox, tmp_path: Path) -> Iterator[Scim]:
    with Scim(settings_of(sandbox, tmp_path).vendor, PATHS) as client:
        yield client


def test_an_account_is_created_read_and_changed(vendor: Scim) -> None:
    account_id = vendor.create_account(person("ana"))
    account = vendor.account(account_id)
    assert account
    assert account.active is True
    assert account.attributes[MAIL] == "ana@harbour.example"
    assert account.attributes["name.familyName"] is None

    vendor.update_account(
        account_id,
        {"userName": "ana.new@harbour.example", "name.familyName": "Abel", "active": False},
    )
    changed = vendor.account(account_id)
    assert changed
    assert changed.active is False
    assert changed.attributes["userName"] == "ana.new@harbour.example"
    assert changed.attributes["name.familyName"] == "Abel"
    assert changed.attributes["externalId"] == "id-of-ana"


def test_a_mail_address_is_replaced_in_place(vendor: Scim) -> None:
    account_id = vendor.create_account(person("ana"))
    vendor.update_account(account_id, {MAIL: "a@harbour.example"})
    account = vendor.account(account_id)
    assert account
    assert account.attributes[MAIL] == "a@harbour.example"


def test_a_first_mail_address_is_added(vendor: Scim) -> None:
    attributes = person("ana")
    del attributes[MAIL]
    account_id = vendor.create_account(attributes)
    vendor.update_account(account_id, {MAIL: "ana@harbour.example", "name.givenName": "Anna"})
    account = vendor.account(account_id)
    assert account
    assert account.attributes[MAIL] == "ana@harbour.example"
    assert account.attributes["name.givenName"] == "Anna"


def test_what_is_not_there_is_none(vendor: Scim) -> None:
    assert vendor.account("nobody/at@all") is None
    assert vendor.find("nothing", "nobody") == ()


@pytest.mark.parametrize(
    ("external_id", "user_name"),
    [
        ("id-of-ana", "other"),
        ("other", "ANA@harbour.example"),
        ('a" or userName pr', "ana@harbour.example"),
    ],
)
def test_an_account_is_found_by_either_name(vendor: Scim, external_id: str, user_name: str) -> None:
    account_id = vendor.create_account(person("ana"))
    vendor.create_account(person("bob"))
    assert [account.id for account in vendor.find(external_id, user_name)] == [account_id]


def test_a_taken_user_name_is_refused_with_its_reason(vendor: Scim) -> None:
    vendor.create_account(person("ana"))
    with pytest.raises(ScimRefused) as caught:
        vendor.create_account(person("ana", externalId="another"))
    assert (caught.value.status, caught.value.scim_type) == (409, "uniqueness")


@pytest.mark.parametrize(
    "mail",
    [
        "ana@corp.local",
        "ana@intranet",
        "ana..x@moor_x.example",
        '"ana abel"@moor.example',
        "d" * 66 + "@moor.example",
    ],
)
def test_an_address_is_sent_as_entra_has_it(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings], mail: str
) -> None:
    """What the vendor refuses is the vendor's word; `.local` is in every hybrid company."""
    httpserver.expect_request("/v2/Users", method="POST").respond_with_json({"id": "u1"})
    httpserver.expect_request("/v2/Users/u1", method="PATCH").respond_with_data("", status=204)
    vendor = Scim(settings(httpserver.url_for("/v2")), PATHS, can=Capabilities(BY_PATH))
    assert vendor.create_account(person("ana", **{MAIL: mail})) == "u1"
    vendor.update_account("u1", {MAIL: mail})
    created, changed = (json.loads(request.data) for request, _ in httpserver.log)
    assert created["emails"] == [{"type": "work", "value": mail, "primary": True}]
    assert changed["Operations"][0]["value"] == mail


def test_an_account_has_its_extensions_and_names_them(
    httpserver: HTTPServer, settings: Callable[[str], VendorSettings]
) -> None:
    httpserver.expect_request("/v2/Users", method="POST").respond_with_json({"id": "u1"})
    vendor = Scim(settings(httpserver.url_for("/v2")), PATHS)
    urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    vendor.create_account(person("ana", **{f"{urn}:department": "Sales"}))
    created = json.loads(httpserver.log[0][0].data)
    assert created[urn] == {"department": "Sales"}
    assert created["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User", urn]


def test_members_come_and_go_one_by_one(sandbox: Sandbox, vendor: Scim) -> None:
    group = vendor.create_set_group("Sales Team")
    ana, bob = (vendor.create_account(person(name)) for name in ("ana", "bob"))
    vendor.add_member(group, ana)
    vendor.add_member(group, bob)
    assert set(vendor.members(group)) == {ana, bob}
    assert sandbox.portal.used() == {"Sales": 2, "Marketing": 0}
    vendor.move([ana], vendor.members_of([group]), {})
    assert set(vendor.members(group)) == {bob}


def test_a_present_member_is_not_added_again(sandbox: Sandbox, vendor: Scim) -> None:
    group = vendor.create_set_group("Sales Team")
    ana = vendor.create_account(person("ana"))
    vendor.add_member(group, ana)
    before = len(sandbox.vendor_ledger.writes)
    vendor.add_member(group, ana)
    assert len(sandbox.vendor_ledger.writes) == before


def test_the_whole_vendor_is_read_page_by_page(sandbox: Sandbox, vendor: Scim) -> None:
    people = [vendor.create_account(person(f"user{at}")) for at in range(130)]
    vendor.update_account(people[7], {"active": False})
    group = vendor.create_set_group("Sales Team")
    other = vendor.create_set_group("Sales team")  # another name
    vendor.add_member(group, people[3])
    vendor.add_member(other, people[4])
    target = vendor.read(["Sales Team", "Both"], lambda _: None)
    assert target.complete
    assert target.groups == {"Sales Team": (group,)}
    assert set(target.accounts["account"]) == set(people)
    assert target.accounts.set_index("account").loc[people[7], "active"] == False  # noqa: E712
    assert target.holdings.values.tolist() == [["Sales Team", people[3]]]
    assert target.others.values.tolist() == [["Sales team", people[4]]]
    assert target.unread == ()


def test_an_expired_token_is_unauthorized(sandbox: Sandbox, vendor: Scim) -> None:
    now = sandbox.portal.clock()
    sandbox.portal.clock = lambda: now + timedelta(days=181)
    with pytest.raises(Unauthorized, match="invalid or expired") as caught:
        vendor.probe()
    assert sandbox.token not in str(caught.value)


def test_a_new_token_invalidates_the_old_one(sandbox: Sandbox, vendor: Scim) -> None:
    assert vendor.probe().users == 0
    sandbox.portal.generate_token("90d")
    with pytest.raises(Unauthorized):
        vendor.probe()


def test_a_first_contact_tells_what_the_vendor_claims(vendor: Scim) -> None:
    vendor.create_account(person("ana"))
    probe = vendor.probe()
    assert (probe.users, probe.groups) == (1, 0)
    assert {"patch", "filter"} <= set(vendor.claims())


def test_nobody_at_the_address(sandbox: Sandbox, tmp_path: Path) -> None:
    gone = settings_of(sandbox, tmp_path).vendor.model_copy(
        update={"base_url": "http://127.0.0.1:9/v2"}
    )
    with Scim(gone, PATHS) as client, pytest.raises(Unreachable, match="refused"):
        client.create_account(person("ana"))
