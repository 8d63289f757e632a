"""Once a plan was applied, its seats are those that came of it."""

from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from rich.console import Console

from jobs.report.mail import mail_page
from jobs.report.markdown_report import report_markdown
from jobs.report.page import report_html
from jobs.report.seats_done import seats_done
from jobs.report.state import State
from jobs.report.terminal import print_plan
from jobs.report.workbook import report_xlsx
from reconciler.model.approval import Use
from reconciler.model.plan import SeatLine
from support.worlds.plan_of_every_kind import every_kind
from support.worlds.world import World

PLAN = every_kind()
EVERY = range(len(PLAN.operations))
USE = Use("run1", PLAN.basis.planned_at)


def sales(state: State) -> SeatLine:
    (line,) = (line for line in seats_done(PLAN, state) if line.product == "Sales")
    return line


@pytest.mark.parametrize(
    "state", [State(), State(use=USE, results=dict.fromkeys(EVERY, ("done", "")))]
)
def test_as_planned_before_and_where_all_is_done(state: State) -> None:
    assert seats_done(PLAN, state) == PLAN.seats


def test_every_view_tells_them() -> None:
    none = State(use=USE, results=dict.fromkeys(EVERY, ("failed", "")))
    (line,) = (one for one in PLAN.seats if one.product == "Sales")
    row = f"| Sales | 20 | {line.used_before} | {line.used_before} |"
    assert row in report_markdown(PLAN, none).decode()
    assert row not in report_markdown(PLAN, State()).decode()
    sheet = load_workbook(BytesIO(report_xlsx(PLAN, none)))["Seats"]
    assert [row[5] for row in sheet.iter_rows(values_only=True) if row[0] == "Sales"] == [
        line.used_before
    ]
    mail = mail_page(PLAN, none, "ZoomInfo", "")
    assert f"Sales: {line.used_before} of 20 in use" in mail
    console = Console(width=200, record=True, file=StringIO())
    print_plan(PLAN, console, none)
    told = " ".join(console.export_text().split())
    assert f"Sales 20 {line.used_before} 0 0 {line.used_before} " in told
    assert ">lost<" not in report_html(PLAN, World().settings(), none).decode()


@pytest.mark.parametrize("result", ["failed", "unknown", "skipped"])
def test_what_is_not_done_changes_nothing(result: str) -> None:
    line = sales(State(use=USE, results=dict.fromkeys(EVERY, (result, ""))))
    assert (line.frees, line.takes, line.used_after) == (0, 0, line.used_before)


def test_each_seat_counts_that_was_taken_or_given() -> None:
    (leaves,) = (one for one in PLAN.operations if one.frees == ("Sales",) and not one.takes)
    line = sales(State(use=USE, results={leaves.index: ("done", "")}))
    assert (line.frees, line.takes, line.used_after) == (1, 0, line.used_before - 1)
