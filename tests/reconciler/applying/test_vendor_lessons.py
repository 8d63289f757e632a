"""What an apply teaches of the vendor."""

import pytest

from reconciler.applying.vendor_lessons import learn_from
from reconciler.facts.vendor_refusals import key_of
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.plan import Kind, Operation
from support.worlds.plan_of_every_kind import every_kind

OPERATIONS = {operation.kind: operation for operation in every_kind().operations}
GRANT, REVOKE, MOVE = (OPERATIONS[kind] for kind in (Kind.GRANT, Kind.REVOKE, Kind.MOVE))


def learned(
    *, done: tuple[Operation, ...] = (), refused: tuple[Operation, ...] = (), stayed: bool = False
) -> Capabilities:
    can = Capabilities()
    learn_from(can, done, refused, (REVOKE,) if stayed else ())
    return can


def test_v18_what_was_refused_in_two_runs_is_not_asked_for_a_third_time() -> None:
    can = learned(refused=(GRANT, REVOKE))
    assert can.refused == frozenset()
    learn_from(can, (), (GRANT,), ())
    assert can.refused == {key_of(GRANT)}


def test_v18_a_removal_that_was_accepted_and_not_made_is_as_good_as_a_refusal() -> None:
    can = learned(stayed=True)
    learn_from(can, (), (), (REVOKE,))
    assert can.refused == {key_of(REVOKE)}


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
    assert learned(done=done, stayed=stayed).known.get(Feature.LEAVING) is leave
