"""What became of a plan stands in every view of it, as long as it is kept."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jobs.approval.os_user import whoami
from jobs.report.page import report_html
from jobs.report.people import rows_of
from jobs.report.state import State, told_apart
from jobs.report.summary import summarise
from jobs.report.words import in_words
from reconciler.model.approval import Approval, Use
from support.scenarios.company import Company
from support.worlds.plan_of_every_kind import every_kind
from support.worlds.world import World

PLAN = every_kind()
UNTIL = "25 Nov, 03:00 UTC"
NOW = PLAN.basis.planned_at
DONE = dict.fromkeys(range(len(PLAN.operations)), ("done", ""))
PEOPLE = len({operation.subject for operation in PLAN.operations})
ANA = Approval(PLAN.id, PLAN.digest, whoami(), "checked", NOW)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State(), f"waits for review until {UNTIL}"),
        (
            State(approvals=(ANA,)),
            f"approved by {whoami()}; can be applied until 25 Nov, 03:00 UTC",
        ),
        (State(now=NOW + timedelta(days=1)), f"expired {UNTIL}"),
        (State(newer="cafe1234", now=NOW), "superseded by plan cafe1234"),
        (
            State(
                approvals=(ANA,),
                use=Use("run1", NOW),
                results={0: ("done", ""), 1: ("failed", "400 no"), 2: ("done", "")},
            ),
            f"applied 24 Nov, 03:00 UTC by run run1: 2 of {len(PLAN.operations)} operations are "
            "done, 1 failed, 13 not begun",
        ),
    ],
)
def test_in_words(state: State, said: str) -> None:
    assert state.of(PLAN) == said


def test_times_of_one_minute_are_told_apart() -> None:
    times = [NOW, NOW + timedelta(seconds=9), NOW + timedelta(minutes=1)]
    assert list(told_apart(times).values()) == [
        "24 Nov, 03:00:00 UTC",
        "24 Nov, 03:00:09 UTC",
        "24 Nov, 03:01 UTC",
    ]


@pytest.mark.parametrize(
    ("state", "status", "begins", "ends"),
    [
        (
            State(),
            "blocked",
            "Stopped, mass revocation (R9): 1 person would lose a seat, 1 would move, ",
            ", 1 would be updated, 1 set would get its group",
        ),
        (
            State(approvals=(ANA,)),
            "approved",
            "Let pass in spite of mass revocation (R9): 1 person loses a seat, 1 moves, ",
            f"can be applied until {UNTIL}",
        ),
        (State(now=NOW + timedelta(days=1)), "expired", "Stopped, mass", f"expired {UNTIL}"),
        (State(use=Use("run1", NOW)), "applied", "Let pass in spite of mass", "16 not begun"),
        (
            State(use=Use("run1", NOW), results=DONE | {0: ("failed", "")}),
            "applied",
            "Let pass in spite of mass revocation (R9): 1 person lost a seat, 1 moved, 5 got",
            "1 failed",
        ),
        (
            State(use=Use("run1", NOW), results={0: ("done", "")}),
            "applied",
            "Let pass in spite of mass revocation (R9): 0 of 1 person lost a seat, 0 of 1 moved, ",
            "15 not begun",
        ),
    ],
)
def test_a_headline_says_what_guards_said_and_what_became_of_it(
    state: State, status: str, begins: str, ends: str
) -> None:
    summary = summarise(PLAN, state)
    assert summary.status == status
    assert summary.headline.startswith(begins)
    assert summary.headline.endswith(ends)


@pytest.mark.parametrize(
    ("state", "approvals", "said", "unsaid"),
    [
        (State(), 1, "approve 8f2c41d7 --override R9", "different people"),
        (State(), 2, "(2 different people)", "As another person"),
        (State(approvals=(ANA,)), 1, "seatsync apply 8f2c41d7", "seatsync approve"),
        (State(approvals=(ANA,)), 2, "As another person: ", "different people"),
        (State(newer="cafe1234"), 1, "seatsync show cafe1234", "seatsync approve"),
        (State(now=NOW + timedelta(days=1)), 1, "It could be applied until", "seatsync approve"),
        (State(use=Use("run1", NOW)), 1, "has been applied in part", "seatsync approve"),
        (
            State(use=Use("run1", NOW), results=dict.fromkeys(range(16), ("done", ""))),
            1,
            "All of it is done.",
            "in part",
        ),
        (State(use=Use("run1", NOW)), 1, "takes it back: seatsync undo run1", "approve nothing"),
        (State(), 1, "If not, approve nothing", "seatsync undo"),
        (State(), 1, "Who would lose a seat", "Who was to lose"),
        (State(use=Use("run1", NOW)), 1, "Who was to lose a seat", "Who would lose"),
        (State(newer="cafe1234"), 1, "Superseded", "The same in a terminal"),
        (State(now=NOW + timedelta(days=1)), 1, "Mass revocation", "--override"),
        (State(use=Use("run1", NOW)), 1, "Mass revocation", "--override"),
    ],
)
def test_the_page_says_what_to_type_next(
    state: State, approvals: int, said: str, unsaid: str
) -> None:
    settings = World(policy={"approvals": approvals}).settings()
    page = unescape(re.sub("<[^>]*>", "", report_html(PLAN, settings, state).decode()))
    assert said in page
    assert unsaid not in page


def test_of_an_applied_plan_everybody_has_a_result_also_whom_nothing_was_begun_for() -> None:
    state = State(use=Use("run1", NOW), results={0: ("done", "")})
    outcomes = state.outcomes(PLAN)
    assert {at: said for at, (said, _) in outcomes.items() if said != "not begun"} == {0: "done"}
    assert len(outcomes) == len(PLAN.operations)
    assert State().outcomes(PLAN) == {}
    assert report_html(PLAN, World().settings(), state).count(b">not begun<") > 0


def test_nobody_is_advised_to_approve_what_cannot_be_applied_any_more() -> None:
    told = report_html(PLAN, World().settings(), State(newer="cafe1234", now=NOW)).decode()
    assert "Mass revocation" in told
    assert "--override R9" not in told


def test_who_becomes_an_admin_stands_above_all_and_first_of_those_who_gain() -> None:
    world = World({"Sales Team": ["Sales"], "Admins": ["Sales"]}, admins=("Admins",))
    world.person("ana", "Sales Team")
    world.person("zoe", "Admins")
    plan = world.plan()
    page = unescape(re.sub("<[^>]*>", "", report_html(plan, world.settings()).decode()))
    assert "1 of them becomes an admin of the portal: zoe@" in page
    assert [row.subject.name[:3] for row in rows_of(plan) if row.takes] == ["zoe", "ana"]


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (
            {0: ("done", ""), 1: ("failed", "400 no"), 2: ("unknown", "")},
            [": failed: 400 no", ": unknown", "13 operations of 8 people were not begun"],
        ),
        (dict.fromkeys(range(15), ("done", "")), ["1 operation of 1 person was not begun"]),
        (dict.fromkeys(range(16), ("done", "")), []),
        (dict.fromkeys(range(16), ("failed", "")), [": failed"] * PEOPLE),
    ],
)
def test_the_page_says_above_all_what_is_not_done(
    results: dict[int, tuple[str, str]], said: list[str]
) -> None:
    page = report_html(PLAN, World().settings(), State(use=Use("run1", NOW), results=results))
    section = page.decode().partition("Not done")[2].partition("</section>")[0]
    lines = re.findall("<li>(.*?)</li>", section)
    assert len(lines) == len(said)
    assert all(end in line for line, end in zip(lines, said, strict=True))


def test_what_is_not_done_of_one_person_is_one_line() -> None:
    first, second = next(
        (one, other)
        for other in PLAN.operations
        for one in PLAN.operations[: other.index]
        if one.subject == other.subject
    )
    results = {first.index: ("failed", "409 taken"), second.index: ("skipped", "")}
    assert State(results=results).undone(PLAN) == [
        (first.subject, f"{in_words(first)}: failed: 409 taken; {in_words(second)}: skipped")
    ]


def page_of(company: Company, plan_id: str) -> str:
    return (company.folder / "reports" / plan_id / "report.html").read_text()


def test_the_page_stays_true_after_approval_and_apply(planned: Company) -> None:
    plan_id = planned.json("show")["id"]
    assert "waits for review until" in page_of(planned, plan_id)
    planned.let_pass("--reason", "checked")
    assert "; approved by " in page_of(planned, plan_id)
    planned.run("apply", plan_id)
    page = page_of(planned, plan_id)
    assert "105 of 105 operations are done" in page
    assert "Nothing has been changed" not in page
    assert "seatsync approve" not in page
    assert '<span class="small result done">done</span>' in page
    assert "105 of 105 operations are done" in planned.run("show", plan_id).stdout


def test_an_older_plan_says_that_a_newer_one_took_its_place_and_that_one_what_was_before(
    planned: Company,
) -> None:
    """How the groups were read, then and now, and how the seats were used."""
    older = planned.json("show")["id"]
    planned.run("plan")
    newer = planned.json("show")["id"]
    assert f"superseded by plan {newer}" in planned.run("show", older).stdout
    assert f"superseded by plan {newer}" in page_of(planned, older)
    page = page_of(planned, newer)
    assert "superseded" not in page
    read, _, after = page.partition("How the groups were read</h2>")[2].partition("</table>")
    assert (read.count("<tr><td>"), read.count(">yes")) == (5, 5)
    assert "; last time " in after
    assert "36 purchased" in page.partition("Seats in use until now</h2>")[2].partition("<h2>")[0]


@pytest.mark.parametrize("form", ["html", "md", "csv", "json"])
def test_a_report_is_made_again_from_the_store(planned: Company, form: str) -> None:
    plan_id = planned.json("show")["id"]
    made = planned.run("report", plan_id, f"--{form}").stdout_bytes
    files = {"html": "report.html", "csv": "operations.csv", "json": "plan.json"}
    if form in files:
        assert made == (planned.folder / "reports" / plan_id / files[form]).read_bytes()
    else:
        lines = made.decode().splitlines()
        assert lines[0].startswith("## 50 people get a seat")
        assert len(lines) <= 60


def test_a_workbook_has_text_where_names_are_and_numbers_where_counts_are(
    planned: Company, tmp_path: Path
) -> None:
    file = tmp_path / "plan.xlsx"
    assert planned.run("report", "latest", "--xlsx", "--out", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    workbook = load_workbook(file)
    assert workbook.sheetnames == ["People", "Operations", "Findings", "Seats"]
    people = [*workbook["People"].iter_rows(min_row=2, values_only=True)]
    assert len(people) == 55
    assert {cell.data_type for row in workbook["People"].iter_rows() for cell in row} <= {"s", "n"}
    seats = {row[0]: row[1] for row in workbook["Seats"].iter_rows(min_row=2, values_only=True)}
    assert seats["Sales"] == 36


def test_a_file_that_cannot_be_written_is_wrong_usage(planned: Company, tmp_path: Path) -> None:
    ended = planned.run("report", "latest", "--out", str(tmp_path / "none" / "report.html"))
    assert ended.exit_code == 64
    assert "none" in ended.stderr
