"""What cron sends: the verdict and the next command at a glance, and no page without an end."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from jobs.approval.os_user import whoami
from jobs.report.mail import WIDTH, mail_page
from jobs.report.state import State
from reconciler.model.approval import Approval, Use
from reconciler.model.plan import Plan
from reconciler.situations import RUN, finding
from reconciler.situations.runs import READ_IN_FULL
from support.worlds.plan_of_every_kind import every_kind
from support.worlds.world import World

PLAN = every_kind()
NOW = PLAN.basis.planned_at
ANA = Approval(PLAN.id, PLAN.digest, whoami(), "checked", NOW)
DONE = dict.fromkeys(range(len(PLAN.operations)), ("done", ""))


def page(plan: Plan, state: State | None = None) -> str:
    return mail_page(plan, state or State(now=NOW), "ZoomInfo", "https://reports.example/x.html")


def section(told: str, title: str) -> str:
    return told.partition(f"\n{title}\n")[2].partition("\n\n")[0]


def test_it_begins_with_the_verdict_and_is_dated() -> None:
    verdict, dated, *_ = page(PLAN).split("\n\n")
    assert verdict.startswith(
        "Stopped, mass revocation (R9): 1 person would lose a seat, 1 would move"
    )
    assert dated == "seatsync for ZoomInfo, 24 November 2026, 03:00 UTC"


@pytest.mark.parametrize(
    ("state", "typed"),
    [
        (State(now=NOW), f"seatsync approve {PLAN.id} --override R9 --reason"),
        (State(now=NOW + timedelta(days=1)), "seatsync plan"),
        (State(use=Use("run1", NOW), results=DONE), ""),
        (State(use=Use("run1", NOW), results={0: ("done", "")}), "seatsync plan"),
    ],
    ids=["waits", "expired", "applied", "applied in part"],
)
def test_it_says_what_to_type_next(state: State, typed: str) -> None:
    told = section(page(PLAN, state), "What next")
    assert typed in told if typed else told == ""


def test_of_a_plan_that_is_stopped_the_safe_way_comes_before_the_override() -> None:
    told = section(page(PLAN), "What next")
    assert told.index("If it is not meant") < told.index("--override")
    assert "not meant" not in page(replace(PLAN, verdicts=()))


def test_what_is_not_done_is_told_with_the_reason() -> None:
    results = {0: ("done", ""), 1: ("failed", "409 taken")}
    told = section(page(PLAN, State((ANA,), Use("run1", NOW), results)), "Not done")
    assert "failed: 409 taken" in " ".join(told.split())
    assert f"{len(PLAN.operations) - 2} operations of 8 people were not begun" in told


def test_a_thousand_people_are_few_lines() -> None:
    world = World(seats={"Sales": 2_000})
    for number in range(500):
        world.account(f"leaver{number}", "Sales Team")
        world.person(f"leaver{number}")
        world.person(f"joiner{number}", "Sales Team")
    told = page(world.plan())
    assert len(told.splitlines()) < 60
    assert max(map(len, told.splitlines())) <= WIDTH
    assert "loses a seat: 500 people, leaver0@example.org, " in told
    assert "gets a seat: 500 people, joiner0@example.org, " in told


def test_what_an_apply_found_comes_before_what_the_plan_did() -> None:
    found = finding(READ_IN_FULL, RUN, why="no reason")
    told = mail_page(PLAN, State(now=NOW), "ZoomInfo", "", (found,))
    assert section(told, "Needs attention").startswith("  Information: Read in full (R17): What")
    assert "Report:" not in told


def test_what_others_wrote_moves_no_cursor() -> None:
    assert not re.search(r"[^\n\x20-\x7e\u2192]", page(PLAN).replace("\u0308", ""))
