from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.store.database import open_database
from connectors.store.store import Store
from support.counterparts.databases import postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Every test of the store runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
    else:
        with postgresql() as url:
            yield url


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    """The file of the store of `url`, in the tests of what only SQLite does."""
    return tmp_path / "store.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_database(url)
    yield store
    store.close()
