"""What a plan comes to for each user."""

import pytest
from msgspec.structs import replace

from jobs.report.people import counted, rows_of
from reconciler.model.plan import Kind, Operation
from support.worlds.plan_of_every_kind import every_kind

PLAN = every_kind()


def first(kind: Kind) -> Operation:
    return next(one for one in PLAN.operations if one.kind is kind)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.GRANT, "1 person gets a seat"),
        (Kind.REVOKE, "1 person loses a seat"),
        (Kind.MOVE, "1 person moves"),
        (Kind.CREATE_ACCOUNT, "1 person gets an account, but no seat"),
        (Kind.REACTIVATE_ACCOUNT, "1 person gets an account, but no seat"),
        (Kind.LINK, "1 person is linked to an account"),
        (Kind.UPDATE_ACCOUNT, "1 person is updated"),
        (Kind.DEACTIVATE_ACCOUNT, "1 person loses a seat"),
        (Kind.CREATE_SET_GROUP, "1 set gets its group"),
    ],
)
def test_one_operation_is_counted_as_what_it_is_for_somebody(kind: Kind, told: str) -> None:
    plan = replace(PLAN, operations=(first(kind),))
    assert counted(rows_of(plan)) == told
