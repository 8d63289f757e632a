"""Several hosts at work on one PostgreSQL store."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import update

from config.load import load
from connectors.store.database import open_database
from connectors.store.schema import lease
from jobs.approval.os_user import whoami
from support.counterparts.databases import postgresql
from support.faults.seatsync_process import SeatsyncProcesses
from support.scenarios.company import Company


@pytest.fixture
def shared(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    with postgresql() as url:
        monkeypatch.setenv("STORE", url)
        company.configure(store="env:STORE")
        yield company


def test_from_dry_run_to_an_empty_plan(shared: Company) -> None:
    assert shared.run("plan").exit_code == 2
    assert shared.let_pass("--reason", "r").exit_code == 0
    applied = shared.run("apply latest")
    assert applied.exit_code == 0
    assert "105 done" in applied.stdout
    assert shared.run("plan").exit_code == 0
    assert [row["kind"] for row in shared.json("history")] == ["plan", "apply", "plan"]
    assert "P6" in shared.run("apply", shared.json("history")[2]["run"]).stderr
    assert not (shared.folder / "seatsync.db").exists()


def test_what_one_host_planned_another_approves_and_a_third_applies(
    shared: Company, processes: SeatsyncProcesses
) -> None:
    """Each in a process of its own, as on another host."""
    assert processes.run(shared.config, "plan").code == 2
    order = ("approve", shared.json("show")["id"], "--reason", "r", "--by", "ana")
    approved = processes.run(shared.config, *order)
    assert approved.code == 0, approved.errors
    applied = shared.run("apply latest")
    assert applied.exit_code == 0, applied.output
    assert f"Approved by {whoami()} (ana) at " in shared.run("show").stdout


def test_two_people_on_two_hosts_approve_before_a_third_may_apply(
    shared: Company, processes: SeatsyncProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person is one, whatever they call themselves and wherever they are."""
    shared.configure(store="env:STORE", policy={"approvals": 2})
    shared.run("plan")
    order = ("approve", shared.json("show")["id"], "--reason", "r", "--by", "ana")
    first = processes.run(shared.config, *order)
    assert f"needs another person's approval, too: so far by {whoami()}." in first.output
    monkeypatch.setattr("jobs.approval.os_user.gethostname", lambda: "another")
    again = shared.let_pass("--reason", "r", "--by", "bob")
    assert f"needs another person's approval, too: so far by {whoami()}." in again.stdout
    refused = shared.run("apply latest")
    assert refused.exit_code == 3
    assert "P7" in refused.stderr
    assert f"so far by {whoami()}, and" in refused.stderr
    assert shared.writes == 0
    monkeypatch.setattr("os.getuid", lambda: 54_321)
    second = shared.let_pass("--reason", "r")
    assert "Next: seatsync apply" in second.stdout
    assert shared.run("apply latest").exit_code == 0
    assert shared.run("show").stdout.count("Approved by") == 3
    assert "Approved by uid 54321 on another at " in shared.run("show").stdout


@contextmanager
def taken_over(company: Company, during: str) -> Iterator[None]:
    """Another host takes the lease while the vendor is asked with this method."""
    ledger = company.sandbox.vendor_ledger
    asked = ledger.asked
    store = open_database(load(company.config).store)

    def take_over(method: str, path: str) -> None:
        asked(method, path)
        if method == during:
            with store.engine.begin() as connection:
                connection.execute(update(lease).values(run_id="another", host="elsewhere"))

    ledger.asked = take_over  # type: ignore[method-assign]
    yield
    ledger.asked = asked  # type: ignore[method-assign]
    store.close()


def test_a_run_that_was_taken_over_saves_no_plan(shared: Company) -> None:
    with taken_over(shared, "GET"):
        lost = shared.run("plan")
    assert lost.exit_code == 75
    assert "another run has taken its lease" in lost.stderr
    assert shared.run("show").exit_code == 64
    assert "Run another is in progress on elsewhere" in shared.run("plan").stderr


def test_a_run_that_was_taken_over_sends_no_other_operation(shared: Company) -> None:
    shared.run("plan")
    shared.let_pass("--reason", "r")
    with taken_over(shared, "POST"):
        lost = shared.run("apply latest")
    assert lost.exit_code == 4
    assert "another run has taken its lease" in lost.output + lost.stderr
    assert shared.writes == 1


def test_the_password_is_in_no_output(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE", "postgresql+psycopg://seatsync:GEHEIM@127.0.0.1:1/seatsync")
    company.configure(store="env:STORE")
    for command in ("plan", "show", "run", "history", "check"):
        failed = company.run(command)
        assert "GEHEIM" not in failed.output + failed.stderr
    assert failed.exit_code == 0  # check does not need the store
    refused = company.run("plan")
    assert refused.exit_code == 1
    assert (
        "using the store postgresql+psycopg://seatsync:***@127.0.0.1:1/seatsync" in refused.stderr
    )
    monkeypatch.setenv("STORE", f"sqlite:///{company.folder}")
    assert f"using the store sqlite:///{company.folder}" in company.run("plan").stderr
