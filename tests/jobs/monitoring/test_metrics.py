"""What a run leaves for Prometheus: the numbers of the store, and of the run itself."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from support.scenarios.company import Company

DEPLOY = Path(__file__).parents[3] / "docs" / "deploy"
PAGE = DEPLOY.parent / "how-to" / "monitor.md"
_NAME = re.compile(r"seatsync_\w+")

Samples = dict[tuple[str, frozenset[str]], float]


def test_a_run_leaves_how_things_stand(settled: Company) -> None:
    settled.configure(metrics=str(settled.folder / "seatsync.prom"))
    planned = settled.run("plan")
    assert planned.exit_code == 2
    found = _samples(settled)
    plan = settled.json("show")
    assert found["seatsync_plan_waits_for_review", frozenset()] == 1
    assert found["seatsync_last_run_exit_code", frozenset({"plan"})] == 2
    assert found["seatsync_runs_total", frozenset({"apply", "0"})] == 1
    for line in plan["seats"]:
        seats = found["seatsync_seats", frozenset({line["product"], "purchased"})]
        assert seats == line["purchased"]
        assert found["seatsync_users_waiting", frozenset({line["product"]})] == line["waiting"]
    operations = [value for (name, _), value in found.items() if name == "seatsync_plan_operations"]
    assert sum(operations) == len(plan["operations"])
    assert found["seatsync_last_run_stage_requests", frozenset({"read_directory"})] > 0
    assert found["seatsync_last_success_time_seconds", frozenset()] <= _time_of_the_run(found)
    _every_metric_is_told_and_used(found)


def test_a_run_that_failed_is_seen(settled: Company) -> None:
    settled.configure(metrics=str(settled.folder / "seatsync.prom"))
    (settled.folder / "scim-token").write_text("revoked meanwhile")
    assert settled.run("plan").exit_code == 1
    found = _samples(settled)
    assert found["seatsync_last_run_exit_code", frozenset({"plan"})] == 1
    assert found["seatsync_last_success_time_seconds", frozenset()] < _time_of_the_run(found)


@pytest.mark.parametrize("path", ["nowhere/seatsync.prom", "."])
def test_metrics_that_cannot_be_written_change_no_result(settled: Company, path: str) -> None:
    settled.configure(metrics=str(settled.folder / path))
    planned = settled.run("plan")
    assert planned.exit_code == 2
    assert "The metrics could not be written to" in planned.stderr


def _samples(company: Company) -> Samples:
    text = (company.folder / "seatsync.prom").read_text()
    assert 'vendor="' in text
    return {
        (it.name, frozenset(value for label, value in it.labels.items() if label != "vendor")): (
            it.value
        )
        for family in text_string_to_metric_families(text)
        for it in family.samples
    }


def _time_of_the_run(found: Samples) -> float:
    return found["seatsync_last_run_time_seconds", frozenset({"plan"})]


def _every_metric_is_told_and_used(found: Samples) -> None:
    """The page tells of each; alerts and dashboard ask for no other."""
    written = {name for name, _ in found}
    assert set(_NAME.findall(PAGE.read_text())) == written
    rules = YAML(typ="safe").load(DEPLOY / "alerts.yaml")["groups"][0]["rules"]
    panels = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    asked = " ".join(
        [*(rule["expr"] for rule in rules), *(it["targets"][0]["expr"] for it in panels)]
    )
    assert set(_NAME.findall(asked)) <= written
