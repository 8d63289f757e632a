"""Somebody moves from one group to another while they are read: one move, and nothing lost."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from werkzeug.wrappers import Request, Response

from jobs.context import Context, working
from reconciler.model.plan import Kind
from support.counterparts.small_tenant import PEOPLE, SmallTenant, guid
from support.scenarios.plan_and_apply import in_step, planned

OLD, NEW = "Sales Team", "Night Desk"
MOVER = PEOPLE[0]


@pytest.fixture
def small_tenant(tmp_path: Path) -> Iterator[SmallTenant]:
    small_tenant = SmallTenant(tmp_path, {OLD: PEOPLE[:12], NEW: PEOPLE[12:]})
    with small_tenant.sandbox:
        yield small_tenant


@pytest.fixture
def context(small_tenant: SmallTenant) -> Iterator[Context]:
    small_tenant.sandbox.write_config(small_tenant.folder / "seatsync.yaml")
    with working(small_tenant.folder / "seatsync.yaml") as context:
        in_step(context)
        yield context


def move_between(small_tenant: SmallTenant, early: str, late: str) -> Event:
    """The move happens after `early` was read and before `late` is; each count fits its reading."""
    graph, groups = small_tenant.sandbox.graph, small_tenant.sandbox.tenant.groups
    sound = graph.answer
    early_read, moved = Event(), Event()
    count = len(groups[guid(early)]["members"])

    def answer(request: Request) -> Response:
        if request.path == f"/v1.0/groups/{guid(early)}/members/graph.user/$count":
            return Response(str(count))
        if request.path == f"/v1.0/groups/{guid(late)}/members" and not moved.is_set():
            assert early_read.wait(300)
            groups[guid(OLD)]["members"].remove(guid(MOVER))
            groups[guid(NEW)]["members"].append(guid(MOVER))
            moved.set()
        response = sound(request)
        if request.path == f"/v1.0/groups/{guid(early)}/members":
            early_read.set()
        return response

    graph.answer = answer  # type: ignore[method-assign]
    return moved


@pytest.mark.parametrize(
    ("early", "late"),
    [
        pytest.param(OLD, NEW, id="read in both"),
        pytest.param(NEW, OLD, id="read in neither"),
    ],
)
def test_who_moves_while_groups_are_read_is_moved(
    small_tenant: SmallTenant, context: Context, early: str, late: str
) -> None:
    moved = move_between(small_tenant, early, late)
    plan = planned(context)
    assert moved.is_set()
    (operation,) = plan.operations
    assert (operation.kind, operation.subject.id) == (Kind.MOVE, guid(MOVER))
    assert (operation.lost, operation.gained) == ((OLD,), (NEW,))
    assert {finding.code for finding in plan.findings} == {"U2"}


def test_who_really_left_is_asked_for_once_and_loses_her_seat(
    small_tenant: SmallTenant, context: Context
) -> None:
    small_tenant.sandbox.tenant.groups[guid(OLD)]["members"].remove(guid(MOVER))
    checked = small_tenant.checked_members()
    operations = planned(context).operations
    assert [(one.subject.id, one.lost) for one in operations if one.lost] == [(guid(MOVER), (OLD,))]
    assert len(checked) == 1


def test_who_has_nothing_left_to_lose_is_not_asked_for(
    small_tenant: SmallTenant, context: Context
) -> None:
    small_tenant.sandbox.tenant.groups[guid(OLD)]["members"].remove(guid(MOVER))
    in_step(context)
    checked = small_tenant.checked_members()
    assert planned(context).operations == ()
    assert checked == []


@pytest.mark.parametrize("moves", [True, False])
def test_who_is_missing_in_a_list_and_told_to_be_in_the_group_loses_nothing(
    small_tenant: SmallTenant, context: Context, moves: bool
) -> None:
    """U16: Graph contradicts itself, and its count agrees with the list that lacks the user."""
    if moves:
        small_tenant.sandbox.tenant.groups[guid(NEW)]["members"].append(guid(MOVER))
    small_tenant.sandbox.graph.unlisted = {(guid(OLD), guid(MOVER))}
    plan = planned(context)
    assert plan.operations == ()
    assert [(one.code, one.subject.id) for one in plan.findings] == [("U16", guid(MOVER))]
