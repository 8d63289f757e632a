"""Plan and apply from an export: the same as from the tenant that it was made of."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.server import TENANT_ID, Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.demo.company import last_week, today
from jobs.demo.sandbox import default_sets
from support.counterparts.directory_export import as_csv, proven
from support.scenarios.company import Company

HISTORY = Path(__file__).parents[3] / "shared" / "data" / "rust-team"
BOTH = pytest.mark.parametrize("form", ["json", "csv"])

Content = dict[str, list[dict[str, Any]]]


def export(company: Company, content: Content, form: str = "json", **sections: Any) -> Path:
    """The configuration leads to this content from now on, which proves that it is whole."""
    file = company.folder / f"export.{form}"
    text = as_csv(content) if form == "csv" else json.dumps(content)
    file.write_text(proven(text, form))
    company.configure(directory={"file": file.name, "tenant_id": TENANT_ID}, **sections)
    return file


def planned(company: Company) -> dict[str, Any]:
    """What a plan says, without what is each plan's own."""
    company.run("plan")
    plan = company.json("show")
    own = ("id", "run", "basis", "digest", "paths")
    headline = re.sub(r"until [^;]+", "until then", plan["headline"])  # to the minute
    return {name: value for name, value in plan.items() if name not in own} | {"headline": headline}


def beside_r20(plan: dict[str, Any]) -> dict[str, Any]:
    """An export's plan, but for the guard that only exports have, and which has let it pass."""
    (guard,) = [verdict for verdict in plan["verdicts"] if verdict["code"] == "R20"]
    assert guard["outcome"] == "passed"
    assert guard["message"].endswith("it proves that it is whole.")
    return plan | {"verdicts": [verdict for verdict in plan["verdicts"] if verdict != guard]}


@BOTH
def test_the_plan_is_the_one_that_the_tenant_gives(settled: Company, form: str) -> None:
    # Every plan remembers who waits, so both are made from the same memory.
    shutil.copy(settled.folder / "seatsync.db", settled.folder / "copy.db")
    expected = planned(settled)
    assert {finding["code"] for finding in expected["findings"]} >= {"U1", "U9", "U13", "U15"}
    asked = len(settled.sandbox.graph_ledger.requests)
    export(settled, today(), form, store="sqlite:///copy.db")
    assert beside_r20(planned(settled)) == expected
    assert len(settled.sandbox.graph_ledger.requests) == asked


@pytest.mark.skipif(
    not HISTORY.is_dir(), reason="the membership histories are not beside this checkout"
)
def test_a_real_organisations_plan_is_the_one_that_the_tenant_gives(tmp_path: Path) -> None:
    content = json.loads(max(HISTORY.glob("0*.json")).read_bytes())
    company = Company(tmp_path)
    seats = dict.fromkeys(("Sales", "Marketing", "Talent"), 1000)
    company.sandbox = Sandbox(Tenant(content), default_sets(Tenant(content)), seats)
    with company.sandbox:
        company.configure()
        expected = planned(company)
        assert len(expected["operations"]) > 200
        export(company, _in_graphs_words(content))
        assert beside_r20(planned(company)) == expected


def _in_graphs_words(content: Content) -> Content:
    """Without the histories' own keys, which Graph does not have."""
    own = {"archived", "kind", "parent", "externalLogin"}
    return {
        name: [{key: row[key] for key in row.keys() - own} for row in content[name]]
        for name in ("groups", "users")
    }


@BOTH
def test_from_an_export_to_an_empty_plan(company: Company, form: str) -> None:
    export(company, last_week(), form)
    assert company.run("plan").exit_code == 2
    assert company.let_pass("--reason", "r").exit_code == 0
    applied = company.run("apply latest")
    assert applied.exit_code == 0
    assert "what changed in Entra ID since that export is not seen" in applied.stderr
    assert company.run("plan").exit_code == 0
    assert company.sandbox.graph_ledger.requests == []


def test_a_plan_from_an_export_is_bound_to_its_configuration(company: Company) -> None:
    """It is not applied once the tenant itself is configured, nor for another tenant."""
    file = export(company, last_week())
    company.run("plan")
    company.let_pass("--reason", "r")
    company.configure()
    assert "P2" in company.run("apply latest").stderr
    other = "11111111-1111-1111-1111-111111111111"
    company.configure(directory={"file": file.name, "tenant_id": other})
    refused = company.run("apply latest")
    assert refused.exit_code == 3
    assert "the tenant changed" in refused.stderr
    assert company.writes == 0


def test_the_same_export_elsewhere_makes_the_plan_no_staler(company: Company) -> None:
    file = export(company, last_week())
    company.run("plan")
    company.let_pass("--reason", "r")
    company.configure(directory={"file": "moved.json", "tenant_id": TENANT_ID})
    file.rename(company.folder / "moved.json")
    assert company.run("apply latest").exit_code == 0


def test_an_export_that_cannot_be_read_plans_nothing(company: Company) -> None:
    export(company, last_week()).write_text("{")
    failed = company.run("plan")
    assert failed.exit_code == 1
    assert "R1" in failed.stderr
    assert "export.json: it is not JSON (line 1)" in failed.stderr
    assert company.run("show").exit_code == 64


@BOTH
def test_check_tells_what_is_in_the_export(company: Company, form: str) -> None:
    content = today()
    file = export(company, content, form)
    told = company.run("check")
    assert told.exit_code == 1
    users = len(content["users"])
    assert f"ok   directory: 6 groups and {users} users from {file}, written " in told.stdout
    assert 'FAIL G2 Set "ZoomInfo Admins" is not group "ZoomInfo-Admins"' in told.stdout
    assert 'they differ at character 9, "-" there and " " here' in told.stdout
    export(company, last_week(), form)
    assert company.run("check", "--online").exit_code == 0
    file.unlink()
    told = company.run("check")
    assert told.exit_code == 1
    assert f"FAIL directory: reading the export {file}: No such file" in told.stdout


def test_nothing_of_the_sdk_is_needed(company: Company) -> None:
    export(company, last_week())
    program = (
        "import sys; from jobs.cli.main import main\n"
        f"try: main(['plan', '--config', {str(company.config)!r}])\n"
        "except SystemExit: pass\n"
        "sys.exit(','.join({'msal', 'msgraph'} & set(sys.modules)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert b"report.html" in ran.stdout


def unattended(company: Company, content: Content, form: str) -> Path:
    """Everybody has a seat by an export that proves itself; `run` may apply what nobody holds."""
    file = export(company, content, form, policy={"auto_apply": True})
    assert company.run("run").exit_code == 0
    return file


def test_r20_a_csv_that_was_cut_at_the_end_of_any_line_takes_nothing_by_itself(
    company: Company,
) -> None:
    file = unattended(company, last_week(), "csv")
    company.configure(
        directory={"file": file.name, "tenant_id": TENANT_ID},
        policy={"auto_apply": True, "max_revoke_percent": 100, "max_set_revoke_percent": 100},
    )
    lines = as_csv(last_week()).splitlines(keepends=True)
    before = company.writes
    for kept in (2, len(lines) // 3, len(lines) // 2, len(lines) - 1):
        file.write_text("".join(lines[:kept]))
        ended = company.run("run")
        assert company.writes == before, ended.stdout
        assert ended.exit_code in {0, 2, 3}


def test_r20_who_is_gone_from_an_export_without_a_proof_waits_for_a_person(
    company: Company,
) -> None:
    file = unattended(company, last_week(), "json")
    content = last_week()
    leaver = content["users"].pop(0)
    for group in content["groups"]:
        group["members"] = [member for member in group["members"] if member != leaver["id"]]
    file.write_text(json.dumps(content))
    before = company.writes
    held = company.run("run")
    assert held.exit_code == 3
    assert "R20" in held.stdout
    assert company.writes == before
    assert company.let_pass("--reason", "they left").exit_code == 0
    assert company.run("apply latest").exit_code == 0
    assert company.writes > before


def test_r20_an_export_much_smaller_than_the_last_one_is_held_until_somebody_has_looked(
    company: Company,
) -> None:
    """Though nobody who has a seat is missing yet, and however often it is tried."""
    file = unattended(company, last_week(), "json")
    content = last_week()
    members = {member for group in content["groups"] for member in group["members"]}
    content["users"] = [user for user in content["users"] if user["id"] in members]
    file.write_text(proven(json.dumps(content), "json"))
    for _ in range(2):
        held = company.run("run")
        assert held.exit_code == 3
        assert "The last export had 60 users, and this one has 52" in " ".join(held.stdout.split())
    assert company.let_pass("--reason", "we tidied up").exit_code == 0
    assert company.run("run").exit_code == 0


def test_r21_an_old_export_makes_no_plan(company: Company) -> None:
    file = export(company, last_week())
    week = 7 * 24 * 3600
    for age, code in ((week - 60, 2), (week + 60, 1), (-3600, 1)):
        at = time.time() - age
        os.utime(file, (at, at))
        ended = company.run("plan")
        assert ended.exit_code == code
        assert ("R21: The export is of" in ended.stderr) == (code == 1)
    sections = {"file": file.name, "tenant_id": TENANT_ID, "max_export_age": "60d"}
    os.utime(file, (time.time() - 59 * 24 * 3600,) * 2)
    company.configure(directory=sections)
    assert company.run("plan").exit_code == 2


def test_a_newer_export_may_come_between_plan_and_apply(company: Company) -> None:
    file = export(company, last_week())
    company.run("plan")
    company.let_pass("--reason", "r")
    content = last_week()
    content["groups"][0]["members"].pop()
    file.write_text(json.dumps(content))
    applied = company.run("apply latest")
    assert "P4" in applied.output
    assert len(company.sandbox.portal.members("Sales Team")) == 23


def test_advice_about_an_incomplete_group_is_about_the_file(company: Company) -> None:
    content = last_week()
    content["groups"][0]["members@odata.nextLink"] = "https://graph.microsoft.com/v1.0/x"  # type: ignore[assignment]
    export(company, content)
    company.run("plan")
    (found,) = [one for one in company.json("show")["findings"] if one["code"] == "R2"]
    assert '"members@odata.nextLink" says that there is more' in found["message"]
    assert found["advice"].startswith("Make another export")
    assert "R2" in company.run("check").stdout
