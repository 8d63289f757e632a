"""What is worth telling of a run: tables of how it and those before it ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from connectors.store.runs import RunRecord
from jobs.watching.notifications import Notice, news, worth_telling
from jobs.watching.tell import title
from reconciler.model.plan import Plan
from reconciler.situations import finding
from reconciler.situations.users import SEAT_TO_BE_RECLAIMED
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 10, tzinfo=UTC)
FAR = date(2027, 6, 1)


def nights(*exit_codes: int | None) -> list[RunRecord]:
    """One a night, the last of them this night; newest first."""
    return [
        RunRecord(f"{back}", "run", NOW - timedelta(back, minutes=10), None, code, "3 people gain.")
        for back, code in enumerate(reversed(exit_codes))
    ]


def plan(**world: object) -> Plan:
    made = World(**world)  # type: ignore[arg-type]
    made.person("ana", "Sales Team")
    return made.plan("8f2c41d7")


def told(runs: list[RunRecord], made: Plan | None = None, expires: date = FAR) -> list[str]:
    return [notice.event for notice in news(runs, made, "https://r/8f/report.html", expires, NOW)]


@pytest.mark.parametrize(
    ("exit_codes", "events"),
    [
        ((0,), []),
        ((2,), ["waiting"]),
        ((3,), ["held"]),
        ((4,), ["partial"]),
        ((1,), ["failed"]),
        ((5,), ["failed"]),
        ((75,), []),
        ((1, 0), ["recovered"]),
        ((1, 2), ["waiting", "recovered"]),
        ((1, None, 0), ["recovered"]),  # one that was killed says nothing
        ((0, 0), []),
        ((0, *[1] * 6), ["failed"]),
        ((0, *[1] * 7), ["failed", "dead"]),
        ((0, *[4] * 7), ["partial", "dead"]),
        ((1, *[1] * 7), ["failed", "dead"]),
        ((3, *[3] * 7), ["held"]),
        ((None,), []),
        ((), []),
    ],
)
def test_by_how_runs_ended(exit_codes: tuple[int | None, ...], events: list[str]) -> None:
    made = None if exit_codes[-1:] in {(1,), ()} else plan()
    assert told(nights(*exit_codes), made) == events


def test_a_run_that_a_person_ended_says_nothing() -> None:
    (ended, *before) = nights(0, 1)
    assert told([replace(ended, summary="interrupted"), *before]) == []
    (well, ended, *before) = nights(1, 1, 0)
    assert told([well, replace(ended, summary="interrupted"), *before]) == ["recovered"]
    (well, ended, *before) = nights(0, 1, 0)
    assert told([well, replace(ended, summary="interrupted"), *before]) == []


def test_a_plan_that_waits_is_told_with_what_to_type() -> None:
    (notice,) = news(nights(2), plan(), "https://r/8f/report.html", FAR, NOW)
    assert notice.text.splitlines() == [
        "Plan 8f2c41d7 waits for review: 3 people gain.",
        "https://r/8f/report.html",
        "If it is right: seatsync approve 8f2c41d7 --reason ... and seatsync apply 8f2c41d7",
    ]


def test_seats_that_have_run_out_are_told_per_product() -> None:
    (notice,) = news(nights(0), plan(seats={"Sales": 0}), "", FAR, NOW)
    assert (notice.event, notice.key) == ("seats", "seats Sales")
    assert notice.text == "Seats of Sales have run out: 1 user waits for one."


def test_whose_seat_is_to_be_taken_back_is_told_per_user_and_again_each_week() -> None:
    (ana,) = {operation.subject for operation in plan().operations}
    facts = {"products": "Sales", "held": "Sales Team", "use": "not used", "until": "2026-12-08"}
    made = msgspec.structs.replace(plan(), findings=(finding(SEAT_TO_BE_RECLAIMED, ana, **facts),))
    (notice,) = news(nights(0), made, "", FAR, NOW)
    assert (notice.event, notice.key) == ("reclaim", f"reclaim {ana.id}")
    assert notice.text.startswith("ana@example.org has a seat of Sales")
    assert notice.again == timedelta(days=7)


@pytest.mark.parametrize(
    ("days", "threshold"),
    [(31, None), (30, 30), (15, 30), (14, 14), (7, 7), (2, 7), (1, 1), (0, 0), (-9, 0)],
)
def test_the_token_is_told_of_once_per_threshold(days: int, threshold: int | None) -> None:
    expires = NOW.date() + timedelta(days)
    found = list(news(nights(0), None, "", expires, NOW))
    assert [notice.key for notice in found] == (
        [] if threshold is None else [f"token {expires} {threshold}"]
    )
    assert all(("expired" in notice.text) == (days <= 0) for notice in found)


@pytest.mark.parametrize(
    ("again", "days_ago", "told_again"),
    [
        (timedelta(1), 0, False),
        (timedelta(1), 1, True),
        (timedelta(7), 6, False),
        (timedelta(7), 7, True),
        (None, 400, False),
    ],
)
def test_what_was_told_is_told_again_on_another_day(
    again: timedelta | None, days_ago: int, told_again: bool
) -> None:
    """By the day: a run that is some minutes earlier than yesterday's is another day's."""
    late = NOW.replace(hour=23) - timedelta(days_ago)
    notice = Notice("failed", "failed", "", again)
    assert list(worth_telling(iter([notice]), {"failed": late}, NOW)) == [notice] * told_again
    assert list(worth_telling(iter([notice]), {"other": late}, NOW)) == [notice]


def test_a_message_is_named_after_the_first_and_counts_the_rest() -> None:
    assert title("ZoomInfo", ["waiting"]) == "seatsync, ZoomInfo: a plan waits for review"
    both = title("ZoomInfo", ["failed", "token 2026-12-01 7"])
    assert both == "seatsync, ZoomInfo: a run failed, and 1 more thing"
    every = {"failed", "seats Sales", "quarantine left 2026"}
    assert title("ZoomInfo", sorted(every)).endswith(", and 2 more things")
    alike = ["seats Marketing", "seats Sales"]
    assert title("ZoomInfo", alike) == "seatsync, ZoomInfo: seats have run out"
