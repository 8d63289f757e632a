"""The guide's table of sets: created, modified, last synced."""

from datetime import UTC, datetime, timedelta

from config.subscription_set import SubscriptionSet
from connectors.store.sets import SetDates
from connectors.store.store import Store
from support.alone import alone

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def test_a_set_is_created_once_and_modified_when_its_definition_is(store: Store) -> None:
    sales = SubscriptionSet(name="Sales Team", products=("Sales",))
    alone(store).sets.see([sales], NOW)
    alone(store).sets.see([sales], LATER)
    assert alone(store).sets.dates() == {"Sales Team": SetDates(NOW, None, None)}
    alone(store).sets.see([sales.model_copy(update={"admin": True})], LATER)
    alone(store).sets.synced(["Sales Team"], LATER)
    assert alone(store).sets.dates() == {"Sales Team": SetDates(NOW, LATER, LATER)}
