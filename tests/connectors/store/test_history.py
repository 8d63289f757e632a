"""Runs and the guide's table of sets: created, modified, last synced."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from config.settings import SubscriptionSet
from connectors.store.history import (
    RunRecord,
    SetDates,
    begin_run,
    end_run,
    recent_runs,
    save_reads,
    see_sets,
    set_dates,
    set_synced,
)
from reconciler.model.snapshot import Group, GroupRead

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def test_runs_are_listed_newest_first_and_say_how_they_ended(store: Engine) -> None:
    begin_run(store, "run1", "plan", NOW)
    end_run(store, "run1", NOW, 2, "3 changes wait")
    begin_run(store, "run2", "apply", LATER)
    assert recent_runs(store, 10) == (
        RunRecord("run2", "apply", LATER, None, None, None),
        RunRecord("run1", "plan", NOW, NOW, 2, "3 changes wait"),
    )
    assert len(recent_runs(store, 1)) == 1


def test_a_set_is_created_once_and_modified_when_its_definition_is(store: Engine) -> None:
    sales = SubscriptionSet(name="Sales Team", products=("Sales",))
    see_sets(store, [sales], NOW)
    see_sets(store, [sales], LATER)
    assert set_dates(store) == {"Sales Team": SetDates(NOW, None, None)}
    see_sets(store, [sales.model_copy(update={"admin": True})], LATER)
    set_synced(store, ["Sales Team"], LATER)
    assert set_dates(store) == {"Sales Team": SetDates(NOW, LATER, LATER)}


def test_how_groups_were_read_is_kept(store: Engine) -> None:
    save_reads(
        store,
        "run1",
        [
            GroupRead("Sales Team", exact=(Group("g1", "Sales Team"),), pages=2, members=1200),
            GroupRead("Nobody", complete=False, because="page 2 is missing"),
        ],
    )
