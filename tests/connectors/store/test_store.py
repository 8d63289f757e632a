"""A step is done whole or not at all, and by nobody but the run that holds the lease."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from connectors.store.database import open_database
from connectors.store.errors import LeaseHeld, LeaseLost, Unavailable
from connectors.store.lease import SILENT_BEATS
from connectors.store.schema import lease
from connectors.store.store import Store
from support.alone import alone
from support.faults.lease_contenders import BEAT
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PLAN = World().plan()


def look_dead(store: Store) -> None:
    """The owner was silent for long, on a machine that nobody here can ask."""
    long_ago = datetime.now(UTC) - (SILENT_BEATS + 1) * BEAT
    with store.engine.begin() as connection:
        connection.execute(update(lease).values(place="elsewhere", heartbeat=long_ago))


def test_what_was_done_of_a_step_that_fails_is_taken_back(store: Store) -> None:
    with suppress(KeyError), store.transaction() as tx:
        tx.plans.add(PLAN)
        raise KeyError
    assert alone(store).plans.newest_number() == 0
    assert alone(store).audit.newest(9) == ()


def test_a_lease_does_not_change_hands_within_a_step(url: str, store: Store) -> None:
    def come_and_go() -> None:
        other = open_database(url)
        try:
            with other.lease("9a1", BEAT):
                pass
        finally:
            other.close()

    with store.lease("8f2", timedelta(hours=1)), ThreadPoolExecutor(1) as elsewhere:
        look_dead(store)
        with store.transaction("8f2") as tx:
            coming = elsewhere.submit(come_and_go)
            tx.plans.add(PLAN)
        assert isinstance(coming.exception(), LeaseHeld)
        alone(store).runs.end("8f2", NOW, 0, "")
    assert alone(store).plans.find("latest") == PLAN


def test_a_step_of_a_run_that_lost_its_lease_is_not_begun(store: Store) -> None:
    with store.lease("8f2", timedelta(hours=1)):
        look_dead(store)
        with store.lease("9a1", BEAT):
            with pytest.raises(LeaseLost), store.transaction("8f2") as tx:
                tx.plans.add(PLAN)
            with store.transaction("9a1") as tx:
                tx.plans.add(PLAN)
    assert len(alone(store).audit.newest(9)) == 1


def test_what_contradicts_the_store_is_told_as_its_fault(store: Store) -> None:
    alone(store).plans.add(PLAN)
    with pytest.raises(Unavailable, match="writing to the store: it has something else: "):
        alone(store).plans.add(PLAN)
