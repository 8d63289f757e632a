"""Once a plan was applied, its seats are those that came of it."""

import pytest

from jobs.report.seats_done import seats_done
from jobs.report.state import State
from reconciler.model.approval import Use
from reconciler.model.plan import SeatLine
from support.worlds.plan_of_every_kind import every_kind

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


@pytest.mark.parametrize("result", ["failed", "unknown", "skipped"])
def test_what_is_not_done_changes_nothing(result: str) -> None:
    line = sales(State(use=USE, results=dict.fromkeys(EVERY, (result, ""))))
    assert (line.frees, line.takes, line.used_after) == (0, 0, line.used_before)


def test_each_seat_counts_that_was_taken_or_given() -> None:
    (leaves,) = (one for one in PLAN.operations if one.frees == ("Sales",) and not one.takes)
    line = sales(State(use=USE, results={leaves.index: ("done", "")}))
    assert (line.frees, line.takes, line.used_after) == (1, 0, line.used_before - 1)
