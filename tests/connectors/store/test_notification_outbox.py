"""What people are told is written down first, and kept until it is delivered or given up."""

from datetime import timedelta

from connectors.store.store import Store
from support.alone import alone
from support.worlds.world import NOW


def test_a_notice_is_open_until_it_is_delivered_or_was_tried_too_often(store: Store) -> None:
    notices = alone(store).notices
    notices.write("env:A", {"failed": "it failed", "seats": "none left"}, NOW)
    notices.write("env:B", {"failed": "it failed"}, NOW)
    assert notices.undelivered("env:A", 2) == {"failed": "it failed", "seats": "none left"}
    notices.sent("env:A", ["failed"], delivered=True)
    notices.sent("env:A", ["seats"], delivered=False)
    assert notices.undelivered("env:A", 2) == {"seats": "none left"}
    notices.sent("env:A", ["seats"], delivered=False)
    assert notices.undelivered("env:A", 2) == {}
    assert notices.undelivered("env:B", 2) == {"failed": "it failed"}
    assert notices.written("env:A") == {"failed": NOW, "seats": NOW}


def test_the_newest_of_a_key_takes_the_place_of_an_older_one(store: Store) -> None:
    notices, later = alone(store).notices, NOW + timedelta(days=1)
    notices.write("env:A", {"failed": "first"}, NOW)
    notices.sent("env:A", ["failed"], delivered=True)
    notices.write("env:A", {"failed": "again"}, later)
    assert notices.undelivered("env:A", 2) == {"failed": "again"}
    assert notices.written("env:A") == {"failed": later}


def test_there_may_be_more_of_them_than_a_statement_may_have_parameters(store: Store) -> None:
    notices, keys = alone(store).notices, [f"reclaim {number}" for number in range(70_000)]
    notices.write("env:A", {keys[0]: "first", keys[-1]: "last"}, NOW)
    notices.sent("env:A", keys, delivered=True)
    assert notices.undelivered("env:A", 2) == {}


def test_a_purge_takes_the_old_ones(store: Store) -> None:
    notices, later = alone(store).notices, NOW + timedelta(days=30)
    notices.write("env:A", {"failed": "zoe was refused"}, NOW)
    notices.write("env:A", {"seats": "none left"}, later)
    alone(store).personal_data.remove(later, later)
    assert notices.undelivered("env:A", 2) == {"seats": "none left"}
