"""Runs: how they ended, and how they read the groups."""

from datetime import UTC, datetime, timedelta

from connectors.store.runs import RunRecord, SetRead
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


def test_how_groups_were_read_is_kept(store: Store) -> None:
    runs = alone(store).runs
    for at, (run, kind) in enumerate([("run1", "plan"), ("run2", "apply"), ("run3", "plan")]):
        runs.begin(run, kind, NOW + timedelta(hours=at))
    sales = GroupRead("Sales Team", (Group("g1", "Sales Team"),), pages=2, members=1200, counted=9)
    runs.add_reads("run1", [sales])
    cut = GroupRead("Nobody", complete=False, because="page 2 is missing", by_changes=True)
    runs.add_reads("run3", [cut])
    assert runs.reads_of("run1") == (SetRead("Sales Team", "g1", True, "", 2, 1200, 9, 0.0, False),)
    assert runs.reads_of("run3") == (
        SetRead("Nobody", None, False, "page 2 is missing", 0, 0, None, 0.0, True),
    )
    assert runs.reader_before("run3") == ("run1", NOW)
    assert runs.reader_before("run1") is None
