"""What was seen of a server is kept for it alone, and not for ever."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from connectors.store.capabilities import (
    forget_refusals,
    keep_capabilities,
    known_capabilities,
)
from reconciler.model.capabilities import BELIEVED, believed

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HERE, THERE = "https://here.example/v2", "https://there.example/v2"


def seen(store: Engine, url: str, now: datetime) -> dict[str, bool]:
    return believed(known_capabilities(store, url), now)


def test_a_new_store_knows_no_server(store: Engine) -> None:
    assert seen(store, HERE, NOW) == {}


def test_what_is_learned_takes_the_place_of_what_was_known(store: Engine) -> None:
    keep_capabilities(store, HERE, {"filter": True, "batch": True}, NOW)
    keep_capabilities(store, HERE, {"filter": False}, NOW)
    assert seen(store, HERE, NOW) == {"filter": False, "batch": True}


def test_another_address_is_another_server(store: Engine) -> None:
    keep_capabilities(store, HERE, {"filter": True}, NOW)
    assert seen(store, THERE, NOW) == {}
    keep_capabilities(store, THERE, {"filter": False}, NOW)
    assert seen(store, HERE, NOW) == {}


def test_it_is_found_out_anew_after_a_month(store: Engine) -> None:
    keep_capabilities(store, HERE, {"filter": False}, NOW)
    assert seen(store, HERE, NOW + BELIEVED - timedelta(days=1))
    assert seen(store, HERE, NOW + BELIEVED) == {}


def test_refusals_are_forgotten_and_nothing_else(store: Engine) -> None:
    refused = ["refused once: a", "refused twice: b", "missed:title", "required:displayName"]
    keep_capabilities(store, HERE, {"filter": True, **dict.fromkeys(refused, True)}, NOW)
    assert forget_refusals(store) == len(refused)
    assert seen(store, HERE, NOW) == {"filter": True}
