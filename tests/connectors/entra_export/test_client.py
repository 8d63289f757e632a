"""A tenant from a file: the same snapshot as from Graph, and nothing believed that is not so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from config.directory import DirectoryFile
from config.subscription_set import SubscriptionSet
from connectors.entra.client import Entra
from connectors.entra_export.client import ExportedDirectory
from connectors.errors import CounterpartError
from connectors.sandbox.server import TENANT_ID
from reconciler.model.group_read import Group
from reconciler.model.snapshot import Directory
from support.counterparts.directory_export import as_csv
from support.counterparts.small_tenant import SmallTenant, group, guid, user

Content = dict[str, list[dict[str, Any]]]
SOURCES = ("givenName", "mail", "surname", "userPrincipalName")
BOTH = pytest.mark.parametrize("form", ["json", "csv"])


def content() -> Content:
    return {
        "users": [user(f"user{at}") for at in range(5)] + [user("ben", accountEnabled=False)],
        "groups": [
            group("Sales Team", "user0", "user1", "ben"),
            group("Night Desk", "user1", memberGroups=[guid("Sales Team")]),
            group("Empty Team"),
        ],
        "deletedUsers": [user("leaver", mail=None)],
    }


def export(folder: Path, form: str, tenant: Content) -> ExportedDirectory:
    file = folder / f"export.{form}"
    file.write_text(as_csv(tenant) if form == "csv" else json.dumps(tenant))
    return ExportedDirectory(DirectoryFile(file=file, tenant_id=TENANT_ID))


def named(*names: str, **attributes: Any) -> list[SubscriptionSet]:
    return [SubscriptionSet(name=name, products=("Sales",), **attributes) for name in names]


def read(source: ExportedDirectory, *names: str, **attributes: Any) -> Directory:
    return source.read_sets(named(*names, **attributes), SOURCES, lambda _: None)


@BOTH
def test_the_snapshot_is_the_one_that_graph_gives(
    tmp_path: Path, small_tenant: SmallTenant, form: str
) -> None:
    small_tenant.sandbox.tenant.replace(content())
    names = ["Sales Team", "Night Desk", "Empty Team", "Nobody"]
    graph = Entra(small_tenant.settings.directory)
    theirs = graph.read_sets(named(*names), SOURCES, lambda _: None)
    source = export(tmp_path, form, content())
    ours = read(source, *names)
    assert ours.tenant_id == theirs.tenant_id
    assert_frame_equal(*(_sorted(one.members) for one in (ours, theirs)))
    assert_frame_equal(*(_sorted(one.people) for one in (ours, theirs)))
    for one, other in zip(ours.reads, theirs.reads, strict=True):
        assert one.exact == other.exact
        assert (one.set, one.members, one.complete) == (other.set, other.members, True)
    asked = [guid("user4"), guid("leaver"), guid("nobody"), guid("user1").upper(), "7"]
    assert_frame_equal(
        *(_sorted(one.look_up(asked, SOURCES, lambda _: None)) for one in (source, graph))
    )


def _sorted(frame: Any) -> Any:
    columns = sorted(frame.columns)
    return frame[columns].sort_values(columns, ignore_index=True)


@BOTH
def test_groups_inside_groups_are_expanded_as_graph_does(
    tmp_path: Path, small_tenant: SmallTenant, form: str
) -> None:
    tenant = content()
    tenant["groups"][0]["memberGroups"] = [guid("Night Desk")]  # a circle
    small_tenant.sandbox.tenant.replace(tenant)
    sets = named("Night Desk", nested="expand")
    theirs = Entra(small_tenant.settings.directory).read_sets(sets, SOURCES, lambda _: None)
    ours = export(tmp_path, form, tenant).read_sets(sets, SOURCES, lambda _: None)
    assert set(ours.members["id"]) == {guid("user0"), guid("user1"), guid("ben")}
    assert_frame_equal(*(_sorted(one.members) for one in (ours, theirs)))
    assert_frame_equal(*(_sorted(one.people) for one in (ours, theirs)))


def test_what_a_group_is_and_one_in_the_recycle_bin_are_told_as_by_graph(
    tmp_path: Path, small_tenant: SmallTenant
) -> None:
    tenant = content()
    tenant["groups"][0] |= {"groupTypes": ["Unified"], "visibility": "Private"}
    tenant["deletedGroups"] = [group("Night Desk", deletedDateTime="2026-11-20T08:00:00Z")]
    del tenant["groups"][1]
    small_tenant.sandbox.tenant.replace(tenant)
    small_tenant.sandbox.graph.roles = (*small_tenant.sandbox.graph.roles, "Group.Read.All")
    sets = named("Sales Team", "Night Desk")
    theirs = Entra(small_tenant.settings.directory).read_sets(sets, SOURCES, lambda _: None)
    ours = export(tmp_path, "json", tenant).read_sets(sets, SOURCES, lambda _: None)
    for one, other in zip(ours.reads, theirs.reads, strict=True):
        assert (one.exact, one.deleted) == (other.exact, other.deleted)
    assert ours.reads[1].deleted is not None


def test_a_nested_group_of_which_the_file_says_nothing_makes_the_group_incomplete(
    tmp_path: Path,
) -> None:
    tenant = content()
    tenant["groups"][1]["memberGroups"] = [guid("elsewhere")]
    source = export(tmp_path, "json", tenant)
    assert read(source, "Night Desk").reads[0].complete
    assert not read(source, "Night Desk", nested="expand").reads[0].complete


@BOTH
def test_names_that_differ_a_little_are_near(tmp_path: Path, form: str) -> None:
    tenant = content()
    tenant["groups"][0]["displayName"] = "Sales-Team"
    (sales,) = read(export(tmp_path, form, tenant), "Sales Team").reads
    assert sales.exact == ()
    assert [near.name for near in sales.near] == ["Sales-Team"]


@BOTH
def test_groups_of_one_name_are_all_told_and_a_pin_chooses(tmp_path: Path, form: str) -> None:
    tenant = content()
    tenant["groups"].append({**group("Sales Team", "user3"), "id": guid("twin")})
    source = export(tmp_path, form, tenant)
    (sales,) = read(source, "Sales Team").reads
    assert {found.id for found in sales.exact} == {guid("Sales Team"), guid("twin")}
    assert sales.group is None
    directory = read(source, "Sales Team", group_id=guid("twin"))
    assert directory.reads[0].pinned == Group(guid("twin"), "Sales Team")
    assert list(directory.members["id"]) == [guid("user3")]


@BOTH
def test_who_is_in_the_recycle_bin_is_no_member(tmp_path: Path, form: str) -> None:
    tenant = content()
    tenant["deletedUsers"].append(tenant["users"].pop())
    if form == "csv":
        tenant["groups"][0]["members"].remove(guid("ben"))
    source = export(tmp_path, form, tenant)
    directory = read(source, "Sales Team")
    assert directory.reads[0].complete
    assert guid("ben") not in set(directory.members["id"])
    assert list(source.look_up([guid("ben")], (), lambda _: None)["presence"]) == ["deleted"]


def test_members_of_whom_the_file_says_nothing_make_the_group_incomplete(tmp_path: Path) -> None:
    """Or they would look as if they had left."""
    tenant = content()
    tenant["users"] = tenant["users"][1:]
    (sales,) = read(export(tmp_path, "json", tenant), "Sales Team").reads
    assert not sales.complete
    assert sales.because == "the export has nothing of 1 of its members"


def test_ids_compare_without_case(tmp_path: Path) -> None:
    tenant = content()
    tenant["users"][0]["id"] = tenant["users"][0]["id"].upper()
    directory = read(export(tmp_path, "json", tenant), "Sales Team")
    assert directory.reads[0].complete
    assert guid("user0") in set(directory.people["id"])


@BOTH
def test_a_byte_order_mark_does_no_harm(tmp_path: Path, form: str) -> None:
    """Windows writes one."""
    source = export(tmp_path, form, content())
    file = tmp_path / f"export.{form}"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert read(source, "Sales Team").reads[0].members == 3


def test_the_file_is_read_once(tmp_path: Path) -> None:
    """Or members and former members could be of two different days."""
    source = export(tmp_path, "json", content())
    read(source, "Sales Team")
    (tmp_path / "export.json").unlink()
    assert list(source.look_up([guid("user4")], (), lambda _: None)["presence"]) == ["present"]


def _no_flag(tenant: Content) -> None:
    tenant["users"][2]["accountEnabled"] = "no"  # type: ignore[assignment]


def _no_id(tenant: Content) -> None:
    tenant["groups"][1]["id"] = "7"


def _twice(tenant: Content) -> None:
    tenant["users"].append(tenant["users"][0])


def _no_list(tenant: Content) -> None:
    tenant["groups"][0]["members"] = "user0"


def _no_groups(tenant: Content) -> None:
    del tenant["groups"]


def _no_text(tenant: Content) -> None:
    tenant["users"][0]["mail"] = ["a@x.example"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_no_flag, "users[2].accountEnabled: expected true or false"),
        (_no_id, "groups[1].id: expected an id such as"),
        (_twice, "users: an id is there twice"),
        (_no_list, "groups[0].members: expected a list"),
        (_no_groups, "groups: this key is needed"),
        (_no_text, "mail of user"),
    ],
)
def test_a_spoilt_json_export_is_refused_at_its_place(
    tmp_path: Path, spoil: Callable[[Content], None], said: str
) -> None:
    tenant = content()
    spoil(tenant)
    with pytest.raises(CounterpartError) as caught:
        read(export(tmp_path, "json", tenant), "Sales Team")
    assert f"reading the export {tmp_path}/export.json: {said}" in str(caught.value)


HEADER = "groupId,group,memberType,id,userPrincipalName,mail,accountEnabled,deleted\n"
SALES = f"{guid('Sales Team')},Sales Team"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it has no column groupId, group, id"),
        ("id,mail\n", "it has no column groupId, group, userPrincipalName, accountEnabled"),
        (HEADER + f"{SALES},,{guid('a')},a,a\n", "line 2: it has not as many cells"),
        (HEADER + f"{SALES},,{guid('a')},a,a,true,,more\n", "line 2: it has not as many cells"),
        (HEADER + f"{SALES},,{guid('a')},a,a,maybe,\n", "line 2: accountEnabled is neither"),
        (HEADER + f"{SALES},,{guid('a')},a,a,true,soon\n", "line 2: deleted is neither"),
        (HEADER + f"{SALES},device,{guid('a')},,,,\n", 'line 2: memberType "device" is neither'),
        (
            HEADER + f"{SALES},,{guid('a')},a,a,true,\n,,,{guid('a')},a,b,true,\n",
            f"line 3: user {guid('a')} differs from an earlier line",
        ),
        (
            HEADER + f"{SALES},,,,,,\n{guid('Sales Team')},Others,,,,,,\n",
            f'line 3: group {guid("Sales Team")} was "Sales Team" before',
        ),
        (HEADER + f'{SALES},,"{guid("a")}', "it is not CSV"),
        (HEADER + f"{SALES},,7,a,a,true,\n", "line 2: id is no id of Entra"),
    ],
)
def test_a_spoilt_csv_export_is_refused_at_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "export.csv").write_text(text)
    source = ExportedDirectory(DirectoryFile(file=tmp_path / "export.csv", tenant_id=TENANT_ID))
    with pytest.raises(CounterpartError) as caught:
        read(source, "Sales Team")
    assert f"reading the export {tmp_path}/export.csv" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["nothing.json", "nothing.csv", ""])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    source = ExportedDirectory(DirectoryFile(file=tmp_path / name, tenant_id=TENANT_ID))
    with pytest.raises(CounterpartError, match="reading the export"):
        read(source, "Sales Team")


@given(st.binary(max_size=200), st.sampled_from(["json", "csv"]))
def test_no_bytes_bring_it_down(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, form: str
) -> None:
    file = tmp_path_factory.mktemp("fuzz") / f"export.{form}"
    file.write_bytes(noise)
    source = ExportedDirectory(DirectoryFile(file=file, tenant_id=TENANT_ID))
    with pytest.raises(CounterpartError, match="reading the export"):
        read(source, "Sales Team")
