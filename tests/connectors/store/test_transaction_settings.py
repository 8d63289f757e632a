"""Each transaction of PostgreSQL has all settings of its engine, and nothing outlives it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from connectors.store.database import open_engine
from connectors.store.row_security import OWNER, seen_by
from connectors.store.transaction_settings import with_settings
from support.counterparts.databases import postgresql


@pytest.fixture
def engine() -> Iterator[Engine]:
    with postgresql() as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def setting(engine: Engine, name: str) -> str | None:
    with engine.begin() as connection:
        query = text("SELECT current_setting(:name, true)")
        return connection.execute(query, {"name": name}).scalar()


def test_an_engine_keeps_what_it_had_when_it_gets_more(engine: Engine) -> None:
    tenants = seen_by(engine, "contoso")
    unsynced = with_settings(tenants, {"synchronous_commit": "off"})
    assert setting(unsynced, "synchronous_commit") == "off"
    assert setting(unsynced, OWNER) == setting(tenants, OWNER) == "contoso"
    for each in (engine, tenants, unsynced):
        assert setting(each, "lock_timeout") == "30s"
        assert setting(each, "idle_in_transaction_session_timeout") == "30s"


def test_the_next_transaction_of_the_session_has_its_own(engine: Engine) -> None:
    assert setting(seen_by(engine, "contoso"), OWNER) == "contoso"
    assert not setting(engine, OWNER)
