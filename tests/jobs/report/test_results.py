"""What an apply says at its end: counts and reasons, however many operations there were."""

import pytest

from jobs.operation_results import Applied, OperationResult, Result
from jobs.output.excerpt import GLANCE
from jobs.report.results import print_applied
from reconciler.model.plan import Plan
from support.worlds.plan_of_every_kind import every_kind

PLAN: Plan = every_kind()


def said(capsys: pytest.CaptureFixture[str], *outcomes: OperationResult) -> list[str]:
    print_applied(PLAN, Applied(outcomes))
    return capsys.readouterr().out.splitlines()


def test_a_reason_that_keeps_many_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    stopped = [
        OperationResult(PLAN.operations[0], Result.SKIPPED, "stopped by SIGTERM")
        for _ in range(3_000)
    ]
    first, last = said(capsys, *stopped)
    assert first.startswith("skipped, 3,000 operations: stopped by SIGTERM. The first: ")
    assert last == f"Plan {PLAN.id}: 3,000 skipped."


def test_reasons_of_few_have_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    refused = OperationResult(PLAN.operations[1], Result.FAILED, "400 no")
    done = OperationResult(PLAN.operations[0], Result.DONE)
    lines = said(capsys, refused, done, refused)
    assert [line.partition(":")[0] for line in lines] == ["failed", "failed", f"Plan {PLAN.id}"]
    assert lines[0].endswith(": 400 no")


def test_no_more_lines_than_a_person_reads(capsys: pytest.CaptureFixture[str]) -> None:
    failed = [
        OperationResult(PLAN.operations[0], Result.FAILED, f"reason {at}") for at in range(100)
    ]
    lines = said(capsys, *failed)
    assert len(lines) == GLANCE + 2
    assert lines[-2].startswith(f"... 80 more; all of them: seatsync report {PLAN.id} --html")
