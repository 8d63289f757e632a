"""What was seen of a server is kept for it alone, and not for ever."""

from datetime import UTC, datetime, timedelta

from connectors.store.store import Store
from reconciler.model.capabilities import BELIEVED, REFUSALS, believed
from support.alone import alone

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HERE, THERE = "https://here.example/v2", "https://there.example/v2"


def seen(store: Store, url: str, now: datetime) -> dict[str, bool]:
    return believed(alone(store).capabilities.of(url), now)


def test_a_new_store_knows_no_server(store: Store) -> None:
    assert seen(store, HERE, NOW) == {}


def test_what_is_learned_takes_the_place_of_what_was_known(store: Store) -> None:
    alone(store).capabilities.save(HERE, {"filter": True, "batch": True}, NOW)
    alone(store).capabilities.save(HERE, {"filter": False}, NOW)
    assert seen(store, HERE, NOW) == {"filter": False, "batch": True}


def test_another_address_is_another_server(store: Store) -> None:
    alone(store).capabilities.save(HERE, {"filter": True}, NOW)
    assert seen(store, THERE, NOW) == {}
    alone(store).capabilities.save(THERE, {"filter": False}, NOW)
    assert seen(store, HERE, NOW) == {}


def test_it_is_found_out_anew_after_a_month(store: Store) -> None:
    alone(store).capabilities.save(HERE, {"filter": False}, NOW)
    assert seen(store, HERE, NOW + BELIEVED - timedelta(days=1))
    assert seen(store, HERE, NOW + BELIEVED) == {}


def test_refusals_are_forgotten_and_nothing_else(store: Store) -> None:
    refused = ["missed:title", "required:displayName"]
    alone(store).capabilities.save(HERE, {"filter": True, **dict.fromkeys(refused, True)}, NOW)
    assert alone(store).capabilities.forget(REFUSALS) == len(refused)
    assert seen(store, HERE, NOW) == {"filter": True}
