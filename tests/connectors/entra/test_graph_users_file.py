"""A file of users, as Graph answers with them."""

import json
from pathlib import Path

import pytest

from connectors.entra.graph_users_file import read_graph_users, users_frame
from connectors.errors import CounterpartError

ANA = {"id": "11111111-1111-1111-1111-111111111111", "givenName": "Ana"}


@pytest.mark.parametrize("content", [[ANA], {"@odata.context": "users", "value": [ANA]}])
def test_a_list_or_graphs_answer(content: object, tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    file.write_text(json.dumps(content))
    people = users_frame(read_graph_users(file), ["jobTitle"])
    assert people["givenName"].tolist() == ["Ana"]
    assert people["jobTitle"].isna().all()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "it is not JSON (line 1)"),
        ("7", 'expected a list of users, or {"value": [users]}'),
        ('{"value": {}}', 'expected a list of users, or {"value": [users]}'),
        ("[7]", "[0] is no user with an object id as its id"),
        ('[{"id": 7}]', "[0] is no user with an object id as its id"),
        (
            json.dumps([{**ANA, "accountEnabled": "yes"}]),
            "[0].accountEnabled is neither true nor false",
        ),
    ],
)
def test_what_has_no_users(content: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    file.write_text(content)
    with pytest.raises(CounterpartError) as caught:
        read_graph_users(file)
    assert str(caught.value) == f"reading {file}: {why}"
