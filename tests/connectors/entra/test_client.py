"""A tenant as it is: groups by exact name, and all their members."""

from office import Office, group, guid, user

from connectors.entra.client import Entra
from reconciler.model.snapshot import Directory, Group


def read(office: Office, **pins: str) -> Directory:
    settings = office.settings
    sets = [
        item.model_copy(update={"group_id": pins.get(item.name.split()[0])})
        for item in settings.subscription_sets
    ]
    mapping = settings.attribute_mapping
    return Entra(settings.directory).read_sets(sets, mapping.sources, lambda _: None)


def test_members_are_read_over_all_pages_and_counted(office: Office) -> None:
    office.sandbox.graph.largest_page = 10
    sales, night = read(office).reads
    assert (sales.pages, sales.members, sales.counted, sales.complete) == (3, 25, 25, True)
    assert sales.exact == (Group(guid("Sales Team"), "Sales Team"),)
    assert (night.pages, night.members) == (1, 1)


def test_people_come_once_with_what_the_mapping_needs(office: Office) -> None:
    directory = read(office)
    assert len(directory.members) == 26
    people = directory.people.set_index("id")
    assert len(people) == 25
    ana = people.loc[guid("user1")]
    assert ana["mail"] == "user1@harbour.example"
    assert ana["accountEnabled"]
    assert ana["presence"] == "present"


def test_members_that_are_not_people_are_known_by_kind(office: Office) -> None:
    office.sandbox.tenant.groups[guid("Sales Team")]["memberGroups"] = [guid("Night Desk")]
    directory = read(office)
    assert directory.members["kind"].value_counts().to_dict() == {"user": 26, "group": 1}
    assert guid("Night Desk") not in set(directory.people["id"])


def test_a_name_in_another_case_is_not_the_group(office: Office) -> None:
    office.sandbox.tenant.groups[guid("Sales Team")]["displayName"] = "Sales team"
    sales = read(office).reads[0]
    assert sales.exact == ()
    assert [near.name for near in sales.near] == ["Sales team"]
    assert sales.members == 0


def test_groups_of_one_name_are_all_told_and_none_is_read(office: Office) -> None:
    office.sandbox.tenant.groups["twin"] = {**group("Sales Team"), "id": guid("twin")}
    sales = read(office).reads[0]
    assert {found.id for found in sales.exact} == {guid("Sales Team"), guid("twin")}
    assert sales.group is None
    assert sales.pages == 0


def test_a_pin_chooses_the_group(office: Office) -> None:
    office.sandbox.tenant.groups[guid("twin")] = {
        **group("Sales Team", "user3"),
        "id": guid("twin"),
    }
    sales = read(office, Sales=guid("twin")).reads[0]
    assert sales.pinned == Group(guid("twin"), "Sales Team")
    assert sales.members == 1


def test_a_quote_in_a_name_is_a_quote(office: Office) -> None:
    from connectors.entra.groups import chunks, quote

    assert quote("O'Brien") == "'O''Brien'"
    assert [text.count(",") for text in chunks((str(at) for at in range(31)), "id")] == [14, 14, 0]


def test_without_user_read_all_only_ids_are_told(office: Office) -> None:
    office.sandbox.graph.roles = ("GroupMember.Read.All",)
    directory = read(office)
    assert directory.reads[0].complete
    assert directory.people[["userPrincipalName", "mail", "accountEnabled"]].isna().all(axis=None)


def test_requests_are_few(office: Office) -> None:
    """One for the groups; per group its pages and one count."""
    read(office)
    asked = [path for _, path in office.sandbox.graph_ledger.requests if "/v1.0/" in path]
    assert len(asked) == 1 + 2 * 2


def test_users_outside_any_group_are_not_read(office: Office) -> None:
    office.sandbox.tenant.users[guid("outsider")] = user("outsider")
    assert guid("outsider") not in set(read(office).people["id"])
