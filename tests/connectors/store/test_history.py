"""Runs and the guide's table of sets: created, modified, last synced."""

from datetime import UTC, datetime, timedelta

from config.settings import SubscriptionSet
from connectors.store.runs import RunRecord
from connectors.store.sets import SetDates
from connectors.store.store import Store
from reconciler.model.group_read import Group, GroupRead
from support.alone import alone

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def test_runs_are_listed_newest_first_and_say_how_they_ended(store: Store) -> None:
    alone(store).runs.begin("run1", "plan", NOW)
    alone(store).runs.end("run1", NOW, 2, "3 changes wait")
    alone(store).runs.begin("run2", "apply", LATER)
    assert alone(store).runs.newest(10) == (
        RunRecord("run2", "apply", LATER, None, None, None),
        RunRecord("run1", "plan", NOW, NOW, 2, "3 changes wait"),
    )
    assert len(alone(store).runs.newest(1)) == 1


def test_a_set_is_created_once_and_modified_when_its_definition_is(store: Store) -> None:
    sales = SubscriptionSet(name="Sales Team", products=("Sales",))
    alone(store).sets.see([sales], NOW)
    alone(store).sets.see([sales], LATER)
    assert alone(store).sets.dates() == {"Sales Team": SetDates(NOW, None, None)}
    alone(store).sets.see([sales.model_copy(update={"admin": True})], LATER)
    alone(store).sets.synced(["Sales Team"], LATER)
    assert alone(store).sets.dates() == {"Sales Team": SetDates(NOW, LATER, LATER)}


def test_how_groups_were_read_is_kept(store: Store) -> None:
    alone(store).runs.add_reads(
        "run1",
        [
            GroupRead("Sales Team", exact=(Group("g1", "Sales Team"),), pages=2, members=1200),
            GroupRead("Nobody", complete=False, because="page 2 is missing"),
        ],
    )
