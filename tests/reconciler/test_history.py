"""What follows from the journal for the next plan."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.columns import frames
from reconciler.history import (
    FLAPPING_PLANS,
    RECENT,
    flapping,
    granted,
    half_done_moves,
    last_activation_change,
    trusted_export,
    week,
    with_history,
)
from reconciler.model.gains_and_losses import WEEK
from reconciler.model.group_read import ExportSize
from reconciler.model.history import DoneOperation, History, RecordedExport
from reconciler.model.known_sets import KnownSet
from reconciler.model.plan import Kind
from reconciler.model.snapshot import Memory
from reconciler.situations.users import MOVE
from support.worlds.world import World, guid

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)

GRANT, REVOKE, SWAP = (Kind.GRANT, "S1"), (Kind.REVOKE, "U3"), (Kind.MOVE, MOVE.code)
GIVE_BACK, GET = (Kind.REVOKE, MOVE.code), (Kind.GRANT, MOVE.code)
"""The two halves of a split move."""

Step = tuple[Kind, str]


def journal(
    steps: Iterable[Step],
    *,
    user: str = "ana",
    plan: int = 1,
    begun: datetime = NOW,
    result: str | None = "done",
) -> pd.DataFrame:
    same = {"id": user, "plan": plan, "begun": begun, "result": result}
    rows = ({**same, "kind": kind, "reason": reason} for kind, reason in steps)
    return frames.frame(frames.JOURNAL, rows)


@pytest.mark.parametrize(
    ("steps", "came_and_went", "halfway"),
    [
        ((), False, False),
        ((GRANT,), False, False),
        ((REVOKE,), False, False),
        ((GRANT, REVOKE), True, False),
        ((SWAP, REVOKE), True, False),
        ((GRANT, REVOKE, GRANT), False, False),
        ((GRANT, REVOKE, GRANT, REVOKE), True, False),
        ((REVOKE, GRANT), False, False),
        ((GRANT, GIVE_BACK), False, True),
        ((GRANT, GIVE_BACK, GET), False, False),
        ((GRANT, REVOKE, GIVE_BACK), True, True),
        ((GRANT, (Kind.REVOKE, "")), True, False),
    ],
)
def test_who_comes_and_goes_and_whose_move_is_half_made(
    steps: tuple[Step, ...], came_and_went: bool, halfway: bool
) -> None:
    assert flapping(journal(steps)) == ({"ana"} if came_and_went else set())
    assert half_done_moves(journal(steps)) == ({"ana"} if halfway else set())


def test_a_purged_revoke_has_no_reason_and_is_no_half_of_a_move() -> None:
    rows = journal([GRANT, REVOKE])
    rows["reason"] = frames.column([None, None], frames.TEXT)
    assert flapping(rows) == {"ana"}
    assert half_done_moves(rows) == set()


def one_by_one(steps: list[tuple[str, Step]]) -> tuple[set[str], set[str]]:
    """The same two questions as the vendor's guide would answer them: walking through the rows."""
    has_had, lost, halfway = set(), set(), set()
    for user, (kind, reason) in steps:
        halfway.discard(user)
        if kind is not Kind.REVOKE:
            has_had.add(user)
            lost.discard(user)
        elif reason == MOVE.code:
            halfway.add(user)
        elif user in has_had:
            lost.add(user)
    return lost, halfway


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from([GRANT, REVOKE, GIVE_BACK, GET])),
        max_size=12,
    )
)
def test_columns_answer_as_a_walk_through_the_rows_does(steps: list[tuple[str, Step]]) -> None:
    rows = pd.concat([journal([]), *(journal([step], user=user) for user, step in steps)])
    assert (flapping(rows), half_done_moves(rows)) == one_by_one(steps)


def test_what_was_done_last_to_an_account_counts() -> None:
    kinds = (Kind.CREATE_ACCOUNT, Kind.DEACTIVATE_ACCOUNT, Kind.REACTIVATE_ACCOUNT, Kind.GRANT)
    for until, last in enumerate(("created", "deactivated", "reactivated", "reactivated"), 1):
        done = journal((kind, "") for kind in kinds[:until])
        assert last_activation_change(done).to_dict("records") == [{"id": "ana", "last": last}]


MEMORY = Memory(
    run=7,
    links=frames.frame(frames.LINKS, [{"id": "ana", "account": "a1"}]),
    sets={"Sales Team": KnownSet(("Sales",), vendor_groups=("g1",), unseen_since=NOW)},
)


@pytest.mark.parametrize("result", ["done", "failed", None])
def test_an_account_that_was_asked_for_within_a_day_is_recent_and_perhaps_unseen(
    result: str | None,
) -> None:
    asked = journal([(Kind.CREATE_ACCOUNT, "S1")], begun=NOW, result=result)
    just = with_history(MEMORY, History(asked), NOW + RECENT - MOMENT)
    assert just.recent == {"a1"}
    assert just.not_found == ({"g1"} if result == "done" else {"a1", "g1"})
    later = with_history(MEMORY, History(asked), NOW + RECENT)
    assert later.recent == later.not_found == frozenset()


def test_an_account_that_was_seen_at_the_second_attempt_is_not_unseen() -> None:
    twice = [journal([(Kind.CREATE_ACCOUNT, "S1")], result=result) for result in ("failed", "done")]
    assert with_history(MEMORY, History(pd.concat(twice)), NOW).not_found == {"g1"}


def test_who_comes_and_goes_is_known_for_three_plans() -> None:
    for plan, known in ((7 - FLAPPING_PLANS, {"ana"}), (7 - FLAPPING_PLANS - 1, set())):
        rows = journal([GRANT, REVOKE], plan=plan)
        assert with_history(MEMORY, History(rows), NOW).flapping == known


def test_only_what_took_effect_counts() -> None:
    rows = journal([GRANT, REVOKE, GIVE_BACK, (Kind.CREATE_ACCOUNT, "")], plan=7, result="failed")
    known = with_history(MEMORY, History(rows), NOW)
    assert known.flapping == known.midway == frozenset()
    assert known.activations.empty


def moved() -> tuple[DoneOperation, ...]:
    """cyd left, and bob moved from one set to the other."""
    world = World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 1, "Talent": 1}
    )
    for name, held in (("cyd", "Sales Team"), ("bob", "Talent Team")):
        world.account(name, held)
    world.person("cyd")
    world.person("bob", "Sales Team")
    return tuple(
        DoneOperation(str(one.index), one.subject.id, one.kind, NOW, one)
        for one in world.plan().operations
    )


def test_a_week_counts_and_not_a_moment_more() -> None:
    assert set(week(moved(), NOW + WEEK - MOMENT)["id"]) == {guid("bob"), guid("cyd")}
    assert week(moved(), NOW + WEEK).empty


def test_a_purged_operation_tells_that_somebody_lost_a_seat_or_an_account() -> None:
    kinds = (Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT, Kind.GRANT)
    purged = [DoneOperation(kind, "", kind, NOW, None) for kind in kinds]
    lost = week(purged, NOW)
    assert lost["what"].tolist() == ["product", "account"]
    assert not lost["gained"].any()
    assert lost["id"].nunique() == 2


def test_of_a_move_the_new_set_alone_is_held_until_the_account_is_made_anew() -> None:
    bob = guid("bob")
    assert granted(moved()).to_dict("records") == [{"id": bob, "set": "Sales Team"}]
    for kind in (Kind.CREATE_ACCOUNT, Kind.REVOKE):
        assert granted([*moved(), DoneOperation("x", bob, kind, NOW, None)]).empty


def test_the_newest_export_counts_that_was_not_held_or_was_approved() -> None:
    sizes = [ExportSize(users, 1, 1) for users in (1, 2, 3)]
    held, approved, fine = (
        RecordedExport(size, held=held, approved=approved)
        for size, (held, approved) in zip(
            sizes, ((True, False), (True, True), (False, False)), strict=True
        )
    )
    assert trusted_export([]) is None
    assert trusted_export([held]) is None
    assert trusted_export([held, approved, fine]) == approved.size
    assert trusted_export([held, fine, approved]) == fine.size
