"""The store keeps when seats were used last, and since when they are held."""

from datetime import UTC, datetime, timedelta

from connectors.store.store import Store
from reconciler.columns import frames
from reconciler.model.sign_ins import SignIn, Watch
from support.alone import alone

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WATCH = Watch("app", NOW - 30 * DAY, NOW, ("one", NOW - DAY))


def last(store: Store) -> dict[str, datetime]:
    rows = alone(store).seat_use.load().last
    return dict(zip(rows["id"], rows["last"], strict=True))


def hold(store: Store, now: datetime, *pairs: tuple[str, str]) -> None:
    rows = frames.frame(frames.HOLDINGS, ({"set": name, "account": at} for name, at in pairs))
    alone(store).seat_use.held(rows, now)


def since(store: Store) -> dict[tuple[str, str], datetime]:
    rows = alone(store).seat_use.load().held
    return dict(zip(zip(rows["set"], rows["account"], strict=True), rows["since"], strict=True))


def test_a_watch_takes_the_place_of_the_one_before(store: Store) -> None:
    assert alone(store).seat_use.load().watch is None
    for watch in (WATCH, Watch("app", NOW, NOW), WATCH):
        alone(store).seat_use.keep_watch(watch)
        assert alone(store).seat_use.load().watch == watch
    alone(store).seat_use.keep_watch(None)
    assert alone(store).seat_use.watch() is None


def test_of_a_users_sign_ins_the_last_successful_one_is_kept(store: Store) -> None:
    alone(store).seat_use.signed_in(
        [
            SignIn("1", "ana", NOW - 2 * DAY, succeeded=True),
            SignIn("2", "ana", NOW - 3 * DAY, succeeded=True),
            SignIn("3", "ana", NOW, succeeded=False),
            SignIn("4", "ben", NOW - 4 * DAY, succeeded=True),
        ]
    )
    assert last(store) == {"ana": NOW - 2 * DAY, "ben": NOW - 4 * DAY}
    alone(store).seat_use.signed_in(
        [
            SignIn("2", "ana", NOW - 3 * DAY, succeeded=True),
            SignIn("5", "ben", NOW - DAY, succeeded=True),
        ]
    )
    assert last(store) == {"ana": NOW - 2 * DAY, "ben": NOW - DAY}


def test_a_seat_is_held_since_it_was_first_seen_and_anew_after_it_was_lost(store: Store) -> None:
    hold(store, NOW, ("Sales", "acc-ana"), ("Sales", "acc-ben"))
    hold(store, NOW + DAY, ("Sales", "acc-ana"), ("Talent", "acc-ben"))
    assert since(store) == {("Sales", "acc-ana"): NOW, ("Talent", "acc-ben"): NOW + DAY}
    hold(store, NOW + 2 * DAY, ("Sales", "acc-ben"))
    hold(store, NOW + 3 * DAY, ("Sales", "acc-ana"), ("Sales", "acc-ben"))
    assert since(store) == {
        ("Sales", "acc-ana"): NOW + 3 * DAY,
        ("Sales", "acc-ben"): NOW + 2 * DAY,
    }


def test_a_last_sign_in_is_purged_with_its_age(store: Store) -> None:
    signed_in = [SignIn("1", "ana", NOW - 9 * DAY, True), SignIn("2", "ben", NOW, True)]
    with store.transaction() as tx:
        tx.seat_use.signed_in(signed_in)
        tx.personal_data.remove(NOW - DAY, NOW)
    assert last(store) == {"ben": NOW}
