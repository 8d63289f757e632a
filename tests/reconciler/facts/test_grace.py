"""`leave_grace`: whoever leaves every group keeps the seat for a while."""

from datetime import UTC, timedelta, timezone

import pytest

from reconciler.model.plan import Plan
from support.worlds.world import NOW, World, codes, guid, kinds, messages, names

DAY = timedelta(days=1)
GONE = [("revoke", "ana"), ("deactivate_account", "ana")]


def world(**changes: object) -> World:
    """Ana left "Sales Team", and that was first seen by a plan of today."""
    sets = {"Sales Team": ["Sales"], "Both": ["Sales", "Marketing"]}
    seats = {"Sales": 10, "Marketing": 10}
    w = World(sets=sets, seats=seats, policy={"leave_grace": "7d"}, **changes)  # type: ignore[arg-type]
    w.account("ana", "Sales Team")
    w.person("ana")
    return w


def later(w: World, days: float) -> Plan:
    """The plan of some days after today, the one of today being kept and nothing applied."""
    w.keep(w.plan())
    w.now = NOW + days * DAY
    return w.plan()


def test_u18_whoever_left_keeps_the_seat_until_a_day_that_is_told() -> None:
    plan = world().plan()
    assert plan.operations == ()
    assert codes(plan) == {"U18"}
    assert messages(plan, "U18") == [
        'ana@example.org left "Sales Team" and keeps the seat until 2026-12-01 (`leave_grace`).'
    ]
    assert [(g.set, g.since, g.until) for g in plan.graces] == [("Sales Team", NOW, NOW + 7 * DAY)]


@pytest.mark.parametrize(("days", "kept"), [(1, True), (6.99, True), (7, False), (30, False)])
def test_u18_ends_as_many_days_after_the_absence_was_first_seen(days: float, kept: bool) -> None:
    plan = later(world(), days)
    assert codes(plan) == ({"U18"} if kept else {"U3"})
    assert kinds(plan) == ([] if kept else GONE)
    assert len(plan.graces) == kept


def test_what_was_not_applied_after_the_grace_is_planned_again() -> None:
    w = world()
    assert kinds(later(w, 8)) == GONE
    w.keep(w.plan())
    assert kinds(w.plan()) == GONE


@pytest.mark.parametrize(
    ("code", "attribute"),
    [
        ("U9", {"accountEnabled": False}),
        ("U10", {"presence": "deleted"}),
        ("U11", {"presence": "gone"}),
    ],
)
def test_who_is_disabled_or_deleted_has_no_grace(code: str, attribute: dict[str, object]) -> None:
    w = world()
    w.people[guid("ana")] |= attribute
    assert kinds(w.plan()) == GONE
    assert codes(w.plan()) == {code}
    assert w.plan().graces == ()


def test_who_comes_back_within_the_grace_has_nothing_happen_and_a_new_grace_later() -> None:
    w = world()
    w.keep(w.plan())
    w.members = [("Sales Team", guid("ana"), "user")]
    assert later(w, 3).operations == ()
    assert codes(w.plan()) == set()
    w.keep(w.plan())
    w.members = []
    w.now = NOW + 8 * DAY
    assert [grace.until for grace in w.plan().graces] == [NOW + 15 * DAY]


def test_u2_a_move_is_made_at_once_and_so_it_is_out_of_a_grace() -> None:
    w = world()
    w.members = [("Both", guid("ana"), "user")]
    assert kinds(w.plan()) == [("move", "ana")]
    w.members = []
    w.keep(w.plan())
    w.members = [("Both", guid("ana"), "user")]
    assert kinds(later(w, 1)) == [("move", "ana")]


def test_a14_a_second_set_has_no_grace() -> None:
    w = world()
    w.holdings.append(("Both", "acc-ana"))
    w.members = [("Sales Team", guid("ana"), "user")]
    assert kinds(w.plan()) == [("revoke", "ana")]


def test_a_sets_own_grace_counts_before_the_policys() -> None:
    assert codes(later(world(graces={"Sales Team": "2d"}), 3)) == {"U3"}
    assert codes(later(world(graces={"Sales Team": "0d"}), 0)) == {"U3"}
    assert codes(later(world(graces={"Sales Team": "30d"}), 20)) == {"U18"}
    assert codes(later(world(graces={"Both": "0d"}), 3)) == {"U18"}


def test_without_a_grace_everything_is_as_ever() -> None:
    w = world()
    w.policy = {}
    assert kinds(w.plan()) == GONE
    assert w.plan().graces == ()


def test_an_absence_that_is_not_proven_begins_no_grace() -> None:
    w = world(reads={"Both": {"complete": False, "because": "a page is missing"}})
    w.keep(w.plan())
    assert w.leavers == {}
    assert w.plan().graces == ()


def test_a_read_that_fails_in_between_neither_ends_nor_renews_a_grace() -> None:
    w = world()
    w.keep(w.plan())
    w.reads = {"Both": {"complete": False, "because": "a page is missing"}}
    w.now = NOW + 3 * DAY
    w.keep(w.plan())
    w.reads = {}
    assert [grace.until for grace in w.plan().graces] == [NOW + 7 * DAY]


def test_a_lost_store_begins_anew_which_only_keeps_longer() -> None:
    w = world()
    w.keep(w.plan())
    w.leavers = {}
    w.now = NOW + 6 * DAY
    assert [grace.until for grace in w.plan().graces] == [NOW + 13 * DAY]


def test_a_clock_that_went_back_makes_no_grace_longer() -> None:
    w = world()
    w.leavers = {guid("ana"): NOW + 300 * DAY}
    assert [grace.until for grace in w.plan().graces] == [NOW + 7 * DAY]


def test_another_time_zone_is_the_same_time() -> None:
    w = world()
    w.leavers = {guid("ana"): NOW - 6.9 * DAY}
    here = w.plan().graces
    w.now = NOW.astimezone(timezone(timedelta(hours=9)))
    assert w.plan().graces == here
    assert here[0].until.tzinfo is UTC


def test_who_was_given_up_is_forgotten() -> None:
    w = world()
    plan = later(w, 8)
    w.apply(plan)
    w.keep(w.plan())
    assert w.leavers == {}


def test_a17_who_is_protected_has_no_end_of_a_grace() -> None:
    w = world()
    w.policy = {"leave_grace": "7d", "protected": [guid("ana")]}
    assert w.plan().graces == ()


def test_s2_who_waits_is_told_when_a_kept_seat_comes_free() -> None:
    w = world()
    w.seats = {"Sales": 1, "Marketing": 1}
    w.person("tom", "Sales Team")
    w.person("uwe", "Both")
    plan = w.plan()
    assert names(plan.waiting) == ["uwe", "tom"]
    assert [entry.free_on for entry in plan.waiting] == [(NOW + 7 * DAY).date(), None]
    (told,) = messages(plan, "S2")
    assert told.endswith(" A seat that is kept by `leave_grace` comes free on 2026-12-01.")


def test_the_days_are_for_those_who_wait_in_their_order() -> None:
    w = world()
    w.seats = {"Sales": 2, "Marketing": 1}
    w.account("bea", "Both")
    w.person("bea")
    w.leavers = {guid("bea"): NOW - 5 * DAY}
    w.person("uwe", "Both")
    w.person("tom", "Sales Team")
    plan = w.plan()
    assert names(plan.waiting) == ["uwe", "tom"]
    assert [entry.blocked_by for entry in plan.waiting] == [("Marketing", "Sales"), ("Sales",)]
    assert [entry.free_on for entry in plan.waiting] == [
        (NOW + 2 * DAY).date(),
        (NOW + 7 * DAY).date(),
    ]


def test_a_bundle_is_free_when_the_last_of_its_products_is() -> None:
    w = world()
    w.seats = {"Sales": 1, "Marketing": 1}
    w.account("mia", "Marketing Team")
    w.sets = {**w.sets, "Marketing Team": ["Marketing"]}
    w.person("mia")
    w.leavers = {guid("mia"): NOW - 5 * DAY}
    w.person("uwe", "Both")
    assert [entry.free_on for entry in w.plan().waiting] == [(NOW + 7 * DAY).date()]
    w.leavers = {}
    w.graces = {"Marketing Team": "30d"}
    assert [entry.free_on for entry in w.plan().waiting] == [(NOW + 30 * DAY).date()]


def test_s4_seats_that_were_never_bought_are_promised_to_nobody() -> None:
    w = world()
    w.seats = {"Sales": 0, "Marketing": 1}
    w.person("tom", "Sales Team")
    assert [entry.free_on for entry in w.plan().waiting] == [None]
    w.seats = {"Sales": "unknown", "Marketing": 1}
    assert [entry.free_on for entry in w.plan().waiting] == [None]


def test_r9_counts_a_leaver_on_the_day_of_the_loss() -> None:
    w = world()
    w.policy |= {"max_revokes": 0, "max_revoke_percent": 0}
    assert "R9" not in {verdict.code for verdict in w.plan().objections}
    assert "R9" in {verdict.code for verdict in later(w, 8).objections}
