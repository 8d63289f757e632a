"""What a scheduler is told of an apply: 0 all done, 4 in part, 1 nothing was changed, 3 refused."""

import pytest

from jobs.operation_results import Applied, OperationResult, Result
from jobs.output.exit_codes import Exit
from reconciler.model.plan import Operation, State, Subject
from reconciler.situations import RUN, finding
from reconciler.situations.plans import APPROVAL_MISSING

REVOKE = Operation(
    index=0,
    subject=Subject(kind="user", id="u1", name="ana"),
    account="a1",
    before=State(sets=("Sales",)),
    after=State(sets=()),
    reason="U3",
)
DONE, FAILED, SKIPPED, UNKNOWN = (OperationResult(REVOKE, result) for result in Result)
HALFWAY = OperationResult(REVOKE, Result.FAILED, halfway=True)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((), Exit.OK),
        ((DONE, DONE), Exit.OK),
        ((DONE, FAILED), Exit.PARTIAL),
        ((UNKNOWN, SKIPPED), Exit.PARTIAL),
        ((FAILED, SKIPPED), Exit.FAILED),
        ((FAILED, HALFWAY), Exit.PARTIAL),
    ],
)
def test_nothing_was_changed_only_if_that_is_certain(
    outcomes: tuple[OperationResult, ...], code: Exit
) -> None:
    assert Applied(outcomes).exit_code is code


def test_a_refused_plan_is_held() -> None:
    refused = finding(APPROVAL_MISSING, RUN, plan="x", why="")
    assert Applied(objections=(refused,)).exit_code is Exit.HELD


def test_what_stopped_the_rest_is_told_beside_the_counts() -> None:
    stopped = "stopped by SIGTERM"
    assert Applied((DONE, SKIPPED), why=stopped).headline == f"1 done, 1 skipped: {stopped}"
    assert Applied((DONE,), why=stopped).headline == "1 done"
