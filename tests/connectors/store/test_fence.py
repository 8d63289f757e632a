"""Whether a run may still send is up to its own clock, and to the store where that is in doubt."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from connectors.store.errors import LeaseLost, StoreError
from connectors.store.fence import TAKEN_OVER, UNCERTAIN, Fence, elapsed

BEAT = timedelta(seconds=5)


@dataclass
class Store:
    """Its answer to a beat, and how long that takes; `now` is the machine's clock."""

    now: float = 100.0
    fault: Exception | None = None
    seconds: float = 0.0
    beats: int = 0

    def renew(self) -> float:
        self.beats += 1
        if self.fault:
            raise self.fault
        certain = self.now
        self.now += self.seconds
        return certain


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def fence(store: Store) -> Fence:
    return Fence(store.renew, BEAT, lambda: store.now)


def test_within_a_beat_of_the_last_one_nobody_is_asked(store: Store, fence: Fence) -> None:
    store.now += 4.9
    assert fence.objection() == ""
    assert store.beats == 0


def test_a_run_that_stood_still_and_was_not_taken_over_goes_on(store: Store, fence: Fence) -> None:
    store.now += 3600
    assert fence.objection() == ""
    assert fence.objection() == ""
    assert store.beats == 1


def test_a_run_that_stood_still_and_was_taken_over_sends_nothing(
    store: Store, fence: Fence
) -> None:
    store.now += 5
    store.fault = LeaseLost("8f2")
    assert fence.objection() == TAKEN_OVER
    assert fence.lost


def test_what_was_lost_once_is_lost(store: Store, fence: Fence) -> None:
    store.fault = LeaseLost("8f2")
    with pytest.raises(LeaseLost):
        fence.beat()
    store.fault = None
    assert fence.objection() == TAKEN_OVER
    store.now += 3600
    assert fence.objection() == TAKEN_OVER
    assert store.beats == 1


def test_without_the_store_nothing_is_sent_until_it_answers_again(
    store: Store, fence: Fence
) -> None:
    store.now += 5
    store.fault = StoreError("using the store", "the server is away")
    assert fence.objection() == UNCERTAIN
    assert not fence.lost
    store.fault = None
    assert fence.objection() == ""


def test_a_beat_that_came_through_too_late_proves_nothing(store: Store, fence: Fence) -> None:
    store.now += 60
    store.seconds = 60
    assert fence.objection() == UNCERTAIN


def test_a_beat_of_the_heart_counts(store: Store, fence: Fence) -> None:
    store.now += 60
    fence.beat()
    store.now += 4
    assert fence.objection() == ""
    assert store.beats == 1


def test_the_clock_that_is_asked_never_goes_back() -> None:
    before = elapsed()
    assert elapsed() >= before > 0
