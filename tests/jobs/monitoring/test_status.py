"""One line and an exit code for monitoring, by the store alone."""

from support.scenarios.company import Company


def test_before_the_first_run_nothing_is_well(company: Company) -> None:
    before = company.run("status")
    assert before.exit_code == 1
    assert before.stdout.startswith("FAILED: no run yet; no success yet; no plan yet; API token: ")


def test_a_plan_that_waits_is_told_until_it_is_applied(planned: Company) -> None:
    waits = planned.run("status")
    assert waits.exit_code == 2
    assert waits.stdout.startswith("WAITING: last run ")
    assert "50 people get a seat" in waits.stdout
    planned.let_pass("--reason", "checked")
    planned.run("apply latest")
    applied = planned.run("status")
    assert applied.exit_code == 0
    assert "105 of 105 operations are done" in applied.stdout


def test_a_plan_that_a_guard_stops_is_told(settled: Company) -> None:
    settled.configure(policy={"max_revokes": 0, "max_revoke_percent": 0})
    settled.run("plan")
    held = settled.run("status")
    assert held.exit_code == 3
    assert held.stdout.startswith("HELD: ")
    assert "mass revocation (R9)" in held.stdout


def test_a_run_that_failed_is_told_and_so_is_the_last_that_did_not(planned: Company) -> None:
    (planned.folder / "scim-token").write_text("revoked meanwhile")
    planned.run("plan")
    failed = planned.json("status")
    assert failed["exit_code"] == 1
    assert failed["last_exit_code"] == 1
    assert failed["last_success"] < failed["last_run"]


def test_a_timetable_whose_runs_keep_failing_is_told(company: Company) -> None:
    (company.folder / "scim-token").unlink()
    for _ in range(3):
        assert company.run("run").exit_code == 1
    assert company.json("status")["put_off_since"] is None  # without a timetable nothing is
    company.configure(schedule={"every": "40m"})
    assert "runs are put off since " in company.run("status").stdout
    company.run("resume")
    assert company.json("status")["put_off_since"] is None


def test_it_asks_nobody(planned: Company) -> None:
    for secret in ("scim-token", "client-secret"):
        (planned.folder / secret).unlink()
    assert planned.run("status").exit_code == 2
