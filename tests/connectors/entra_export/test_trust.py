"""What an export does not say, or says badly, is not believed: names, pages, proofs, age."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.directory import DirectoryFile
from config.subscription_set import SubscriptionSet
from connectors.entra_export.client import ExportedDirectory
from connectors.errors import CounterpartError
from connectors.sandbox.server import TENANT_ID
from reconciler.columns.frames import cells
from reconciler.model.group_read import ExportSize
from reconciler.model.snapshot import Directory
from support.counterparts.directory_export import as_csv, proven
from support.counterparts.small_tenant import group, guid, user

Content = dict[str, Any]
BOTH = pytest.mark.parametrize("form", ["json", "csv"])


def content() -> Content:
    return {
        "users": [user("ana"), user("ben", accountEnabled=False), user("cyd", userType="Guest")],
        "groups": [group("Sales Team", "ana", "ben", "cyd"), group("Night Desk", "ana")],
        "deletedUsers": [user("leaver")],
    }


def written(tenant: Content, form: str) -> str:
    return as_csv(tenant) if form == "csv" else json.dumps(tenant)


def read(folder: Path, text: str, form: str = "json") -> Directory:
    file = folder / f"export.{form}"
    file.write_text(text)
    source = ExportedDirectory(DirectoryFile(file=file, tenant_id=TENANT_ID))
    sets = [SubscriptionSet(name=name, products=("Sales",)) for name in ("Sales Team", "Gone")]
    return source.read_sets(sets, ("givenName", "mail", "surname"), lambda _: None)


def refused(folder: Path, text: str, form: str = "json") -> str:
    with pytest.raises(CounterpartError) as caught:
        read(folder, text, form)
    return str(caught.value)


def told(directory: Directory, name: str, attribute: str) -> object:
    (at,) = np.flatnonzero(directory.people["id"] == guid(name))
    return cells(directory.people[attribute], at.reshape(1))[0]


RENAMED = [
    ("accountEnabled", "AccountEnabled"),
    ("userType", "UserType "),
    ("userPrincipalName", "USERPRINCIPALNAME"),
    ("id", "Id"),
]


@BOTH
@pytest.mark.parametrize(("name", "as_written"), RENAMED)
def test_names_mean_the_same_in_any_case_and_with_blanks_around(
    tmp_path: Path, form: str, name: str, as_written: str
) -> None:
    text = written(content(), form)
    text = text.replace(f'"{name}"', f'"{as_written}"')
    text = text.replace(f",{name},", f",{as_written},", 1)
    directory = read(tmp_path, text, form)
    assert told(directory, "ben", "accountEnabled") is False
    assert told(directory, "cyd", "userType") == "Guest"
    assert directory.reads[0].members == 3


def test_a_groups_keys_and_the_files_own_are_known_in_any_case(tmp_path: Path) -> None:
    text = json.dumps(content()).replace('"members"', '"Members"').replace('"groups"', '"Groups"')
    text = text.replace('"displayName"', '"DisplayName"').replace(
        '"deletedUsers"', '"DeletedUsers"'
    )
    directory = read(tmp_path, text)
    assert directory.reads[0].members == 3


def test_deleted_in_another_case_is_deleted(tmp_path: Path) -> None:
    text = (
        as_csv(content()).replace(",deleted\n", ",Deleted\n", 1).replace(",deleted\r", ",Deleted\r")
    )
    file = tmp_path / "export.csv"
    file.write_text(text)
    source = ExportedDirectory(DirectoryFile(file=file, tenant_id=TENANT_ID))
    looked_up = source.look_up([guid("leaver")], (), lambda _: None)
    assert list(looked_up["presence"]) == ["deleted"]


@pytest.mark.parametrize(
    ("name", "as_written", "said"),
    [
        ("accountEnabled", "acountEnabled", 'did you mean "accountEnabled"?'),
        ("userType", "user type", 'did you mean "userType"?'),
        ("userType", "userType\u200b", 'did you mean "userType"?'),
        ("members", "member", 'did you mean "members"?'),
        ("members", "memberof", '"memberof" is not known'),
        ("deletedUsers", "deleted_users", 'did you mean "deletedUsers"?'),
        ("surname", "Notizen", '"Notizen" is not known'),
        ("surname", "memberOf", '"memberOf" is not known'),
    ],
)
def test_a_key_that_is_not_known_is_refused(
    tmp_path: Path, name: str, as_written: str, said: str
) -> None:
    text = json.dumps(content()).replace(f'"{name}"', json.dumps(as_written))
    assert said in refused(tmp_path, text)


@pytest.mark.parametrize("as_written", ["acountEnabled", "Kommentar", "memberOf", ""])
def test_a_column_that_is_not_known_is_refused(tmp_path: Path, as_written: str) -> None:
    text = as_csv(content()).replace("surname", as_written, 1)
    assert f'column "{as_written}" is not known' in refused(tmp_path, text, "csv")


@BOTH
def test_other_properties_of_graphs_users_may_be_there(tmp_path: Path, form: str) -> None:
    extension = f"extension_{'a1' * 16}_costCenter"
    for name in ("department", "Department", extension, "extensionAttribute7"):
        text = written(content(), form).replace("surname", name)
        assert read(tmp_path, text, form).reads[0].members == 3


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    text = as_csv(content()).replace("surname", "Mail", 1)
    assert 'column "mail" is there twice' in refused(tmp_path, text, "csv")
    text = json.dumps(content()).replace('"surname"', '"MAIL"')
    assert 'users[0]: "mail" is there twice' in refused(tmp_path, text)


def test_r2_a_group_of_which_there_is_more_was_not_read_to_its_end(tmp_path: Path) -> None:
    for key in ("members@odata.nextLink", "@odata.nextLink", "members@odata.nextlink"):
        tenant = content()
        tenant["groups"][0][key] = "https://graph.microsoft.com/v1.0/groups/x/members?$skiptoken=y"
        (sales, _) = read(tmp_path, json.dumps(tenant)).reads
        assert not sales.complete
        assert 'odata.nextlink" says that there is more' in sales.because.lower()


def test_r2_where_the_file_is_a_first_page_no_group_is_whole_and_nothing_is_proven(
    tmp_path: Path,
) -> None:
    for key in ("@odata.nextLink", "users@odata.nextLink", "groups@odata.nextLink"):
        tenant = json.loads(proven(json.dumps(content()), "json")) | {key: "https://x.example"}
        directory = read(tmp_path, json.dumps(tenant))
        assert [one.complete for one in directory.reads] == [False, False]
        assert directory.export is not None
        assert "says that there is more" in directory.export.unproven


def test_r2_a_group_has_as_many_members_as_its_count(tmp_path: Path) -> None:
    for count, complete in ((3, True), (23, False), (2, False)):
        tenant = content()
        tenant["groups"][0]["members@odata.count"] = count
        (sales, _) = read(tmp_path, json.dumps(tenant)).reads
        assert sales.complete == complete


def test_graphs_other_annotations_do_no_harm(tmp_path: Path) -> None:
    tenant = content() | {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users"}
    tenant["users"][0] |= {"@odata.type": "#microsoft.graph.user", "@odata.id": "x"}
    tenant["groups"][0] |= {"@odata.etag": "x", "members@odata.context": "y"}
    assert read(tmp_path, json.dumps(tenant)).reads[0].complete


def test_what_a_delta_query_says_is_no_export(tmp_path: Path) -> None:
    for key, change in (("@removed", {"reason": "deleted"}), ("members@delta", [])):
        tenant = content()
        tenant["groups" if "members" in key else "users"][0][key] = change
        assert "of changes (a delta), not of an export" in refused(tmp_path, json.dumps(tenant))


def test_who_is_there_and_deleted_is_a_contradiction(tmp_path: Path) -> None:
    tenant = content()
    tenant["deletedUsers"].append(user("ana"))
    said = f"user {guid('ana')} is there and is deleted, too"
    assert said in refused(tmp_path, json.dumps(tenant))
    assert said in refused(tmp_path, as_csv(tenant), "csv")
    tenant = content() | {"deletedGroups": [group("Sales Team")]}
    said = f"group {guid('Sales Team')} is there and is deleted, too"
    assert said in refused(tmp_path, json.dumps(tenant))


@BOTH
def test_a_proof_that_holds_is_one(tmp_path: Path, form: str) -> None:
    text = written(content(), form)
    for exported, unproven in ((text, True), (proven(text, form), False)):
        export = read(tmp_path, exported, form).export
        assert export is not None
        assert bool(export.unproven) == unproven
        assert export.size == ExportSize(users=3, groups=2, members=4)


@pytest.mark.parametrize("counted", ["users", "groups", "deletedUsers"])
def test_one_count_alone_proves_nothing(tmp_path: Path, counted: str) -> None:
    tenant = content()
    tenant[f"{counted}@odata.count"] = len(tenant[counted])
    export = read(tmp_path, json.dumps(tenant)).export
    assert export is not None
    assert export.unproven


def test_a_proof_that_does_not_hold_is_refused(tmp_path: Path) -> None:
    closed = proven(as_csv(content()), "csv").splitlines(keepends=True)
    for text in (
        "".join([*closed[:2], *closed[3:]]),
        "".join(closed).replace("#end,", "#end,1"),
        "".join(closed).replace("#end,", "#end,\uff11"),
        "".join(closed)[:-1] + ",,more\n",
    ):
        assert "it is not whole" in refused(tmp_path, text, "csv")
    for name in ("users", "groups", "deletedUsers"):
        tenant = content() | {f"{name}@odata.count": 7}
        assert f'"{name}@odata.count" says 7, and ' in refused(tmp_path, json.dumps(tenant))
    tenant = content() | {"users@odata.count": "3"}
    assert "counted.users: " in refused(tmp_path, json.dumps(tenant))


def test_a_csv_that_was_cut_at_the_end_of_any_line_proves_nothing(tmp_path: Path) -> None:
    lines = proven(as_csv(content()), "csv").splitlines(keepends=True)
    for kept in range(1, len(lines)):
        export = read(tmp_path, "".join(lines[:kept]), "csv").export
        assert export is not None
        assert export.unproven == "it has no closing row"


MADE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("time", ["2026-11-20T08:00:00Z", "2026-11-20T09:00:00+01:00"])
def test_the_file_says_when_it_was_made(tmp_path: Path, time: str) -> None:
    closed = proven(as_csv(content()), "csv").rstrip() + f",{time}\n"
    for text, form in ((json.dumps(content() | {"exported": time}), "json"), (closed, "csv")):
        export = read(tmp_path, text, form).export
        assert export is not None
        assert export.made == MADE


@pytest.mark.parametrize("time", ["2026-11-20T08:00:00", "yesterday", 1763625600])
def test_a_time_without_its_zone_is_none(tmp_path: Path, time: object) -> None:
    said = refused(tmp_path, json.dumps(content() | {"exported": time}))
    assert "exported: expected a time with its zone" in said


def test_otherwise_the_files_own_date_counts(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(json.dumps(content()))
    os.utime(file, (0, MADE.timestamp()))
    source = ExportedDirectory(DirectoryFile(file=file, tenant_id=TENANT_ID))
    assert source.content.made == MADE


@BOTH
def test_nothing_is_stripped_that_graph_does_not_strip(tmp_path: Path, form: str) -> None:
    tenant = content()
    tenant["groups"][0]["displayName"] = "\u00a0Sales Team "
    tenant["users"][0] |= {"mail": " ana@harbour.example ", "surname": " ", "givenName": "\u200b"}
    file = tmp_path / f"export.{form}"
    file.write_text(written(tenant, form))
    source = ExportedDirectory(DirectoryFile(file=file, tenant_id=TENANT_ID))
    assert source.content.groups[guid("Sales Team")]["displayName"] == "\u00a0Sales Team "
    attributes = ("mail", "surname", "givenName")
    people = source.look_up([guid("ana")], attributes, lambda _: None)
    assert [people[name].item() for name in attributes] == [" ana@harbour.example ", " ", "\u200b"]


@BOTH
def test_an_empty_account_enabled_is_not_told(tmp_path: Path, form: str) -> None:
    tenant = content()
    tenant["users"][0]["accountEnabled"] = None
    assert told(read(tmp_path, written(tenant, form), form), "ana", "accountEnabled") is None


@pytest.mark.parametrize("separator", [";", "\t"])
def test_excels_semicolons_and_tabs_are_understood(tmp_path: Path, separator: str) -> None:
    text = proven(as_csv(content()), "csv").replace(",", separator)
    assert read(tmp_path, text, "csv").reads[0].members == 3
