"""What a plan was made for and with: apply refuses another time, another cloud, another vendor."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import time_machine
from werkzeug.serving import WSGIRequestHandler

from reconciler.model.plan import Kind
from support.scenarios.pending_operations import PendingOperations

KINDS = (Kind.CREATE_ACCOUNT, Kind.GRANT, Kind.MOVE)
NOW = datetime(2027, 1, 4, 3, tzinfo=UTC)


@pytest.fixture
def pending(tmp_path: Path) -> Iterator[PendingOperations]:
    """eva gets an account, fay a seat, cyd another set; zoe has what they should have."""
    with PendingOperations(tmp_path, *KINDS) as pending:
        pending.approve()
        yield pending


def refused(pending: PendingOperations, code: str) -> str:
    """What is said of it; nothing is sent."""
    ended = pending.run("apply latest")
    assert ended.exit_code == 3
    assert ended.stderr.startswith(f"{code}: ")
    assert pending.deeds == []
    return ended.stderr


def test_p2_where_the_clock_went_back_nothing_is_sent(tmp_path: Path) -> None:
    with time_machine.travel(NOW), PendingOperations(tmp_path, *KINDS) as pending:
        pending.approve()
        with time_machine.travel(NOW - timedelta(hours=2)):
            assert "this machine's clock says 2027-01-04 01:00:0" in refused(pending, "P2")
        assert pending.run("apply latest").exit_code == 0


def test_r11_the_clock_is_compared_once_more(
    pending: PendingOperations, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = format_datetime(datetime.now(UTC) - timedelta(minutes=37), usegmt=True)
    monkeypatch.setattr(WSGIRequestHandler, "date_time_string", lambda *_: then)
    assert "differs by 37 min" in refused(pending, "R11")


def test_p2_a_plan_made_with_one_graph_is_not_applied_with_another(
    pending: PendingOperations,
) -> None:
    cloud = dict.fromkeys(("authority", "graph"), "https://127.0.0.1:1")
    pending.configure(
        directory={**pending.sandbox.directory, "cloud": cloud},
        policy=dict.fromkeys(
            ("max_revoke_percent", "max_set_revoke_percent", "max_week_revoke_percent"), 100
        ),
    )
    assert "the address of Microsoft Graph changed since it was made" in refused(pending, "P2")


def test_t7_a_plan_is_not_applied_to_another_organisation(pending: PendingOperations) -> None:
    pending.sandbox.vendor.storage.resources = []
    pending.sandbox.portal.set_of.clear()
    said = "shows none of the accounts (3) and none of the sets' groups that this store knows"
    assert said in refused(pending, "T7")


def test_t7_nothing_is_planned_for_another_organisation(pending: PendingOperations) -> None:
    assert pending.run("apply latest").exit_code == 0
    pending.sandbox.vendor.storage.resources = []
    pending.sandbox.portal.set_of.clear()
    planned = pending.run("plan")
    assert planned.exit_code == 1
    assert planned.stderr.startswith("T7: ")


def test_a_vendor_that_was_emptied_on_purpose_is_filled_again_with_a_new_store(
    pending: PendingOperations,
) -> None:
    assert pending.run("apply latest").exit_code == 0
    pending.sandbox.vendor.storage.resources = []
    pending.sandbox.portal.set_of.clear()
    for file in pending.folder.glob("seatsync.db*"):
        file.unlink()
    pending.approve()
    assert pending.run("apply latest").exit_code == 0
    assert pending.sandbox.portal.used() == {"Sales": 3, "Marketing": 1, "Talent": 0}
