from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.store.database import open_database
from connectors.store.store import Store
from support.counterparts.databases import empty, postgresql


@pytest.fixture(scope="session")
def _postgresql_store() -> Iterator[str]:
    """To empty one costs a tenth of what a new one does."""
    with postgresql() as url:
        open_database(url).close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a new store; every test of the store runs on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    emptied = str(request.getfixturevalue("_postgresql_store"))
    empty(emptied)
    return emptied


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    """The file of the store of `url`, in the tests of what only SQLite does."""
    return tmp_path / "store.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_database(url)
    yield store
    store.close()
