"""A group that could not be read gives nothing away: whoever would gain is asked about it."""

from collections.abc import Iterator

import pytest
import stamina
from werkzeug.wrappers import Request, Response

from jobs.context import Context, working
from reconciler.model.plan import Plan
from support.counterparts.small_tenant import PEOPLE, SmallTenant, guid
from support.scenarios.moment import Moment
from support.scenarios.plan_and_apply import in_step, planned

SALES, NIGHT = "Sales Team", "Night Desk"
TWICE, JOINER, MOVER = "user0", "user24", "user1"


@pytest.fixture(scope="module", params=[{}, {"delta": True}], ids=["in full", "by what changed"])
def in_step_once(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[SmallTenant, Moment]]:
    """Somebody has joined both groups, and somebody one; the vendor is as it was before."""
    folder = tmp_path_factory.mktemp("tenant")
    small_tenant = SmallTenant(folder, {SALES: PEOPLE[12:24], NIGHT: PEOPLE[1:12]})
    with small_tenant.sandbox:
        directory = {**small_tenant.sandbox.directory, **request.param}
        small_tenant.sandbox.write_config(folder / "seatsync.yaml", directory=directory)
        with working(folder / "seatsync.yaml") as context:
            in_step(context)
        groups = small_tenant.sandbox.tenant.groups
        groups[guid(NIGHT)]["members"].append(guid(TWICE))
        groups[guid(SALES)]["members"] += [guid(TWICE), guid(JOINER)]
        yield small_tenant, Moment(small_tenant.sandbox, folder)


@pytest.fixture
def small_tenant(in_step_once: tuple[SmallTenant, Moment]) -> Iterator[SmallTenant]:
    small_tenant, moment = in_step_once
    moment.put_back()
    with stamina.set_testing(True, attempts=2):
        yield small_tenant


@pytest.fixture
def context(small_tenant: SmallTenant) -> Iterator[Context]:
    with working(small_tenant.folder / "seatsync.yaml") as context:
        yield context


def unread(request: Request) -> Response | None:
    """The Night Desk's members, and what changed, which would tell them, too."""
    lost = request.path.endswith("delta()") or request.path == f"/v1.0/groups/{guid(NIGHT)}/members"
    return Response("{}", status=500) if lost else None


def gaining(plan: Plan) -> set[str]:
    return {operation.subject.id for operation in plan.operations if operation.gained}


def codes(plan: Plan, name: str) -> list[str]:
    return [finding.code for finding in plan.findings if finding.subject.id == guid(name)]


def test_who_is_in_a_group_that_was_not_read_gets_no_other_set(
    small_tenant: SmallTenant, context: Context
) -> None:
    """U1, as the full read says."""
    small_tenant.fail(unread)
    plan = planned(context)
    assert gaining(plan) == {guid(JOINER)}
    assert codes(plan, TWICE) == ["U1"]
    assert [finding.code for finding in plan.findings].count("R2") == 1


def test_who_is_still_in_a_group_that_was_not_read_does_not_move(
    small_tenant: SmallTenant, context: Context
) -> None:
    small_tenant.sandbox.tenant.groups[guid(SALES)]["members"].append(guid(MOVER))
    small_tenant.fail(unread)
    assert guid(MOVER) not in gaining(planned(context))


def test_where_every_group_was_read_nobody_is_asked(
    small_tenant: SmallTenant, context: Context
) -> None:
    small_tenant.sandbox.tenant.groups[guid(NIGHT)]["members"].remove(guid(TWICE))
    checked = small_tenant.checked_members()
    assert gaining(planned(context)) == {guid(TWICE), guid(JOINER)}
    assert checked == []


@pytest.mark.parametrize("status", [403, 404, 500])
def test_who_cannot_be_asked_for_gets_nothing(
    small_tenant: SmallTenant, context: Context, status: int
) -> None:
    """U16: in two groups or not, nobody can say."""
    small_tenant.fail(
        lambda request: (
            Response("{}", status=status) if "checkMember" in request.path else unread(request)
        )
    )
    plan = planned(context)
    assert gaining(plan) == set()
    assert codes(plan, TWICE) == codes(plan, JOINER) == ["U16"]
