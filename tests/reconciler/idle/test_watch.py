"""Sign-ins are watched without a gap, or nothing follows from nobody having been seen."""

from datetime import UTC, datetime, timedelta

import pytest

from reconciler.idle.watch import OVERLAP, RETENTION, continued, read_from
from reconciler.model.sign_ins import SignIn, SignInsRead, Watch

APP, OTHER = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
BEGAN = NOW - timedelta(days=100)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def sign_in(key: str, at: datetime) -> SignIn:
    return SignIn(key, "ana", at, succeeded=True)


def reading(*sign_ins: SignIn, because: str = "") -> SignInsRead:
    return SignInsRead(NOW, sign_ins, because)


def watched(through: datetime, newest: tuple[str, datetime] | None = None) -> Watch:
    return Watch(APP, BEGAN, through, newest)


def test_the_first_reading_begins_the_watch_and_nothing_is_claimed_of_before() -> None:
    assert read_from(None, APP, NOW) == NOW - RETENTION
    watch, because = continued(None, APP, reading(sign_in("1", ago(days=2))))
    assert (watch, because) == (Watch(APP, NOW, NOW, ("1", ago(days=2))), "")


def test_the_next_reading_goes_on_with_an_overlap_for_those_that_come_late() -> None:
    before = watched(ago(days=1))
    assert read_from(before, APP, NOW) == ago(days=1) - OVERLAP
    watch, because = continued(before, APP, reading(sign_in("1", ago(hours=1))))
    assert (watch, because) == (Watch(APP, BEGAN, NOW, ("1", ago(hours=1))), "")


def test_what_was_not_read_whole_takes_the_watch_no_further() -> None:
    before = watched(ago(days=1))
    because = "two readings differ in 1 sign-in"
    assert continued(before, APP, reading(because=because)) == (before, because)
    assert continued(None, APP, reading(because=because)) == (None, because)


def test_the_last_one_that_was_seen_has_to_be_there_again() -> None:
    """A list that ends too early, in every reading, lacks its oldest ones."""
    newest = ("1", ago(days=3))
    before = watched(ago(days=1), newest)
    assert read_from(before, APP, NOW) == ago(days=3)
    watch, because = continued(before, APP, reading(sign_in("2", ago(hours=1))))
    assert (watch, because) == (before, "the sign-in 1, which was there before, is missing")
    watch, because = continued(before, APP, reading(sign_in("1", ago(days=3))))
    assert (watch, because) == (Watch(APP, BEGAN, NOW, newest), "")


def test_where_nobody_came_for_long_there_is_none_to_look_for() -> None:
    before = watched(ago(days=1), ("1", ago(days=20)))
    assert read_from(before, APP, NOW) == ago(days=1) - OVERLAP
    watch, because = continued(before, APP, reading())
    assert (watch, because) == (Watch(APP, BEGAN, NOW, before.newest), "")


@pytest.mark.parametrize("newest", [None, ("1", ago(days=8))])
def test_after_a_gap_longer_than_sign_ins_are_kept_the_watch_begins_anew(
    newest: tuple[str, datetime] | None,
) -> None:
    before = watched(ago(days=7.1), newest)
    watch, because = continued(before, APP, reading(sign_in("2", ago(hours=1))))
    assert (watch, because) == (Watch(APP, NOW, NOW, ("2", ago(hours=1))), "")


def test_a_tenant_that_keeps_them_longer_bridges_a_longer_gap() -> None:
    before = watched(ago(days=20), ("1", ago(days=20.5)))
    assert read_from(before, APP, NOW) <= ago(days=20.5)
    both = reading(sign_in("1", ago(days=20.5)), sign_in("2", ago(hours=1)))
    assert continued(before, APP, both) == (Watch(APP, BEGAN, NOW, ("2", ago(hours=1))), "")


def test_a_gap_that_every_tenant_bridges() -> None:
    before = watched(ago(days=6.9), ("1", ago(days=30)))
    assert continued(before, APP, reading()) == (Watch(APP, BEGAN, NOW, before.newest), "")


def test_another_application_is_watched_from_the_beginning() -> None:
    before = watched(ago(days=1))
    assert read_from(before, OTHER, NOW) == NOW - RETENTION
    assert continued(before, OTHER, reading()) == (Watch(OTHER, NOW, NOW), "")
    assert continued(before, OTHER, reading(because="no")) == (None, "no")
