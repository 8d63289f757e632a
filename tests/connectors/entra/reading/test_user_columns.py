"""Pages of JSON as the frames that a snapshot declares."""

import pandas as pd
import pytest

from connectors.entra.reading.user_columns import (
    Columns,
    members_frame,
    people_frame,
    selected,
    users,
)
from connectors.errors import Unreachable
from reconciler.columns import frames

ANA = {"@odata.type": "#microsoft.graph.user", "id": "a", "mail": "ana@x.example"}


def read(*pages: list[object], attributes: tuple[str, ...] = ()) -> Columns:
    columns = Columns(attributes)
    for page in pages:
        columns.add(page)  # type: ignore[arg-type]
    return columns


def people(columns: Columns) -> pd.DataFrame:
    return people_frame(columns.table(), "present").set_index("id")


def test_people_have_the_declared_columns_and_types() -> None:
    for pages in ([], [[ANA]], [[ANA], [{**ANA, "id": "b"}]]):
        found = people_frame(read(*pages).table(), "present")
        declared = frames.frame(frames.PEOPLE)
        assert dict(found.dtypes) == dict(declared.dtypes)


def test_memberships_have_the_declared_columns_and_types() -> None:
    declared = dict(frames.frame(frames.MEMBERS).dtypes)
    assert dict(members_frame([]).dtypes) == declared
    assert dict(members_frame([("Sales Team", read([ANA]).table())]).dtypes) == declared


def test_what_is_not_said_is_absent_and_what_is_empty_is_not() -> None:
    ana = people(read([{**ANA, "givenName": "", "surname": None}])).loc["a"]
    assert ana["givenName"] == ""
    assert ana["surname"] is pd.NA
    assert ana["accountEnabled"] is pd.NA


def test_exchanges_attributes_are_selected_and_read_inside_their_property() -> None:
    names = ("extensionAttribute2", "extensionAttribute7", "mobilePhone")
    assert selected(names)[-2:] == ["onPremisesExtensionAttributes", "mobilePhone"]
    exchange = {"onPremisesExtensionAttributes": {"extensionAttribute2": "Bern"}}
    found = people(read([ANA | exchange, ANA | {"id": "b"}], attributes=names))
    assert found["extensionAttribute2"].tolist() == ["Bern", pd.NA]
    assert found["extensionAttribute7"].isna().all()
    with pytest.raises(Unreachable):
        read([None], attributes=names)


def test_numbers_are_told_in_words_and_lists_as_json() -> None:
    page: list[object] = [{**ANA, "accountEnabled": False, "level": 5, "phones": ["1", "2"]}]
    ana = people(read([ANA | {"id": "b"}], page, attributes=("level", "phones"))).loc["a"]
    assert (ana["level"], ana["phones"]) == ("5", '["1","2"]')
    assert not ana["accountEnabled"]


@pytest.mark.parametrize(
    "item",
    [
        pytest.param({}, id="nothing"),
        pytest.param(None, id="null"),
        pytest.param("a", id="text"),
        pytest.param([], id="a list"),
        pytest.param({"id": None}, id="a null id"),
        pytest.param({"id": 7}, id="a number for an id"),
        pytest.param({"id": ""}, id="an empty id"),
        pytest.param({"id": "a\0"}, id="an id with NUL"),
        pytest.param({"id": "a\n"}, id="an id with a line break"),
        pytest.param({"id": "a" * 37}, id="an id that is too long"),
        pytest.param({"id": "b", "accountEnabled": "no"}, id="a text for a flag"),
        pytest.param({"id": "b", "accountEnabled": 0}, id="a number for a flag"),
        pytest.param({"id": "b", "accountEnabled": []}, id="a list for a flag"),
    ],
)
def test_a_page_with_something_unbelievable_is_not_taken_at_all(item: object) -> None:
    columns = Columns(("level",))
    with pytest.raises(Unreachable):
        columns.add([ANA, {**ANA, "id": "c", "level": 5}, item])  # type: ignore[list-item]
    assert len(columns.table()) == 0


def test_who_comes_twice_is_there_once() -> None:
    assert list(people(read([ANA, ANA], [ANA, {**ANA, "id": "b"}])).index) == ["a", "b"]
    both = [read([ANA]).table(), read([ANA]).table()]
    assert len(users(both, ())) == 1


def test_only_people_are_people() -> None:
    members = [
        ANA,
        {"@odata.type": "#microsoft.graph.group", "id": "g"},
        {"@odata.type": "#microsoft.graph.device", "id": "d"},
        {"id": "untyped"},
    ]
    table = read(members).table()
    assert users([table], ())["id"].to_pylist() == ["a", "untyped"]
    assert list(members_frame([("X", table)])["kind"]) == ["user", "group", "device", "user"]
