"""A plan that takes back seats that nobody uses: what it does, and what the next ones know."""

from datetime import datetime, timedelta

import pytest

from reconciler.columns import frames
from reconciler.history import reclaimed
from reconciler.idle.reclaim import reconcile_with_use
from reconciler.model.plan import Kind, Outcome, Plan
from reconciler.model.sign_ins import CurrentUse, SeatUse, Watch
from reconciler.model.snapshot import PlanContext
from reconciler.reconcile import reconcile
from reconciler.situations.users import SEAT_RECLAIMED
from support.worlds.world import NOW, World, codes, guid, kinds, messages

HOUR = timedelta(hours=1)


def reclaiming(world: World, *users: str) -> Plan:
    whose = frozenset(map(guid, users))
    plan_context = PlanContext("8f2c41d7", NOW, "0.1.0", reclaiming=whose)
    return reconcile(world.settings(), world.snapshot(), plan_context)


def world_of_two(**given: object) -> World:
    """Two seats, both held, and somebody who waits."""
    world = World(seats={"Sales": 2}, **given)  # type: ignore[arg-type]
    world.settled("ana", "Sales Team")
    world.settled("ben", "Sales Team")
    world.person("cleo", "Sales Team")
    return world


def test_u21_the_seat_goes_to_whoever_waits_and_the_account_stays_active() -> None:
    plan = reclaiming(world_of_two(), "ana")
    assert kinds(plan) == [("revoke", "ana"), ("create_account", "cleo"), ("grant", "cleo")]
    (message,) = messages(plan, "U21")
    assert message.startswith("The seat of ana@example.org (Sales Team) is not used, and taken")
    assert plan.operations[0].reason == "U21"


def test_u21_is_held_for_approval_under_the_same_caps() -> None:
    held = {verdict.code: verdict.outcome for verdict in reclaiming(world_of_two(), "ana").verdicts}
    assert held["U21"] is Outcome.HELD
    assert "U21" not in {verdict.code for verdict in world_of_two().plan().verdicts}
    capped = world_of_two(policy={"max_revokes": 0, "max_revoke_percent": 0})
    assert "R9" in {verdict.code for verdict in reclaiming(capped, "ana").objections}


def test_an_error_is_no_absence_here_either() -> None:
    """A protected user, and a group that was not read."""
    world = world_of_two(policy={"protected": ["ana@example.org"]})
    assert reclaiming(world, "ana").operations == ()
    world = world_of_two()
    world.reads["Sales Team"] = {"complete": False, "because": "a page was lost"}
    assert reclaiming(world, "ana").operations == ()


def test_u22_the_next_plans_give_no_seat_before_the_user_is_seen_again() -> None:
    world = World()
    world.person("ana", "Sales Team")
    world.account("ana")
    assert kinds(world.plan()) == [("grant", "ana")]
    world.memory["reclaimed"] = frozenset({guid("ana")})
    plan = world.plan()
    assert plan.operations == ()
    assert codes(plan) >= {"U22"}
    world.people[guid("ana")]["accountEnabled"] = False
    assert ("deactivate_account", "ana") in kinds(world.plan())


def test_a_seat_that_was_given_back_by_hand_is_kept() -> None:
    world = World(memory={"reclaimed": frozenset({guid("ana")})})
    world.settled("ana", "Sales Team")
    assert world.plan().operations == ()


def known(
    world: World, *, watched: timedelta = timedelta(days=200), **announced: datetime
) -> CurrentUse:
    """Nobody was ever seen, and everybody has had the seat for as long as anybody watches."""
    watch = Watch("app", NOW - watched, NOW)
    held = ({"set": name, "account": at, "since": watch.since} for name, at in world.holdings)
    use = SeatUse(
        watch,
        frames.frame(frames.LAST_SIGN_INS, ()),
        frames.frame(frames.HELD_SINCE, held),
        {guid(name): at for name, at in announced.items()},
    )
    return CurrentUse(use, watch, frozenset())


def with_use(world: World, use: CurrentUse, *, reclaim: bool) -> Plan:
    """Seen to be made again by what is kept of it."""
    settings, snapshot = world.settings(), world.snapshot()
    plan_context = PlanContext("8f2c41d7", NOW, "0.1.0")
    plan, kept = reconcile_with_use(settings, snapshot, plan_context, use, reclaim=reclaim)
    assert reconcile(settings, snapshot, kept).digest == plan.digest
    return plan


def test_u23_a_reclaim_announces_first_and_takes_only_what_was_announced_for_long_enough() -> None:
    world = world_of_two(policy={"idle": {"days": "90d", "grace": "14d"}})
    use = known(world, ben=NOW - timedelta(days=14))
    plan = with_use(world, use, reclaim=True)
    assert [o.subject.name for o in plan.operations if o.reason == "U21"] == ["ben@example.org"]
    (message,) = messages(plan, "U23")
    day = NOW + timedelta(days=14)
    assert message.endswith(f"From {day:%Y-%m-%d} on `plan --reclaim` takes it back.")
    assert message.startswith('ana@example.org has a seat of Sales by "Sales Team": not seen since')


def test_u23_other_plans_tell_of_what_was_announced_and_take_nothing() -> None:
    world = world_of_two(policy={"idle": {"days": "90d", "grace": "14d"}})
    plan = with_use(world, known(world, ben=NOW - timedelta(days=15)), reclaim=False)
    assert "revoke" not in dict(kinds(plan))
    assert [m.partition(" ")[0] for m in messages(plan, "U23")] == ["ben@example.org"]


def test_an_announcement_of_before_the_last_use_is_void() -> None:
    world = world_of_two(policy={"idle": {"days": "90d", "grace": "14d"}})
    plan = with_use(world, known(world, ben=NOW - timedelta(days=201)), reclaim=True)
    assert "revoke" not in dict(kinds(plan))
    assert len(messages(plan, "U23")) == 2


@pytest.mark.parametrize(("watched", "idle"), [(89, None), (90, 2)])
def test_each_products_seats_say_how_many_nobody_uses_once_that_can_be_known(
    watched: int, idle: int | None
) -> None:
    world = world_of_two()
    plan = with_use(world, known(world, watched=timedelta(days=watched)), reclaim=False)
    assert [line.idle for line in plan.seats] == [idle]
    assert [line.idle for line in world.plan().seats] == [None]


@pytest.mark.parametrize(
    ("done", "seen", "still"),
    [
        ([(Kind.GRANT, "S1")], None, False),
        ([(Kind.GRANT, "S1"), (Kind.REVOKE, "U21")], None, True),
        ([(Kind.GRANT, "S1"), (Kind.REVOKE, "U21")], -HOUR, True),
        ([(Kind.GRANT, "S1"), (Kind.REVOKE, "U21")], HOUR, False),
        ([(Kind.REVOKE, "U21"), (Kind.GRANT, "P12")], None, False),
        ([(Kind.REVOKE, "U21"), (Kind.DEACTIVATE_ACCOUNT, "U3")], None, False),
        ([(Kind.REVOKE, "U21"), (Kind.UPDATE_ACCOUNT, "A9")], None, True),
        ([(Kind.REVOKE, "U3")], None, False),
    ],
)
def test_what_the_journal_says_of_it(
    done: list[tuple[Kind, str]], seen: timedelta | None, still: bool
) -> None:
    rows = frames.frame(
        frames.JOURNAL,
        (
            {"id": "ana", "kind": k, "reason": r, "plan": 1, "begun": NOW, "result": "done"}
            for k, r in done
        ),
    )
    last = [] if seen is None else [{"id": "ana", "last": NOW + seen}]
    found = reclaimed(rows, frames.frame(frames.LAST_SIGN_INS, last))
    assert (found == frozenset({"ana"})) == still
    assert SEAT_RECLAIMED.code == "U21"
