"""Tenants of one database: each is planned, approved and applied as if it were alone."""

import json
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname

from jsonschema import Draft202012Validator, FormatChecker

from config.load import load_fleet
from connectors.job_queue import open_queue, work
from connectors.store.tenants import open_tenants
from jobs.cli.json_schemas import PRINTED, schema_of
from support.scenarios.company import Company
from support.scenarios.fleet import fleet, fleet_file, tenant


def test_each_tenant_has_its_own_runs_and_plans(company: Company) -> None:
    for name in ("contoso", "fabrikam"):
        added = fleet(company, f"add {name}")
        assert added.exit_code == 0, added.output
        assert f"Next: seatsync plan --config {tenant(company, name).config}" in added.output
    contoso, fabrikam = tenant(company, "contoso"), tenant(company, "fabrikam")
    assert contoso.run("plan").exit_code == 2
    assert contoso.let_pass("--reason", "r").exit_code == 0
    assert contoso.run("apply latest").exit_code == 0
    assert [row["kind"] for row in contoso.json("history")] == ["apply", "plan"]
    assert fabrikam.json("history") == []
    assert fabrikam.run("show").exit_code == 64
    listed = json.loads(fleet(company, "list --json").stdout)
    assert [(row["tenant"], row["kind"], row["exit"]) for row in listed] == [
        ("contoso", "apply", 0),
        ("fabrikam", None, None),
    ]
    reports = company.folder / "tenants" / "reports"
    assert [folder.name for folder in reports.iterdir()] == ["contoso"]


def test_other_settings_are_tried_on_a_tenants_past_by_a_file_of_its_name(company: Company) -> None:
    fleet(company, "add contoso")
    contoso = tenant(company, "contoso")
    assert contoso.run("plan").exit_code == 2
    changed = company.folder / "try" / "contoso.yaml"
    changed.parent.mkdir()
    company.sandbox.write_config(changed, fleet="../fleet.yaml", policy={"max_admin_grants": 0})
    contoso.config = changed
    (made,) = contoso.json("replay", "--since", "2026-01-01")["plans"]
    assert (made["then"], made["now"], made["reproduced"]) == ("passes", "R10", True)


def test_a_tenant_that_was_not_added_is_told_how(company: Company) -> None:
    refused = tenant(company, "contoso").run("plan")
    assert refused.exit_code == 1
    assert "it has no tenant contoso; `seatsync fleet add contoso` makes one" in refused.stderr


def test_a_tenant_goes_on_with_the_store_it_had(company: Company) -> None:
    """Approved in a file of its own, and applied from the fleet's database."""
    assert company.run("plan").exit_code == 2
    assert company.let_pass("--reason", "r").exit_code == 0
    added = fleet(company, f"add contoso --from {company.folder / 'seatsync.db'}")
    assert added.exit_code == 0, added.output
    contoso = tenant(company, "contoso")
    assert contoso.json("show")["id"] == company.json("show")["id"]
    applied = contoso.run("apply latest")
    assert applied.exit_code == 0, applied.output
    assert contoso.run("audit verify").exit_code == 0


def test_a_store_that_is_not_there_is_not_made(company: Company) -> None:
    refused = fleet(company, f"add contoso --from {company.folder / 'nothing.db'}")
    assert refused.exit_code == 64
    assert "nothing.db" in refused.stderr
    assert not (company.folder / "nothing.db").exists()
    assert "No tenant yet" in fleet(company, "list").stdout


def test_check_says_of_each_tenant_what_is_missing(company: Company) -> None:
    fleet(company, "add contoso")
    folder = company.folder / "tenants"
    (folder / "northwind.yaml").write_text("fleet: ../fleet.yaml\n")
    of_fleet = (folder / "contoso.yaml").read_text()
    (folder / "alone.yaml").write_text(of_fleet.replace("fleet: ../fleet.yaml\n", ""))
    checked = fleet(company, "check")
    assert checked.exit_code == 1
    said = checked.stdout.replace(f"{folder.resolve()}/", "").replace(f"{folder}/", "")
    assert "warn store: its user is a superuser" in said
    assert "FAIL alone: alone.yaml is of no fleet" in said
    assert "ok   contoso: the configuration can be read" in said
    assert "warn fabrikam: it has no store yet. Run: seatsync fleet add fabrikam" in said
    assert "FAIL northwind: northwind.yaml:1: directory: this key is needed" in said


def test_plans_of_several_tenants_are_approved_by_their_ids(company: Company) -> None:
    for name in ("contoso", "fabrikam"):
        fleet(company, f"add {name}")
        assert tenant(company, name).run("plan").exit_code == 2
    (company.folder / "tenants" / "northwind.yaml").write_text("fleet: ../fleet.yaml\n")
    stands = fleet(company, "status --json")
    assert stands.exit_code == 1
    contoso, fabrikam, northwind = json.loads(stands.stdout)
    assert (contoso["tenant"], contoso["state"], contoso["waits"]) == ("contoso", "WAITING", True)
    assert (northwind["state"], northwind["plan"]) == ("FAILED", "")
    assert "this key is needed" in northwind["standing"]
    waiting = fleet(company, "status --waiting --json")
    assert waiting.exit_code == 2
    assert [row["tenant"] for row in json.loads(waiting.stdout)] == ["contoso", "fabrikam"]
    approved = fleet(company, f"approve {contoso['plan']} {fabrikam['plan']} --reason seen")
    assert approved.exit_code == 0, approved.output
    for row in (contoso, fabrikam):
        assert f"{row['tenant']} {row['plan']}: {row['standing']}" in approved.stdout
        assert f"Approved plan {row['plan']}" in approved.output
        assert tenant(company, row["tenant"]).run("show").stdout.count("Approved by") == 1


def test_none_is_approved_where_one_of_the_ids_is_no_waiting_plans(company: Company) -> None:
    fleet(company, "add contoso")
    contoso = tenant(company, "contoso")
    assert contoso.run("plan").exit_code == 2
    refused = fleet(company, f"approve {contoso.json('show')['id']} 00000000 --reason seen")
    assert refused.exit_code == 64
    assert "no tenant has a plan 00000000 that waits" in refused.stderr
    assert "Approved by" not in contoso.run("show").stdout


def test_each_tenants_own_policy_says_who_may_approve(company: Company) -> None:
    for name in ("contoso", "fabrikam"):
        fleet(company, f"add {name}")
        tenant(company, name).run("plan")
    with tenant(company, "fabrikam").config.open("a") as strict:
        strict.write("\npolicy: {approvers: [somebody-else]}\n")
    ids = []
    for name in ("contoso", "fabrikam"):
        tenant(company, name).run("plan")
        ids.append(tenant(company, name).json("show")["id"])
    judged = fleet(company, f"approve {' '.join(ids)} --reason seen")
    assert judged.exit_code == 3, judged.output
    assert f"Approved plan {ids[0]}" in judged.output
    assert f"Approved plan {ids[1]}" not in judged.output
    assert "policy.approvers" in judged.output


def test_all_that_is_printed_is_as_its_schema_says(company: Company) -> None:
    fleet(company, "add contoso")
    tenant(company, "contoso").run("plan")
    for command in (name for name in PRINTED if name.startswith("fleet ")):
        said = json.loads(fleet(company, f"{command.removeprefix('fleet ')} --json").stdout)
        validator = Draft202012Validator(schema_of(command), format_checker=FormatChecker())
        assert said
        assert [fault.message for fault in validator.iter_errors(said)] == []


def test_a_tenant_is_removed_only_when_asked_for(company: Company) -> None:
    fleet(company, "add contoso")
    assert fleet(company, "remove contoso", stdin="n\n").exit_code == 1
    assert len(json.loads(fleet(company, "list --json").stdout)) == 1
    assert fleet(company, "remove contoso --yes").exit_code == 0
    assert "No tenant yet" in fleet(company, "list").stdout
    assert fleet(company, "remove contoso --yes").exit_code == 64


def test_status_says_who_runs_what_and_since_when(company: Company) -> None:
    for name in ("contoso", "fabrikam"):
        fleet(company, f"add {name}")

    def told() -> list[tuple[str, str, bool]]:
        rows = json.loads(fleet(company, "status --json").stdout)
        return [(row["job"], row["host"], row["since"] is not None) for row in rows]

    def fail(tenant: str, due: datetime, plan: str) -> None:
        raise ValueError(tenant)

    store = load_fleet(fleet_file(company)).store
    assert told() == [("none", "", False)] * 2
    with open_queue(store) as queue, open_tenants(store) as tenants:
        queue.put("contoso", datetime.now(UTC))
        assert told() == [("queued", "", True), ("none", "", False)]
        with tenants.store("fabrikam").lease("a run"):
            assert told() == [("queued", "", True), ("running", gethostname(), True)]
        work(store, fail, lambda: True)
        fleet(company, "pause fabrikam")
        assert told() == [("failed", "", True), ("paused", "", True)]
    assert tenant(company, "contoso").run("plan").exit_code == 2
    assert told()[0] == ("none", "", False)


def test_paused_tenants_are_listed_as_such_until_they_are_resumed(company: Company) -> None:
    for name in ("contoso", "fabrikam"):
        fleet(company, f"add {name}")
    assert fleet(company, "pause contoso northwind").exit_code == 64
    paused = fleet(company, "pause contoso")
    assert paused.exit_code == 0, paused.output
    assert "seatsync fleet resume contoso" in paused.stdout
    contoso, fabrikam = json.loads(fleet(company, "list --json").stdout)
    assert contoso["paused"]
    assert fabrikam["paused"] is None
    assert fleet(company, "resume contoso").exit_code == 0
    assert json.loads(fleet(company, "list --json").stdout)[0]["paused"] is None


def test_a_fleet_without_a_folder_is_no_traceback(company: Company, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text("store: env:STORE\ntenants: nowhere\n")
    refused = fleet(company, "check")
    assert refused.exit_code == 78
    assert "nowhere: the folder of the tenants cannot be read" in refused.stderr
    refused = fleet(company, "add contoso")
    assert refused.exit_code == 78
