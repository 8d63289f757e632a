"""What other settings would have done is told of what was read then, and nothing is changed."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from config.load import load
from connectors.store.database import open_database
from connectors.store.schema import plan_inputs
from support.scenarios.company import Company

LONG_AGO = "2020-01-01"


@pytest.fixture
def planned_twice(settled: Company) -> Company:
    """A first plan for everybody, which was applied, and one that takes from some, which waits."""
    assert settled.run("plan").exit_code in {2, 3}
    return settled


def replayed(company: Company, since: str = LONG_AGO) -> Any:
    return company.json("replay", "--since", since)


def test_with_the_settings_of_then_every_plan_comes_out_as_it_was(planned_twice: Company) -> None:
    found = replayed(planned_twice)
    assert [row["plan"] for row in found["plans"]] == [
        row["run"] for row in reversed(planned_twice.json("history")) if row["kind"] == "plan"
    ]
    assert [row["reproduced"] for row in found["plans"]] == [True, True]
    assert all(row["then"] == row["now"] for row in found["plans"])
    assert found["plans"][0]["became"] == "carried out"
    said = planned_twice.run("replay", "--since", LONG_AGO).stdout
    assert "2 plans were made again with the settings of then, and came out exactly as then" in said


def test_other_settings_decide_otherwise_and_change_nothing(planned_twice: Company) -> None:
    before = replayed(planned_twice)["plans"][1]
    assert before["losing"]
    history, shown = planned_twice.json("history"), planned_twice.json("show")
    planned_twice.configure(policy={"max_revokes": 0, "max_revoke_percent": 0})
    row = replayed(planned_twice)["plans"][1]
    assert "R9" in row["now"]
    assert "R9" not in row["then"]
    assert row["reproduced"]
    assert planned_twice.json("history") == history
    assert planned_twice.json("show") == shown


def test_whom_other_settings_would_protect_is_counted_no_more(planned_twice: Company) -> None:
    before = replayed(planned_twice)["plans"][1]["losing"]
    losing = next(
        one["subject"]["id"]
        for one in planned_twice.json("show")["operations"]
        if one.get("frees") and not one.get("takes")
    )
    planned_twice.configure(policy={"protected": [losing]})
    assert replayed(planned_twice)["plans"][1]["losing"] == before - 1


def test_what_was_read_for_other_sets_does_not_do(planned_twice: Company) -> None:
    text = planned_twice.config.read_text()
    name = load(planned_twice.config).subscription_sets[0].name
    planned_twice.config.write_text(text.replace(f"name: {name}", "name: Another Set", 1))
    (row, _) = replayed(planned_twice)["plans"]
    assert (row["now"], row["trouble"]) == ("", 'the group of set "Another Set"')


def test_a_plan_that_was_taken_back_is_a_purge(settled: Company) -> None:
    settled.run("plan")
    blocking = [v["code"] for v in settled.json("show")["verdicts"] if v["outcome"] == "blocked"]
    overrides = [part for code in blocking for part in ("--override", code)]
    assert settled.let_pass("--reason", "meant", *overrides).exit_code == 0
    assert settled.run("apply latest").exit_code in {0, 4}
    assert replayed(settled)["plans"][1]["became"] == "carried out"
    assert settled.run("undo", "latest").exit_code in {2, 3}
    blocking = [v["code"] for v in settled.json("show")["verdicts"] if v["outcome"] == "blocked"]
    overrides = [part for code in blocking for part in ("--override", code)]
    assert settled.let_pass("--reason", "a mistake", *overrides).exit_code == 0
    assert settled.run("apply latest").exit_code in {0, 4}
    assert replayed(settled)["plans"][1]["became"] == "purge"


def test_where_nothing_is_to_be_kept_nothing_stays(planned_twice: Company) -> None:
    planned_twice.config.write_text(planned_twice.config.read_text() + "keep_plan_inputs: false\n")
    planned_twice.run("plan")
    said = planned_twice.run("replay", "--since", LONG_AGO)
    assert (said.exit_code, "kept of no plan" in said.stdout) == (0, True)


def test_what_cannot_be_read_is_told(planned_twice: Company, tmp_path: Path) -> None:
    store = open_database(load(planned_twice.config).store)
    first = replayed(planned_twice)["plans"][0]["plan"]
    with store.engine.begin() as connection:
        damage = update(plan_inputs).where(plan_inputs.c.plan_id == first)
        connection.execute(damage.values(body=b"damaged"))
    store.close()
    found = replayed(planned_twice)
    assert (len(found["plans"]), bool(found["unreadable"])) == (1, True)
