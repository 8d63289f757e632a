"""A grace through the real program: kept for days, by several plans, and given up at its end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.context import Context, working
from jobs.leased_run import recorded
from jobs.plan import make_plan
from reconciler.model.plan import Plan
from support.counterparts.small_tenant import PEOPLE, SmallTenant, guid
from support.scenarios.plan_and_apply import in_step

SALES, NIGHT = "Sales Team", "Night Desk"
DAN = "user0"


class Clock:
    """As this machine's, so many days ahead."""

    days = 0

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)


class Days:
    """Dan leaves a group of a small tenant that is in step with its vendor, and a plan is made."""

    def __init__(self, small_tenant: SmallTenant, context: Context, clock: Clock) -> None:
        self.small_tenant, self.context, self.clock = small_tenant, context, clock
        in_step(context)
        self.first = self.without_dan()

    def without_dan(self, day: int = 0) -> Plan:
        self.small_tenant.sandbox.tenant.groups[guid(SALES)]["members"].remove(guid(DAN))
        return self.plan(day)

    def plan(self, day: int) -> Plan:
        self.clock.days = day
        with recorded(self.context, "plan") as run:
            return make_plan(self.context, run).plan


@pytest.fixture(params=[False, True], ids=["full", "delta"])
def days(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Days]:
    small_tenant = SmallTenant(tmp_path, {SALES: PEOPLE[:12], NIGHT: PEOPLE[12:]})
    clock = Clock()
    with small_tenant.sandbox:
        small_tenant.sandbox.write_config(
            tmp_path / "seatsync.yaml",
            directory={**small_tenant.sandbox.directory, "delta": request.param},
            policy={"leave_grace": "7d"},
        )
        with working(tmp_path / "seatsync.yaml", clock) as context:
            yield Days(small_tenant, context, clock)


def codes(plan: Plan) -> set[str]:
    return {finding.code for finding in plan.findings if finding.subject.id == guid(DAN)}


def test_u18_a_seat_is_kept_for_the_grace_and_given_up_at_its_end(days: Days) -> None:
    before = days.small_tenant.sandbox.portal.used()
    for plan in (days.first, days.plan(3), days.plan(6)):
        assert plan.operations == ()
        assert codes(plan) == {"U18"}
        assert [grace.until for grace in plan.graces] == [days.first.graces[0].until]
    days.clock.days = 8
    in_step(days.context)
    assert sum(before.values()) - sum(days.small_tenant.sandbox.portal.used().values()) == 1
    assert days.plan(9).operations == ()


def test_who_came_back_in_time_has_a_whole_grace_the_next_time(days: Days) -> None:
    days.small_tenant.sandbox.tenant.groups[guid(SALES)]["members"].append(guid(DAN))
    assert codes(days.plan(5)) == set()
    assert days.without_dan(6).operations == ()
    assert codes(days.plan(12)) == {"U18"}
