"""What an apply teaches of the vendor."""

from datetime import UTC, datetime

import pytest

from reconciler.applying.lessons_for_next_plan import learn_from, refusals_learned
from reconciler.facts.vendor_refusals import key_of
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.plan import Kind, Operation
from reconciler.model.refusal_backoff import Refusal
from support.worlds.plan_of_every_kind import every_kind

OPERATIONS = {operation.kind: operation for operation in every_kind().operations}
GRANT, REVOKE, MOVE = (OPERATIONS[kind] for kind in (Kind.GRANT, Kind.REVOKE, Kind.MOVE))
DEACTIVATE = OPERATIONS[Kind.DEACTIVATE_ACCOUNT]


NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_v18_what_is_refused_is_known_by_what_was_asked_for() -> None:
    first = refusals_learned({}, (), [(GRANT, "400 no"), (DEACTIVATE, "400 no")], NOW)
    assert first == {key_of(GRANT): Refusal(1, NOW, NOW, "400 no")}
    before = {key: one for key, one in first.items() if one}
    assert refusals_learned(before, [GRANT, REVOKE], (), NOW) == {key_of(GRANT): None}


def test_what_keeps_somebody_out_is_asked_for_every_time() -> None:
    every_time = {
        Kind.DEACTIVATE_ACCOUNT,
        Kind.REACTIVATE_ACCOUNT,
        Kind.LINK,
        Kind.CREATE_SET_GROUP,
    }
    assert {kind for kind, operation in OPERATIONS.items() if not key_of(operation)} == every_time


@pytest.mark.parametrize(
    ("done", "stayed", "leave"),
    [
        ((GRANT,), False, None),
        ((GRANT,), True, False),
        ((REVOKE,), False, True),
        ((MOVE,), True, True),
    ],
)
def test_that_members_leave_is_known_of_one_who_left(
    done: tuple[Operation, ...], stayed: bool, leave: bool | None
) -> None:
    can = Capabilities()
    learn_from(can, done, (REVOKE,) if stayed else ())
    assert can.known.get(Feature.LEAVING) is leave
