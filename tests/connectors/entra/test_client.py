"""A tenant as it is: groups by exact name, and all their members."""

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from math import ceil
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from connectors.entra.client import Entra
from connectors.sandbox.graph import ROLES
from reconciler.model.group_read import Group
from reconciler.model.snapshot import Directory
from support.counterparts.small_tenant import PEOPLE, SmallTenant, group, guid, user


def read(small_tenant: SmallTenant, **pins: str) -> Directory:
    settings = small_tenant.settings
    sets = [
        item.model_copy(update={"group_id": pins.get(item.name.split()[0])})
        for item in settings.subscription_sets
    ]
    mapping = settings.attribute_mapping
    return Entra(settings.directory).read_sets(sets, mapping.sources, lambda _: None)


def test_members_are_read_over_all_pages_and_counted(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.largest_page = 10
    sales, night = read(small_tenant).reads
    assert (sales.pages, sales.members, sales.counted, sales.complete) == (3, 25, 25, True)
    assert sales.exact == (Group(guid("Sales Team"), "Sales Team"),)
    assert (night.pages, night.members) == (1, 1)


def test_people_come_once_with_what_the_mapping_needs(small_tenant: SmallTenant) -> None:
    directory = read(small_tenant)
    assert len(directory.members) == 26
    people = directory.people.set_index("id")
    assert len(people) == 25
    ana = people.loc[guid("user1")]
    assert ana["mail"] == "user1@harbour.example"
    assert ana["accountEnabled"]
    assert ana["presence"] == "present"


def test_members_that_are_not_people_are_known_by_kind(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.tenant.groups[guid("Sales Team")]["memberGroups"] = [guid("Night Desk")]
    directory = read(small_tenant)
    assert directory.members["kind"].value_counts().to_dict() == {"user": 26, "group": 1}
    assert guid("Night Desk") not in set(directory.people["id"])


def test_a_name_in_another_case_is_not_the_group(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.tenant.groups[guid("Sales Team")]["displayName"] = "Sales team"
    sales = read(small_tenant).reads[0]
    assert sales.exact == ()
    assert [near.name for near in sales.near] == ["Sales team"]
    assert sales.members == 0


@pytest.mark.parametrize(
    "named",
    [
        pytest.param(" Sales Team", id="a leading blank"),
        pytest.param("\u0405ales Team", id="a Cyrillic S"),
        pytest.param("\u200bSales Team", id="a zero width space"),
        pytest.param("Sa\u00adles Team", id="a soft hyphen"),
    ],
)
def test_a_near_miss_that_begins_otherwise_is_found_too(
    small_tenant: SmallTenant, named: str
) -> None:
    small_tenant.sandbox.tenant.groups[guid("Sales Team")]["displayName"] = named
    small_tenant.sandbox.graph.largest_page = 1
    assert [near.name for near in read(small_tenant).reads[0].near] == [named]


def test_all_groups_are_looked_through_once_whatever_is_missing(small_tenant: SmallTenant) -> None:
    first, *_ = small_tenant.settings.subscription_sets
    sets = [first.model_copy(update={"name": f"Nobody {at}"}) for at in range(3)]
    Entra(small_tenant.settings.directory).read_sets(sets, (), lambda _: None)
    asked = [
        path for _, path in small_tenant.sandbox.graph_ledger.requests if path == "/v1.0/groups"
    ]
    assert len(asked) == 1 + 3 + 1  # by name, by first word, and all


def test_a_tenant_of_very_many_groups_is_not_looked_through_to_its_end(
    small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.entra.reading.find_set_groups.LOOKED_THROUGH", 1)
    small_tenant.sandbox.graph.largest_page = 1
    small_tenant.sandbox.tenant.groups[guid("Night Desk")]["displayName"] = " Night Desk"
    assert read(small_tenant).reads[1].near == ()


def test_groups_of_one_name_are_all_told_and_none_is_read(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.tenant.groups["twin"] = {**group("Sales Team"), "id": guid("twin")}
    sales = read(small_tenant).reads[0]
    assert {found.id for found in sales.exact} == {guid("Sales Team"), guid("twin")}
    assert sales.group is None
    assert sales.pages == 0


def test_a_pin_chooses_the_group(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.tenant.groups[guid("twin")] = {
        **group("Sales Team", "user3"),
        "id": guid("twin"),
    }
    sales = read(small_tenant, Sales=guid("twin")).reads[0]
    assert sales.pinned == Group(guid("twin"), "Sales Team")
    assert sales.members == 1


def test_a_quote_in_a_name_is_a_quote(small_tenant: SmallTenant) -> None:
    from connectors.entra.reading.find_set_groups import chunks, quote

    assert quote("O'Brien") == "'O''Brien'"
    assert [text.count(",") for text in chunks((str(at) for at in range(31)), "id")] == [14, 14, 0]


def test_without_user_read_all_only_ids_are_told(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.roles = ("GroupMember.Read.All",)
    directory = read(small_tenant)
    assert directory.reads[0].complete
    assert directory.people[["userPrincipalName", "mail", "accountEnabled"]].isna().all(axis=None)


def test_requests_are_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For N sets with M members each: N/15, a page for 999 members, and one count for each.

    One more asks for the end of the app's own credential, where the token may see it.
    """
    names = [f"Team {at}" for at in range(31)]
    small_tenant = SmallTenant(tmp_path, dict.fromkeys(names, PEOPLE))
    with small_tenant.sandbox:
        small_tenant.sandbox.graph.largest_page = 15
        directory = read(small_tenant)
    pages = len(names) * ceil(len(PEOPLE) / 15)
    assert directory.requests == ceil(len(names) / 15) + pages + len(names) + 1
    asked = [path for _, path in small_tenant.sandbox.graph_ledger.requests if "/v1.0/" in path]
    assert len(asked) == directory.requests
    with capsys.disabled():
        print(
            f"\n{len(names)} sets of {len(PEOPLE)} members in pages of 15: {directory.requests} "
            f"requests, {directory.resource_units} resource units"
        )


def test_a_user_of_several_groups_is_one_person(tmp_path: Path) -> None:
    small_tenant = SmallTenant(tmp_path, {"Sales Team": PEOPLE, "Night Desk": PEOPLE})
    with small_tenant.sandbox:
        directory = read(small_tenant)
    assert len(directory.members) == 2 * len(PEOPLE)
    assert sorted(directory.people["id"]) == sorted(guid(name) for name in PEOPLE)


def test_resource_units_are_graphs_own_where_it_tells_them(small_tenant: SmallTenant) -> None:
    def priced(request: Request) -> Response:
        answer = sound(request)
        answer.headers["x-ms-resource-unit"] = "7"
        return answer

    sound = small_tenant.sandbox.graph.answer
    documented = read(small_tenant)
    assert (documented.requests, documented.resource_units) == (6, 1 + 2 * (2 + 3) + 1)
    small_tenant.fail(priced)
    assert read(small_tenant).resource_units == 6 * 7


@pytest.mark.parametrize("roles", [ROLES, ROLES[:2]])
def test_when_the_credential_ends_is_told_if_the_app_may_see_it(
    small_tenant: SmallTenant, roles: tuple[str, ...]
) -> None:
    small_tenant.sandbox.graph.roles = roles
    small_tenant.sandbox.app.secret_expires = datetime(2031, 5, 17, tzinfo=UTC)
    allowed = "Application.Read.All" in roles
    assert read(small_tenant).credential_expires == (date(2031, 5, 17) if allowed else None)


@pytest.mark.parametrize("status", [403, 500])
def test_a_credential_whose_end_cannot_be_read_stops_no_plan(
    small_tenant: SmallTenant, status: int
) -> None:
    small_tenant.fail(
        lambda request: Response("{}", status=status) if "applications" in request.path else None
    )
    directory = read(small_tenant)
    assert directory.credential_expires is None
    assert all(read.complete for read in directory.reads)


def test_how_a_group_was_read_is_told(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.largest_page = 10
    sales = read(small_tenant).reads[0]
    assert len(sales.request_ids) == 3
    assert all(sales.request_ids)
    assert sales.seconds > 0


def test_what_a_group_is_is_told(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.tenant.groups[guid("Sales Team")] |= {
        "groupTypes": ["Unified", "DynamicMembership"],
        "securityEnabled": False,
        "membershipRuleProcessingState": "Paused",
        "isAssignableToRole": True,
        "visibility": "Private",
    }
    assert read(small_tenant).reads[0].group == Group(
        guid("Sales Team"),
        "Sales Team",
        types=("Unified", "DynamicMembership"),
        security_enabled=False,
        rule_processing="Paused",
        role_assignable=True,
        visibility="Private",
    )


@pytest.mark.parametrize("seeing", [True, False])
def test_hidden_members_need_a_permission(small_tenant: SmallTenant, seeing: bool) -> None:
    graph = small_tenant.sandbox.graph
    small_tenant.sandbox.tenant.groups[guid("Sales Team")]["visibility"] = "HiddenMembership"
    graph.roles += ("Member.Read.Hidden",) if seeing else ()
    sales, night = read(small_tenant).reads
    assert (sales.hidden, sales.complete, sales.members) == (not seeing, seeing, 25 * seeing)
    assert ("Member.Read.Hidden" in sales.because) is not seeing
    assert night.complete


def test_members_that_are_refused_are_hidden_only_if_the_group_says_so(
    small_tenant: SmallTenant,
) -> None:
    """R5, and R2 with the permission that is missing."""
    small_tenant.sandbox.graph.roles += ("Member.Read.Hidden",)
    small_tenant.sandbox.tenant.groups[guid("Night Desk")]["visibility"] = "HiddenMembership"
    small_tenant.fail(
        lambda at: Response("{}", status=403) if at.path.endswith("/members") else None
    )
    sales, night = read(small_tenant).reads
    assert [(one.hidden, one.complete) for one in (sales, night)] == [(False, False), (True, False)]
    assert "GroupMember.Read.All (application permission) is missing" in sales.because


@pytest.mark.parametrize("pinned", [True, False])
def test_a_deleted_group_is_found_in_the_recycle_bin(
    small_tenant: SmallTenant, pinned: bool
) -> None:
    tenant = small_tenant.sandbox.tenant
    gone = tenant.groups.pop(guid("Sales Team"))
    older = {**gone, "id": guid("older"), "deletedDateTime": "2026-11-01T08:00:00Z"}
    gone["deletedDateTime"] = "2026-11-20T08:00:00Z"
    tenant.deleted_groups = {group["id"]: group for group in (gone, older)}
    pins = {"Sales": guid("older")} if pinned else {}
    assert read(small_tenant, **pins).reads[0].deleted is None  # Group.Read.All is not granted
    small_tenant.sandbox.graph.roles += ("Group.Read.All",)
    sales, night = read(small_tenant, **pins).reads
    assert sales.deleted is not None
    assert sales.deleted.id == guid("older" if pinned else "Sales Team")
    assert sales.deleted.deleted_at == datetime(2026, 11, 1 if pinned else 20, 8, tzinfo=UTC)
    assert night.deleted is None


def test_groups_in_a_group_are_read_where_the_set_says_so(small_tenant: SmallTenant) -> None:
    inner = {
        "id": guid("Inner"),
        "displayName": "Inner",
        "members": [guid("user1"), guid("inside")],
    }
    small_tenant.sandbox.tenant.groups[guid("Inner")] = inner
    small_tenant.sandbox.tenant.users[guid("inside")] = user("inside")
    small_tenant.sandbox.tenant.groups[guid("Sales Team")]["memberGroups"] = [guid("Inner")]
    settings = small_tenant.settings
    sets = [item.model_copy(update={"nested": "expand"}) for item in settings.subscription_sets]
    directory = Entra(settings.directory).read_sets(sets, (), lambda _: None)
    sales = directory.reads[0]
    assert (sales.complete, sales.members, sales.counted) == (True, 26, 26)
    assert set(directory.members["kind"]) == {"user"}
    assert guid("inside") in set(directory.people["id"])


def test_users_outside_any_group_are_not_read(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.tenant.users[guid("outsider")] = user("outsider")
    assert guid("outsider") not in set(read(small_tenant).people["id"])


@pytest.mark.parametrize("minutes", [-37, 0, 37])
def test_how_wrong_the_clock_is_is_told(
    small_tenant: SmallTenant, minutes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graph's own answers carry its time; the nearest one counts, for answers can be late."""
    then = format_datetime(datetime.now(UTC) - timedelta(minutes=minutes), usegmt=True)
    monkeypatch.setattr(WSGIRequestHandler, "date_time_string", lambda *_: then)
    assert round(read(small_tenant).clock_skew / timedelta(minutes=1)) == minutes


def test_questions_within_with_share_connections(small_tenant: SmallTenant) -> None:
    ports: list[str] = []
    small_tenant.fail(lambda request: ports.append(request.environ["REMOTE_PORT"]))
    settings = small_tenant.settings
    with Entra(settings.directory) as entra:
        entra.read_sets(settings.subscription_sets, (), lambda _: None)
        first, asked = set(ports), len(ports)
        entra.look_up([guid("user1")], (), lambda _: None)
    assert len(ports) > asked
    assert set(ports) == first
