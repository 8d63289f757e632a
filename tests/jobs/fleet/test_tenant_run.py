"""What a job of the queue comes to: one run of its tenant, and none that was done before."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from config.load import load_fleet
from connectors.job_queue import TryAgain, work
from connectors.store.errors import TenantNotFound
from connectors.store.schema import shared_rates
from connectors.store.tenants import Tenants, open_tenants
from jobs.fleet.tenant_run import RunFailed, run_tenant
from jobs.output.exit_codes import Exit
from reconciler.model.fleet import SharedLoss
from support.scenarios.company import Company
from support.scenarios.fleet import fleet, fleet_file, tenant


@pytest.fixture
def tenants(company: Company) -> Iterator[Tenants]:
    fleet(company, "add contoso")
    with open_tenants(load_fleet(fleet_file(company)).store) as tenants:
        yield tenants


def run(company: Company, tenants: Tenants, due: datetime, name: str = "contoso") -> list[str]:
    """Does a job, and returns the kinds of the runs that there are then."""
    run_tenant(load_fleet(fleet_file(company)), tenants, name, due)
    return [row["kind"] for row in tenant(company, "contoso").json("history")]


def test_it_is_one_run_and_the_same_job_is_not_done_twice(
    company: Company, tenants: Tenants, capsys: pytest.CaptureFixture[str]
) -> None:
    due = datetime.now(UTC)
    assert run(company, tenants, due) == ["run"]
    assert "contoso: plan " in capsys.readouterr().err
    assert run(company, tenants, due) == ["run"]
    assert run(company, tenants, datetime.now(UTC)) == ["run", "run"]


def test_a_run_that_was_interrupted_is_done_again(company: Company, tenants: Tenants) -> None:
    """As a kill -9 leaves it: begun, and never ended."""
    due = datetime.now(UTC)
    with tenants.store("contoso").transaction() as tx:
        tx.runs.begin("interrupted", "run", due + timedelta(seconds=1))
    assert run(company, tenants, due) == ["run", "run"]


def test_a_run_that_was_broken_off_in_the_middle_of_an_apply_is_done_again(
    company: Company, tenants: Tenants
) -> None:
    """Also where a run after it found that out, and came no further itself."""
    due = datetime.now(UTC)
    with tenants.store("contoso").transaction() as tx:
        tx.runs.begin("broken off", "run", due + timedelta(seconds=1))
        tx.runs.end("broken off", due + timedelta(seconds=2), Exit.PARTIAL, "stopped")
    assert run(company, tenants, due) == ["run", "run"]


def test_a_paused_tenant_is_not_taken(company: Company, tenants: Tenants) -> None:
    tenants.pause(["contoso"], datetime.now(UTC))
    assert run(company, tenants, datetime.now(UTC)) == []


def test_beside_another_run_it_is_tried_again(
    company: Company, tenants: Tenants, capsys: pytest.CaptureFixture[str]
) -> None:
    with tenants.store("contoso").lease("another"), pytest.raises(TryAgain):
        run(company, tenants, datetime.now(UTC))
    assert "contoso: run another on " in capsys.readouterr().err


def test_what_fails_is_said_and_has_failed(
    company: Company, tenants: Tenants, capsys: pytest.CaptureFixture[str]
) -> None:
    company.sandbox.graph.groups_are_hidden = True
    company.sandbox.tenant.groups.clear()
    with pytest.raises(RunFailed):
        run(company, tenants, datetime.now(UTC))
    assert "contoso: plan " in capsys.readouterr().err
    with pytest.raises(TenantNotFound):
        run(company, tenants, datetime.now(UTC), "fabrikam")
    assert "seatsync fleet add fabrikam" in capsys.readouterr().err


def test_an_approved_plan_is_applied_by_a_worker_and_once(
    company: Company, tenants: Tenants
) -> None:
    contoso = tenant(company, "contoso")
    assert contoso.run("plan").exit_code == 2
    plan = contoso.json("show")["id"]
    assert fleet(company, f"apply {plan}").exit_code == 0
    store, done = load_fleet(fleet_file(company)).store, []

    def apply(name: str, due: datetime, plan_id: str) -> None:
        done.append((name, plan_id))
        run_tenant(load_fleet(fleet_file(company)), tenants, name, due, plan_id)

    work(store, apply, lambda: True)
    assert company.writes == 0  # nobody has approved it
    assert contoso.let_pass("--reason", "r").exit_code == 0
    assert fleet(company, f"apply {plan}").exit_code == 0
    work(store, apply, lambda: True)
    assert done == [("contoso", plan)] * 2
    writes = company.writes
    assert writes > 0
    run_tenant(load_fleet(fleet_file(company)), tenants, "contoso", datetime.now(UTC), plan)
    assert company.writes == writes
    assert fleet(company, f"apply {plan}").exit_code == 64  # it waits no more


def test_a_plan_that_a_person_approved_waits_until_plans_are_applied_again(
    company: Company, tenants: Tenants
) -> None:
    contoso = tenant(company, "contoso")
    assert contoso.run("plan").exit_code == 2
    assert contoso.let_pass("--reason", "r").exit_code == 0
    with tenants.store("contoso").transaction() as tx:
        tx.fleet.stop(SharedLoss("U3", 6, 20), datetime.now(UTC))
    refused = contoso.run("apply latest")
    assert refused.exit_code == 3
    assert "P22" in refused.output
    assert company.writes == 0
    assert fleet(company, "resume-applies --reason meant").exit_code == 0
    assert contoso.run("apply latest").exit_code == 0
    assert company.writes > 0


def test_requests_to_the_vendor_count_for_all_tenants_of_the_same_token(
    company: Company, tenants: Tenants
) -> None:
    def limits() -> Sequence[Any]:
        with tenants.store("contoso").engine.begin() as connection:
            return connection.execute(select(shared_rates)).all()

    run(company, tenants, datetime.now(UTC))
    (contoso,) = limits()
    assert company.sandbox.token not in contoso.name
    fleet(company, "add fabrikam")
    assert tenant(company, "fabrikam").run("plan").exit_code == 2
    (both,) = limits()
    assert both.name == contoso.name
    assert both.state > contoso.state
    assert company.run("plan").exit_code == 2  # no tenant of the fleet
    assert limits() == [both]
