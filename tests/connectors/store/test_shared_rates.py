"""Whoever shares a limit keeps it together, by the database's clock."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyrate_limiter import GCRA, Rate
from sqlalchemy import text

from connectors.scim.rate_limit import RateLimit
from connectors.store.database import open_database
from connectors.store.errors import Unavailable
from connectors.store.store import Store
from support.counterparts.databases import postgresql

RATES = [Rate(1, 60_000, burst=1)]


@pytest.fixture
def url() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_database(url)
    yield store
    store.close()


def test_several_runs_together_send_no_more_than_one_alone_might(url: str, store: Store) -> None:
    stores = [open_database(url) for _ in range(4)]
    limits = [RateLimit(50, one.shared_rate("the vendor's")) for one in stores]
    began = time.monotonic()
    with ThreadPoolExecutor(8) as hands:
        for _ in hands.map(lambda at: limits[at % 4].wait(), range(40)):
            pass
    assert time.monotonic() - began >= 39 / 50 - 0.02
    assert sum(limit.requests for limit in limits) == 40
    for one in stores:
        one.close()


def test_one_request_uses_it_up_for_all_of_its_name_and_no_other(store: Store) -> None:
    first, second, other = map(store.shared_rate, ("one", "one", "other"))
    assert first.check(GCRA(), RATES, 0, 1).allowed
    refused = second.check(GCRA(), RATES, 0, 1)
    assert not refused.allowed
    assert refused.retry_after_ms is not None
    assert 0 < refused.retry_after_ms <= 60_000
    assert other.check(GCRA(), RATES, 0, 1).allowed


def test_who_has_to_wait_uses_nothing_up(store: Store) -> None:
    rate = store.shared_rate("one")
    assert rate.read(GCRA(), RATES) == (0,)
    rate.check(GCRA(), RATES, 0, 1)
    used = rate.read(GCRA(), RATES)
    rate.check(GCRA(), RATES, 0, 1)
    assert rate.read(GCRA(), RATES) == used != (0,)
    rate.reset()
    assert rate.check(GCRA(), RATES, 0, 1).allowed


def test_the_clock_of_a_host_does_not_count(store: Store) -> None:
    rate = store.shared_rate("one")
    assert rate.check(GCRA(), RATES, 0, 1).allowed
    assert not rate.check(GCRA(), RATES, 10**15, 1).allowed


def test_nothing_is_let_through_that_cannot_be_counted(store: Store) -> None:
    limit = RateLimit(50, store.shared_rate("one"))
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE shared_rates"))
    with pytest.raises(Unavailable):
        limit.wait()
