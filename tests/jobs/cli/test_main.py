"""The commands as administrators and schedulers meet them: what they print, how they exit."""

import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_httpserver import HTTPServer
from ruamel.yaml import YAML

from config.load import load
from connectors.sandbox.server import CLIENT_SECRET
from connectors.store.database import open_database
from jobs.approval.os_user import whoami
from jobs.cli.main import main
from jobs.demo.company import named_exactly, today
from support.scenarios.company import Company


def test_p1_from_dry_run_to_an_empty_plan(company: Company) -> None:
    planned = company.run("plan")
    assert planned.exit_code == 2
    assert "waits for review until" in planned.stdout
    assert "report.html" in planned.stdout
    assert company.writes == 0

    shown = company.run("show")
    assert shown.exit_code == 0
    plan_id = company.json("show")["id"]
    assert company.run("approve", plan_id[:4], "--reason", "r", "--by", "ana").exit_code == 0
    assert f"Approved by {whoami()} (ana) at" in company.run("show", plan_id).stdout
    applied = company.run("apply", plan_id)
    assert applied.exit_code == 0
    assert "105 done" in applied.stdout
    shown = company.run("show", plan_id).stdout
    assert re.search(r"applied .* by run .*: 105 of 105\s+operations are done", shown)

    again = company.run("plan")
    assert again.exit_code == 0
    assert "Nothing to do: the vendor equals the directory" in again.stdout


def test_the_reports_are_private_and_have_no_secret(settled: Company) -> None:
    settled.run("plan")
    settled.let_pass("--reason", "r")
    settled.run("apply latest")
    reports = list((settled.folder / "reports").rglob("*"))
    files = [path for path in reports if path.is_file()]
    assert {path.name for path in files} == {
        "plan.json",
        "operations.csv",
        "errors.csv",
        "report.html",
        "results.csv",
    }
    for path in [*files, settled.folder / "seatsync.db"]:
        assert path.stat().st_mode & 0o077 == 0
        content = path.read_bytes()
        assert settled.sandbox.token.encode() not in content
        assert CLIENT_SECRET.encode() not in content


def test_pull_plans_and_changes_nothing(company: Company) -> None:
    groups = company.json("pull")
    assert [group["members"] for group in groups] == [24, 14, 6, 2, 4]
    assert company.run("show").exit_code == 64
    assert company.writes == 0


def test_what_others_wrote_does_nothing_to_a_terminal(planned: Company) -> None:
    why = "fine\x1b[2J\x9b2J\u202e\u200b\u2028"
    planned.let_pass("--reason", why, "--by", why)
    for command in ("show", "history", "apply latest", "show"):
        assert all(line.isprintable() for line in planned.run(command).stdout.split("\n"))


def test_what_the_store_knows_is_listed(company: Company, settled: Company) -> None:
    assert {row["members_synced"] for row in company.json("sets")} == {None}
    assert company.run("sets").stdout.count("UnSynced") == len(company.sandbox.sets)
    settled.run("plan")
    runs = settled.json("history")
    assert [(row["kind"], row["exit"]) for row in runs] == [("plan", 2), ("apply", 0), ("plan", 2)]
    assert all(row["members_synced"].endswith("Z") for row in settled.json("sets"))
    for command in ("history", "sets", "seats", "audit list"):
        assert settled.run(command).exit_code == 0
        assert all(key.isidentifier() for row in settled.json(command) for key in row)


def test_seats_are_those_in_use_now_also_before_the_next_plan(settled: Company) -> None:
    sales = settled.json("seats")[0]
    assert (sales["product"], sales["purchased"]) == ("Sales", 36)
    assert (sales["used"], sales["free"]) == (32, 4)
    assert sales["as_of"] > settled.json("history")[-1]["ended"]


def test_seats_as_every_plan_found_them_and_left_people_waiting(settled: Company) -> None:
    settled.configure(seats={"Sales": 33, "Marketing": 22, "Talent": 6})
    settled.run("plan")
    rows = [row for row in settled.json("seats", "--history") if row["product"] == "Sales"]
    assert [(row["purchased"], row["used"], row["free"]) for row in rows] == [
        (33, 32, 1),
        (36, 0, 36),
    ]
    plan = settled.json("show")
    assert rows[0]["waiting"] == next(iter(plan["seats"]))["waiting"] > 0
    assert rows[0]["as_of"] > rows[1]["as_of"]
    listed = settled.run("seats", "--history", "--limit", "1").stdout
    assert "more; all of them: seatsync seats --limit 6 --history" in listed


def test_sets_are_listed_as_in_the_portal_and_claim_no_more_than_is_known(company: Company) -> None:
    def of_the_admins() -> dict[str, str]:
        (row,) = (row for row in company.json("sets") if row["admin"])
        return dict(row)

    company.run("plan")
    row = of_the_admins()
    assert (row["name"], row["admin"]) == ("ZoomInfo Admins", True)
    assert row["first_seen_here"]
    assert row["changed_here"] is None
    sets = [{**item, "description": f"{item['name']}!"} for item in company.sandbox.sets]
    company.configure(subscription_sets=sets)
    company.run("plan")
    assert of_the_admins()["changed_here"]


def test_users_are_listed_with_their_set_their_state_and_the_last_change(settled: Company) -> None:
    settled.sandbox.tenant.replace(named_exactly())
    before = settled.writes
    rows = settled.json("users")
    states = Counter(row["state"].split(":")[0] for row in rows)
    assert states["in step"] > 30
    assert states["to do"] > 5
    joiner = next(row for row in rows if row["state"].startswith("to do: gets an account"))
    assert (joiner["set"], joiner["account"], joiner["last_change"]) == ("", "none", None)
    assert all(key.isidentifier() for key in joiner)
    seated = next(row for row in rows if row["state"] == "in step")
    assert seated["set"]
    assert seated["account"] == "active"
    assert seated["last_change"]
    assert [row for row in rows if row["state"].endswith(" (U1)")]
    assert [row for row in rows if row["state"].endswith((" (S2)", " (S3)"))]
    printed = settled.run("users").stdout
    assert all(row["user"] in printed for row in rows)
    assert settled.writes == before


def test_a_plan_that_a_guard_blocks_needs_the_guards_code(settled: Company) -> None:
    settled.sandbox.tenant.replace(named_exactly())
    settled.sandbox.tenant.groups = {
        key: {**group, "members": group["members"][::2]}
        for key, group in settled.sandbox.tenant.groups.items()
    }
    planned = settled.run("plan")
    assert planned.exit_code == 3
    assert "R9" in planned.stdout
    refused = settled.let_pass("--reason", "r")
    assert refused.exit_code == 3
    assert "R9" in refused.stderr
    before = settled.writes
    assert settled.run("apply latest").exit_code == 3
    assert settled.writes == before
    assert settled.let_pass("--reason", "r", "--override", "R9").exit_code == 0
    assert settled.run("apply latest").exit_code == 0


def test_a_plan_is_applied_once(settled: Company) -> None:
    again = settled.run("apply latest")
    assert again.exit_code == 3
    assert "P6" in again.stderr


def test_a_plan_of_another_configuration_is_stale(approved: Company) -> None:
    approved.configure(policy={"max_revokes": 6})
    stale = approved.run("apply latest")
    assert stale.exit_code == 3
    assert "P2" in stale.stderr
    assert "the configuration changed" in stale.stderr
    assert approved.writes == 0


def test_run_applies_what_policy_allows(company: Company) -> None:
    waiting = company.run("run")
    assert waiting.exit_code == 2
    assert waiting.stdout.startswith("50 people get a seat, ")
    assert "seatsync approve" in waiting.stdout
    assert company.writes == 0
    company.configure(policy={"auto_apply": True})
    done = company.run("run")
    assert done.exit_code == 0
    assert "105 operations are done" in " ".join(done.stdout.split())
    assert company.writes > 0
    assert company.json("run")["operations"] == []
    company.sandbox.tenant.replace(today())
    assert {outcome["result"] for outcome in company.json("run")["outcomes"]} == {"done"}


def test_run_never_applies_what_a_guard_holds(settled: Company) -> None:
    settled.configure(policy={"auto_apply": True, "max_revokes": 0, "max_revoke_percent": 0})
    before = settled.writes
    assert settled.run("run").exit_code == 3
    assert settled.writes == before


def test_r12_another_run_at_work_ends_with_75(company: Company) -> None:
    store = open_database(load(company.config).store)
    with store.lease("8f2"):
        for command in ("plan", "run", "pull"):
            busy = company.run(command)
            assert busy.exit_code == 75
            assert "Run 8f2 is in progress" in busy.stderr
    store.close()
    assert company.run("plan").exit_code == 2


def test_r15_a_broken_configuration_ends_with_78(company: Company) -> None:
    company.configure(products=["Slaes"])
    for command in ("check", "plan", "history"):
        broken = company.run(command)
        assert broken.exit_code == 78
        assert "seatsync.yaml:" in broken.stderr
        assert "Traceback" not in broken.output


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["plan", "--nonsense"], ["approve", "latest"], ["sandbox", "serve"]]
)
def test_wrong_usage_ends_with_64(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 64


def test_a_plan_that_is_not_there_ends_with_64(company: Company) -> None:
    nothing = company.run("approve", "8f2", "--reason", "r")
    assert nothing.exit_code == 64
    assert "There is no plan" in nothing.stderr


def test_r1_a_directory_that_does_not_answer_ends_with_1(company: Company) -> None:
    company.sandbox.graph.roles = ()
    failed = company.run("plan")
    assert failed.exit_code == 1
    assert "R1: Entra ID could not be read" in failed.stderr
    assert "privileges to complete the operation. Nothing was planned" in failed.stderr
    assert company.run("show").exit_code == 64
    assert [row["exit"] for row in company.json("history")] == [1]


def test_t2_a_token_that_is_refused_ends_with_1_and_says_what_to_do(company: Company) -> None:
    company.sandbox.portal.generate_token("90d")
    failed = company.run("plan")
    assert failed.exit_code == 1
    assert "T2" in failed.stderr
    assert "Generate a new token in the Admin Portal" in failed.stderr


def test_t3_a_token_without_the_rights_ends_with_1_and_says_what_to_do(
    company: Company, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v2/Users").respond_with_json({"detail": "read only"}, status=403)
    vendor = YAML(typ="safe").load(company.config)["vendor"]
    company.configure(vendor={**vendor, "base_url": httpserver.url_for("/v2")})
    failed = company.run("plan")
    assert failed.exit_code == 1
    assert "T3: The vendor refused with 403" in failed.stderr
    assert "rights to provision users" in failed.stderr


@pytest.mark.parametrize("command", ["plan", "run"])
def test_p11_only_grants_on_demand(settled: Company, command: str) -> None:
    plan = settled.json(command, "--grants-only")
    assert plan["grants_only"]
    assert {"P11"} <= {finding["code"] for finding in plan["findings"]}
    assert [o for o in plan["operations"] if o.get("frees")] == []
    assert [o for o in plan["operations"] if o.get("takes")] != []


def test_explain_tells_one_code_or_all() -> None:
    one = CliRunner().invoke(main, ["explain", "u1", "R9"])
    assert one.exit_code == 0
    assert one.stdout.startswith("U1 User in several sets (error): ")
    assert "R9 Mass revocation" in one.stdout
    assert CliRunner().invoke(main, ["explain", "X1"]).exit_code == 64


def test_reports_that_cannot_be_written_change_nothing_else(company: Company) -> None:
    (company.folder / "reports").write_text("a file in the way")
    planned = company.run("plan")
    assert planned.exit_code == 2
    assert "the reports could not be written" in planned.stderr
    assert company.let_pass("--reason", "r").exit_code == 0
    assert company.run("apply latest").exit_code == 0


def test_check_tells_each_thing_in_a_line(company: Company) -> None:
    good = company.run("check", "--online")
    assert good.exit_code == 0, good.output
    assert "permission User.Read.All: granted" in good.stdout
    assert all(row["passed"] for row in company.json("check --online"))
    assert "every set has exactly one group of its name" in good.stdout


def test_check_tells_what_is_missing_and_what_is_not_needed(settled: Company) -> None:
    settled.sandbox.graph.roles = ("GroupMember.Read.All", "Mail.Send")
    bad = settled.run("check", "--online")
    assert bad.exit_code == 1
    assert "FAIL permission User.Read.All: missing" in bad.stdout
    assert "permission Mail.Send: not needed" in bad.stdout
    assert 'FAIL G2 Set "ZoomInfo Admins" is not group "ZoomInfo-Admins"' in bad.stdout


def test_init_writes_a_file_that_is_good_once_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    assert CliRunner().invoke(main, ["init", str(path)]).exit_code == 0
    load(path)
    path.write_text("mine")
    assert CliRunner().invoke(main, ["init", str(path)]).exit_code == 1
    assert path.read_text() == "mine"


def test_the_demo_ends_with_an_empty_plan(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["demo", str(tmp_path / "demo")])
    assert shown.exit_code == 0
    for code in ("U1", "G2", "S2", "U9", "U13", "U15"):
        assert code in shown.stdout
    assert "20 done" in shown.stdout
    assert "Nothing to do" in shown.stdout
