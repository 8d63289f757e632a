"""Columns that the database puts together have what its rows have."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from connectors.store.query_columns import columns_of
from connectors.store.schema import links, seats
from connectors.store.store import Store
from support.alone import alone
from support.worlds.world import guid

NOW = datetime(2026, 11, 24, 3, 0, 0, 250, tzinfo=UTC)


def test_every_column_has_the_rows_in_the_same_order(store: Store) -> None:
    accounts = {guid(f"user{at}"): f"a{at}" for at in range(50)}
    alone(store).memory.link(accounts, NOW)
    query = select(links.c.object_id, links.c.account.label("at"), links.c.since)
    with store.engine.begin() as connection:
        columns = columns_of(connection, query)
    assert columns.keys() == {"object_id", "at", "since"}
    assert dict(zip(columns["object_id"], columns["at"], strict=True)) == accounts
    times = {datetime.fromisoformat(since) for since in columns["since"]}
    assert times == {NOW.replace(tzinfo=None)}


@pytest.mark.parametrize("text", ['a"b\\c', "a\nb\x1fc", "\u00e9\U0001f600", "null", "'"])
def test_any_text_comes_as_it_is(store: Store, text: str) -> None:
    alone(store).memory.link({"u1": text}, NOW)
    with store.engine.begin() as connection:
        assert columns_of(connection, select(links.c.account)) == {"account": [text]}


def test_numbers_stay_numbers_and_what_is_absent_is_none(store: Store) -> None:
    row = {"pair": store.pair, "product": "Sales", "purchased": 5, "unseen": 0}
    with store.engine.begin() as connection:
        connection.execute(seats.insert().values(row))
        query = select(seats.c.purchased, seats.c.used)
        assert columns_of(connection, query) == {"purchased": [5], "used": [None]}


def test_of_no_rows_every_column_is_empty(store: Store) -> None:
    with store.engine.begin() as connection:
        assert columns_of(connection, select(links.c.account, links.c.since)) == {
            "account": [],
            "since": [],
        }
