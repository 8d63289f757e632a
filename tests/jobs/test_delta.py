"""Plans by what changed are the plans of a full read, and nobody loses anything by them alone."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from werkzeug.wrappers import Request, Response

from connectors.store.errors import StoreError
from jobs.context import Context, working
from reconciler.model.plan import Plan
from support.counterparts.small_tenant import PEOPLE, SmallTenant, guid, user
from support.scenarios.moment import Moment
from support.scenarios.plan_and_apply import in_step, planned

SALES, NIGHT = "Sales Team", "Night Desk"
DAN, EVE, NIA = "user0", "user1", "user20"
GONE = {"@removed": {"reason": "deleted"}}


class Clock:
    """As this machine's, so many hours ahead."""

    hours = 0

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self.hours)


class Runs:
    """Plans by what changed, and others beside them."""

    def __init__(
        self, small_tenant: SmallTenant, context: Context, beside: Context, clock: Clock
    ) -> None:
        self.small_tenant, self.context, self.beside, self.clock = (
            small_tenant,
            context,
            beside,
            clock,
        )

    def plan(self) -> Plan:
        self.small_tenant.sandbox.graph_ledger.requests.clear()
        return planned(self.context)

    def full(self) -> Plan:
        return planned(self.beside)

    @property
    def read_members(self) -> bool:
        asked = self.small_tenant.sandbox.graph_ledger.requests
        return any(path.endswith("/members") for _, path in asked)

    def group(self, name: str) -> list[str]:
        members: list[str] = self.small_tenant.sandbox.tenant.groups[guid(name)]["members"]
        return members


@pytest.fixture(scope="module")
def in_step_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallTenant, Moment]]:
    folder = tmp_path_factory.mktemp("tenant")
    small_tenant = SmallTenant(folder, {SALES: PEOPLE[:12], NIGHT: PEOPLE[12:]})
    with small_tenant.sandbox:
        directory = {**small_tenant.sandbox.directory, "delta": True}
        small_tenant.sandbox.write_config(folder / "delta.yaml", directory=directory)
        by_changes = (folder / "delta.yaml").read_text()
        in_full = by_changes.replace("delta: true", "delta: false")
        assert in_full != by_changes
        (folder / "full.yaml").write_text(in_full)
        with working(folder / "delta.yaml") as context:
            in_step(context)
        yield small_tenant, Moment(small_tenant.sandbox, folder)


@pytest.fixture
def runs(in_step_once: tuple[SmallTenant, Moment]) -> Iterator[Runs]:
    """In step with the vendor, and known."""
    small_tenant, moment = in_step_once
    moment.put_back()
    clock = Clock()
    with (
        working(small_tenant.folder / "delta.yaml", clock) as context,
        working(small_tenant.folder / "full.yaml", clock) as beside,
    ):
        yield Runs(small_tenant, context, beside, clock)


def leave(runs: Runs) -> None:
    runs.group(SALES).remove(guid(DAN))


def move(runs: Runs) -> None:
    leave(runs)
    runs.group(NIGHT).append(guid(DAN))


def join(runs: Runs) -> None:
    runs.small_tenant.sandbox.tenant.users[guid("new")] = user("new")
    runs.group(NIGHT).append(guid("new"))


def disable(runs: Runs) -> None:
    runs.small_tenant.sandbox.tenant.users[guid(DAN)]["accountEnabled"] = False


def delete(runs: Runs) -> None:
    tenant = runs.small_tenant.sandbox.tenant
    tenant.deleted[guid(DAN)] = tenant.users.pop(guid(DAN))


def empty(runs: Runs) -> None:
    runs.group(SALES).clear()


def codes(plan: Plan) -> set[str]:
    return {found.code for found in plan.findings}


def losers(plan: Plan) -> set[str]:
    return {operation.subject.id for operation in plan.operations if operation.lost}


@pytest.mark.parametrize("change", [leave, move, join, disable, delete, empty])
def test_the_plan_is_that_of_a_full_read(runs: Runs, change: Callable[[Runs], None]) -> None:
    change(runs)
    plan = runs.plan()
    assert not runs.read_members
    full = runs.full()
    assert (plan.operations, plan.findings, plan.verdicts) == (
        full.operations,
        full.findings,
        full.verdicts,
    )
    assert plan.basis.directory == full.basis.directory
    assert plan.basis.settings == full.basis.settings
    assert plan.operations


def tell(runs: Runs, kind: str, *told: object) -> None:
    """Graph tells this instead of what changed, once; its counts are never too high for it."""
    sound, pending = runs.small_tenant.sandbox.graph.answer, [kind]

    def fault(request: Request) -> Response | None:
        if request.path.endswith("/$count"):
            return Response("1")
        if not pending or request.path != f"/v1.0/{kind}/delta()":
            return None
        pending.clear()
        content = {**json.loads(sound(request).get_data()), "value": told}
        return Response(json.dumps(content), mimetype="application/json")

    runs.small_tenant.fail(fault)


def she_left(runs: Runs) -> None:
    tell(runs, "groups", {"id": guid(SALES), "members@delta": [{"id": guid(DAN), **GONE}]})


def she_moved(runs: Runs) -> None:
    left = {"id": guid(SALES), "members@delta": [{"id": guid(DAN), **GONE}]}
    came = {"id": guid(NIGHT), "members@delta": [{"id": guid(DAN)}]}
    tell(runs, "groups", left, came)


def she_was_disabled(runs: Runs) -> None:
    disable(runs)
    assert losers(runs.plan()) == {guid(DAN)}
    runs.small_tenant.sandbox.tenant.users[guid(DAN)]["accountEnabled"] = True
    tell(runs, "users")


def everybody_left(runs: Runs) -> None:
    gone = [{"id": guid(name), **GONE} for name in PEOPLE[:11]]
    tell(runs, "groups", {"id": guid(SALES), "members@delta": gone})


@pytest.mark.parametrize("lie", [she_left, she_moved, she_was_disabled, everybody_left])
def test_r16_nobody_loses_anything_by_what_was_only_told(
    runs: Runs, lie: Callable[[Runs], None]
) -> None:
    lie(runs)
    plan = runs.plan()
    assert losers(plan) == set()
    assert "R16" in codes(plan)
    assert runs.read_members
    assert codes(runs.plan()) == set()


def test_r16_what_was_kept_from_us_is_told_when_the_groups_are_read(runs: Runs) -> None:
    tell(runs, "groups")
    leave(runs)
    assert losers(runs.plan()) == set()
    runs.clock.hours = 25
    plan = runs.plan()
    assert "R16" in codes(plan)
    assert losers(plan) == {guid(DAN)}


def test_r17_links_that_are_too_old_are_told_and_the_groups_are_read(runs: Runs) -> None:
    runs.small_tenant.sandbox.graph.delta.expire()
    leave(runs)
    plan = runs.plan()
    assert "R17" in codes(plan)
    assert losers(plan) == {guid(DAN)}
    assert not codes(runs.plan()) & {"R16", "R17"}


def test_a_store_that_fails_is_not_taken_for_a_directory_that_does(runs: Runs) -> None:
    with runs.context.store.engine.begin() as connection:
        connection.execute(text("DROP TABLE known"))
    with pytest.raises(StoreError, match="no such table"):
        runs.plan()


def test_who_is_in_a_group_that_is_not_read_is_left_alone(runs: Runs) -> None:
    """Read by what changed or not, whoever left another set may be in this one."""
    runs.small_tenant.sandbox.tenant.groups[guid(NIGHT)]["visibility"] = "HiddenMembership"
    leave(runs)
    for _ in range(2):
        plan = runs.plan()
        assert losers(plan) == set()
        assert "R5" in codes(plan)
    assert not runs.read_members
