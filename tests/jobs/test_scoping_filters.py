"""Scoping filters through the real program: read from Graph, planned, explained."""

import pytest

from jobs.demo.company import named_exactly
from support.scenarios.company import Company


@pytest.mark.parametrize("skip", [False, True], ids=["deprovisioned", "left alone"])
def test_whoever_fails_the_filter_loses_the_seat_or_is_left_alone(
    settled: Company, skip: bool
) -> None:
    """The mapping does not read employeeType, and nobody but Finn has one."""
    clause = {"attribute": "employeeType", "operator": "IS NULL"}
    settled.configure(
        scoping_filters=[{"clauses": [clause]}],
        policy={"skip_out_of_scope_deletions": skip},
    )
    tenant = named_exactly()
    finn = next(user for user in tenant["users"] if user["mail"] == "finn.abel@harbour.example")
    finn["employeeType"] = "Contractor"
    settled.sandbox.tenant.replace(tenant)
    plan = settled.json("plan")
    told = {found["code"] for found in plan["findings"] if found["subject"]["id"] == finn["id"]}
    done = [one["kind"] for one in plan["operations"] if one["subject"]["id"] == finn["id"]]
    assert (told, done) == (({"U20"}, []) if skip else ({"U19"}, ["revoke", "deactivate_account"]))
