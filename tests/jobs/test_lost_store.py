"""The store is gone, or new every night: what it knew is not taken for absence."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from support.counterparts.small_tenant import group, guid, user
from support.scenarios.company import Company

MONDAY = datetime(2027, 1, 4, 3, tzinfo=UTC)
SALES, TALENT = "Sales Team", "Talent Team"
SELLERS = [f"seller{at:02}" for at in range(60)]
SCOUTS = [f"scout{at}" for at in range(5)]
SETS: list[dict[str, Any]] = [
    {"name": SALES, "products": ["Sales"]},
    {"name": TALENT, "products": ["Talent"]},
]


class Provisioned(Company):
    """Everybody has a seat, by a store that has known them for long."""

    def __init__(self, folder: Path, sellers: int) -> None:
        self.folder, self.config = folder, folder / "seatsync.yaml"
        self.people = [*SELLERS[:sellers], *SCOUTS]
        self.sandbox = Sandbox(
            Tenant(
                {
                    "users": [user(name) for name in self.people],
                    "groups": [group(SALES, *SELLERS[:sellers]), group(TALENT, *SCOUTS)],
                }
            ),
            SETS,
            {"Sales": 100, "Talent": 100},
        )

    def provision(self) -> None:
        self.unattended(SETS)
        assert self.run("run").exit_code == 0
        assert len(self.holders) == len(self.people)

    def unattended(self, sets: list[dict[str, Any]]) -> None:
        self.configure(policy={"auto_apply": True}, subscription_sets=sets)

    def lose_the_store(self) -> None:
        for file in self.folder.glob("seatsync.db*"):
            file.unlink()

    def leaves(self, count: int) -> None:
        members = self.sandbox.tenant.groups[guid(SALES)]["members"]
        del members[:count]

    @property
    def holders(self) -> set[str]:
        """Accounts that are active and hold a set."""
        resources = self.sandbox.vendor.storage.resources
        active = {str(one.id) for one in resources if getattr(one, "active", None)}
        held = {at for name in (SALES, TALENT) for at in self.sandbox.portal.members(name)}
        return active & held


@pytest.fixture
def company(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Provisioned]:
    company = Provisioned(tmp_path, request.param)
    with time_machine.travel(MONDAY), company.sandbox:
        company.provision()
        yield company


@pytest.mark.parametrize("company", [8], indirect=True)
def test_who_holds_a_set_that_is_not_configured_keeps_it_when_the_store_is_lost(
    company: Provisioned,
) -> None:
    company.lose_the_store()
    company.unattended(SETS[:1])
    before, writes = company.holders, company.writes
    for _ in range(3):
        assert company.run("run").exit_code == 0
    assert company.holders == before
    assert company.writes == writes


@pytest.mark.parametrize("company", [60], indirect=True)
def test_r18_a_store_that_is_new_every_night_takes_nothing(company: Provisioned) -> None:
    before = company.holders
    for night in range(5):
        with time_machine.travel(MONDAY + timedelta(days=night)):
            company.leaves(5)
            company.lose_the_store()
            company.run("run")
    assert company.holders == before
    assert "R18" in company.run("show").stdout


@pytest.mark.parametrize("company", [8], indirect=True)
def test_r18_after_its_first_plan_a_new_store_takes_what_a_person_approves(
    company: Provisioned,
) -> None:
    company.lose_the_store()
    company.leaves(1)
    company.run("run")
    assert company.run("run").exit_code == 3
    assert len(company.holders) == 13
    assert company.let_pass("--reason", "they left").exit_code == 0
    assert company.run("apply latest").exit_code == 0
    assert len(company.holders) == 12


@pytest.mark.parametrize("company", [8], indirect=True)
def test_r18_a_week_later_a_new_store_takes_by_itself(company: Provisioned) -> None:
    company.lose_the_store()
    company.run("run")
    with time_machine.travel(MONDAY + timedelta(days=7, minutes=1)):
        company.leaves(1)
        assert company.run("run").exit_code == 0
    assert len(company.holders) == 12
