"""Where a SQLite store lies is told without SQLAlchemy, and as SQLAlchemy reads it."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from connectors.store.store_file import file_of


@pytest.mark.parametrize("name", ["a.db", "a b.db", "a%20b.db", "a#b@c:d.db", "a.db?x=/y?z"])
def test_it_is_the_file_that_sqlalchemy_opens(tmp_path: Path, name: str) -> None:
    url = f"sqlite:///{tmp_path}/{name}"
    file = Path(str(make_url(url).database))
    assert file_of(url) is None
    file.touch()
    assert file_of(url) == file


def test_a_servers_store_is_no_file() -> None:
    assert file_of("postgresql+psycopg://db.example/seatsync") is None
