"""docs/scim-servers.md says what these servers do: each of them is asked, and must say the same."""

import re
from pathlib import Path

import pytest

from support.counterparts.scim_probes import HABITS, PROBES, answers_of
from support.counterparts.scim_servers import SERVERS, NotToBeHad
from support.scenarios.habit_matrix import documentation

MATRIX = Path(__file__).parents[3] / "docs" / "scim-servers.md"


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    lines = MATRIX.read_text(encoding="utf-8").partition("\n## ")[0].splitlines()
    return [re.split(r" \| ", line.strip("| ")) for line in lines if line.startswith("| ")]


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_still_answers_as_the_matrix_says(rows: list[list[str]], name: str) -> None:
    header, _, *told = rows
    documented = {row[0]: row[header.index(name)] for row in told}
    try:
        with SERVERS[name]() as server:
            seen = answers_of(server)
    except NotToBeHad as error:
        pytest.skip(str(error))
    assert dict(zip((probe.question for probe in PROBES), seen, strict=True)) == documented


def test_the_matrix_says_what_seatsync_makes_of_it(rows: list[list[str]]) -> None:
    assert [row[-1] for row in rows[2:]] == [probe.does for probe in PROBES]


def test_the_habits_of_vendors_are_told_as_they_are() -> None:
    assert MATRIX.read_text(encoding="utf-8").endswith(f"{HABITS}\n{documentation()}\n")
