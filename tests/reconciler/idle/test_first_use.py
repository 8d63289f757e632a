"""How soon granted seats are used: what counts as a first use, and what is said of many."""

from datetime import UTC, datetime, timedelta

from reconciler.idle.first_use import FirstUse, FirstUses, watched_grants
from reconciler.model.sign_ins import GrantUse, SignIn
from support.worlds.world import World, guid

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAYS = timedelta(days=90)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def grant(name: str, granted: datetime, used: datetime | None = None) -> GrantUse:
    return GrantUse(guid(name), "Sales", granted, used)


def seen(name: str, at: datetime, *, succeeded: bool = True) -> SignIn:
    return SignIn(f"{name} {at}", guid(name), at, succeeded)


def new(
    *sign_ins: SignIn,
    known: tuple[GrantUse, ...] = (),
    granted: tuple[str, ...] = (),
    ended: datetime = NOW,
) -> list[GrantUse]:
    """Of `granted`, whose seat was granted at `ended`, and of what was `known`."""
    world = World()
    for name in granted:
        world.person(name, "Sales Team")
    done = [(operation, ended) for operation in world.plan().operations]
    return list(watched_grants(known, done, sign_ins, ago(days=30)))


def test_the_first_sign_in_after_the_grant_is_the_first_use() -> None:
    later, first, before = (seen("ana", ago(hours=at)) for at in (1, 5, 7))
    failed = seen("ana", ago(hours=6), succeeded=False)
    found = new(later, first, before, failed, granted=("ana", "ben"), ended=ago(hours=6.5))
    assert len(found) == 2
    assert set(found) == {
        grant("ana", ago(hours=6.5), ago(hours=5)),
        grant("ben", ago(hours=6.5)),
    }


def test_of_a_known_grant_only_the_first_use_is_new() -> None:
    known = (grant("ana", ago(days=3), ago(days=2)), grant("ben", ago(days=3)))
    assert new(seen("ana", NOW), known=known) == []
    assert new(seen("ben", NOW), known=known) == [grant("ben", ago(days=3), NOW)]
    again = (grant("ana", ago(days=3)),)
    assert new(known=again, granted=("ana",), ended=ago(days=3)) == []


def test_a_grant_from_before_the_watch_is_left_out() -> None:
    """Whether it was used in the meantime nobody knows."""
    assert new(granted=("ana",), ended=ago(days=31)) == []


def test_the_median_is_of_those_used_and_the_share_of_those_granted_long_ago() -> None:
    grants = [
        grant("ana", ago(days=100), ago(days=99)),
        grant("ben", ago(days=100), ago(days=96)),
        grant("cleo", ago(days=91), ago(days=1)),
        grant("dan", ago(days=90)),
        grant("eva", ago(days=89)),
    ]
    uses = FirstUses(grants, DAYS)
    assert uses.of("Sales", NOW) == FirstUse(median_days=4.0, never_used=0.25)
    assert uses.of("Marketing", NOW) == FirstUse()


def test_it_is_told_as_it_was_known_then() -> None:
    uses = FirstUses([grant("ana", ago(days=100), ago(days=2))], DAYS)
    assert uses.of("Sales", ago(days=101)) == FirstUse()
    assert uses.of("Sales", ago(days=50)) == FirstUse()
    assert uses.of("Sales", ago(days=5)) == FirstUse(never_used=1.0)
    assert uses.of("Sales", NOW) == FirstUse(median_days=98.0, never_used=0.0)
