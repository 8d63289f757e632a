"""Plan and apply from an export: the same as from the tenant that it was made of."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from company import Company
from exports import as_csv

from connectors.sandbox.server import TENANT_ID, Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.invented import last_week, today
from jobs.sandbox import default_sets

HISTORY = Path(__file__).parents[3] / "shared" / "data" / "rust-team"
BOTH = pytest.mark.parametrize("form", ["json", "csv"])

Content = dict[str, list[dict[str, Any]]]


def export(company: Company, content: Content, form: str = "json", **sections: Any) -> Path:
    """The configuration leads to this content from now on."""
    file = company.folder / f"export.{form}"
    file.write_text(as_csv(content) if form == "csv" else json.dumps(content))
    company.configure(directory={"file": file.name, "tenant_id": TENANT_ID}, **sections)
    return file


def planned(company: Company) -> dict[str, Any]:
    """What a plan says, without what is each plan's own."""
    company.run("plan")
    plan = company.json("show")
    own = ("id", "run", "basis")
    return {name: value for name, value in plan.items() if name not in own}


@BOTH
def test_the_plan_is_the_one_that_the_tenant_gives(company: Company, form: str) -> None:
    company.settle()
    # Every plan remembers who waits, so both are made from the same memory.
    shutil.copy(company.folder / "seatsync.db", company.folder / "copy.db")
    expected = planned(company)
    assert {finding["code"] for finding in expected["findings"]} >= {"U1", "U9", "U13", "U15"}
    asked = len(company.sandbox.graph_ledger.requests)
    export(company, today(), form, store="sqlite:///copy.db")
    assert planned(company) == expected
    assert len(company.sandbox.graph_ledger.requests) == asked


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
        export(company, content)
        assert planned(company) == expected


@BOTH
def test_from_an_export_to_an_empty_plan(company: Company, form: str) -> None:
    export(company, last_week(), form)
    assert company.run("plan").exit_code == 2
    assert company.run("approve latest", "--reason", "r").exit_code == 0
    applied = company.run("apply latest")
    assert applied.exit_code == 0
    assert "what changed in Entra ID since that export is not seen" in applied.stderr
    assert company.run("plan").exit_code == 0
    assert company.sandbox.graph_ledger.requests == []


def test_a_plan_from_an_export_is_bound_to_its_configuration(company: Company) -> None:
    """It is not applied once the tenant itself is configured, nor for another tenant."""
    file = export(company, last_week())
    company.run("plan")
    company.run("approve latest", "--reason", "r")
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
    company.run("approve latest", "--reason", "r")
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
        "import sys; from jobs.cli import main\n"
        f"try: main(['plan', '--config', {str(company.config)!r}])\n"
        "except SystemExit: pass\n"
        "sys.exit(','.join({'msal', 'msgraph'} & set(sys.modules)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert b"report.html" in ran.stdout
