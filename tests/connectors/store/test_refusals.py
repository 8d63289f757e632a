"""The store keeps what the vendor refused until it is done, forgotten or purged."""

from datetime import UTC, datetime, timedelta

from connectors.store.store import Store
from reconciler.model.refusal_backoff import Refusal
from support.alone import alone

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TWICE = Refusal(2, NOW - timedelta(days=1), NOW, "400 Ana's surname")


def test_a_refusal_takes_the_place_of_the_one_before_until_it_is_done(store: Store) -> None:
    alone(store).refusals.save({"ana joins Sales": TWICE, "bob joins Sales": TWICE})
    third = Refusal(3, TWICE.since, NOW + timedelta(days=2), "404")
    alone(store).refusals.save({"ana joins Sales": third, "bob joins Sales": None})
    assert alone(store).refusals.all() == {"ana joins Sales": third}


def test_a_large_run_has_more_of_them_than_a_statement_may_have_parameters(store: Store) -> None:
    many = [f"{number} joins Sales" for number in range(70_000)]
    alone(store).refusals.save({many[0]: TWICE, many[-1]: TWICE})
    alone(store).refusals.save(dict.fromkeys(many))
    assert alone(store).refusals.all() == {}


def test_those_of_one_user_are_forgotten_or_all(store: Store) -> None:
    keys = ("ana joins Sales", "ana leaves Talent", "ana% joins Sales", "bob joins Sales")
    alone(store).refusals.save(dict.fromkeys(keys, TWICE))
    assert alone(store).refusals.forget("ana") == 2
    assert alone(store).refusals.forget() == 2
    assert alone(store).refusals.all() == {}


def test_what_the_vendor_said_of_somebody_is_purged(store: Store) -> None:
    alone(store).refusals.save({"ana joins Sales": TWICE})
    with store.transaction() as tx:
        tx.personal_data.remove(NOW, NOW)
        assert tx.refusals.all() == {"ana joins Sales": TWICE}
        tx.personal_data.remove(NOW + timedelta(days=1), NOW)
        assert tx.refusals.all() == {}
