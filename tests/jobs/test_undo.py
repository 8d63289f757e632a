"""seatsync undo: a run is taken back through the same review, as far as nothing has changed since.

The vendor is asked what it holds, never our report.
"""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Response

from reconciler.model.plan import Kind
from support.counterparts.small_tenant import guid
from support.faults.seatsync_process import SeatsyncProcesses
from support.faults.vendor_interceptor import VendorInterceptor
from support.scenarios.pending_operations import PendingOperations, account_of

State = dict[str, tuple[Any, ...]]


@pytest.fixture
def pending(tmp_path: Path) -> Iterator[PendingOperations]:
    with PendingOperations(tmp_path) as pending:
        yield pending


def state(pending: PendingOperations) -> State:
    """Per user name, what the vendor holds: link, names, active, sets."""
    resources = pending.sandbox.vendor.storage.resources
    sets: dict[str, list[str]] = {}
    for resource in resources:
        for member in getattr(resource, "members", None) or ():
            sets.setdefault(str(member.value), []).append(str(resource.display_name))
    return {
        str(user.user_name).split("@")[0]: (
            user.external_id,
            user.name.family_name,
            user.active,
            sorted(sets.get(str(user.id), [])),
        )
        for user in resources
        if hasattr(user, "user_name")
    }


def done(pending: PendingOperations) -> str:
    """Lets the latest plan pass and applies it; the run that did it."""
    approved = pending.let_pass("--reason", "r")
    assert approved.exit_code == 0, approved.output
    applied = pending.run("apply latest")
    assert applied.exit_code == 0, applied.output
    return str(pending.json("history")[0]["run"])


def planned(pending: PendingOperations) -> str:
    assert pending.run("plan").exit_code == 2
    return done(pending)


def undone(pending: PendingOperations, run: str = "latest") -> Any:
    """The plan that takes a run back, before anybody approves it."""
    ended = pending.run("undo", run)
    assert ended.exit_code in {0, 2, 3}, ended.output
    return pending.json("show")


def enable(pending: PendingOperations, name: str, enabled: bool = True) -> None:
    pending.sandbox.tenant.users[guid(name)]["accountEnabled"] = enabled


def told(plan: Any, code: str) -> dict[str, str]:
    return {
        f["subject"]["name"].split("@")[0]: f["message"]
        for f in plan["findings"]
        if f["code"] == code
    }


def concerned(plan: Any) -> set[str]:
    return {o["subject"]["name"].split("@")[0] for o in plan["operations"]}


def test_p12_p17_every_kind_of_operation_is_taken_back(pending: PendingOperations) -> None:
    before = state(pending)
    run = planned(pending)
    after = state(pending)
    enable(pending, "dan")
    plan = undone(pending, run)

    assert plan["undoes"] == run
    assert {o["reason"] for o in plan["operations"]} == {"P12"}
    assert set(told(plan, "P17")) == {"hal", "Talent Team"}
    done(pending)
    created = {name: (guid(name), "Abel", False, []) for name in ("eva", "ivy")}
    assert state(pending) == {**before, **created, "hal": after["hal"]}
    assert pending.sandbox.portal.used() == {"Sales": 6, "Marketing": 0, "Talent": 0}


def test_r9_guards_an_undo_as_any_plan(pending: PendingOperations) -> None:
    planned(pending)
    pending.configure(policy={"max_revokes": 0, "max_revoke_percent": 10})
    wrote = pending.writes
    assert pending.run("undo latest").exit_code == 3
    refused = pending.let_pass("--reason", "r")
    assert refused.exit_code == 3
    assert "R9" in refused.stderr
    assert pending.run("apply latest").exit_code == 3
    assert pending.writes == wrote


def test_an_undo_is_approved_expires_with_its_basis_and_is_used_once(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.GRANT) as pending:
        run = planned(pending)
        wrote = pending.writes
        made = pending.run("undo", run[:5])
        assert made.exit_code == 2
        assert f"to take back run {run}" in made.stdout
        refused = pending.run("apply latest")
        assert refused.exit_code == 3
        assert "P7" in refused.stderr
        assert pending.writes == wrote
        done(pending)
        assert state(pending)["fay"][3] == []
        assert "P6" in pending.run("apply latest").stderr


def test_an_undo_of_an_undo_is_the_run_again(tmp_path: Path) -> None:
    kinds = (Kind.CREATE_ACCOUNT, Kind.GRANT, Kind.REVOKE, Kind.MOVE, Kind.UPDATE_ACCOUNT)
    with PendingOperations(tmp_path, *kinds) as pending:
        run = planned(pending)
        after = state(pending)
        undone(pending, run)
        second = done(pending)
        assert state(pending) != after
        assert undone(pending)["undoes"] == second
        done(pending)
        assert state(pending) == after


def test_u17_the_next_plans_follow_the_groups_again(tmp_path: Path) -> None:
    """What was revoked, at once; what was granted, after two plans of a pause."""
    with PendingOperations(tmp_path, Kind.GRANT, Kind.REVOKE) as pending:
        planned(pending)
        plan = undone(pending)
        (said,) = told(plan, "P12").values()
        assert "Entra ID asks for the opposite" in said
        assert "bob" in said
        assert "fay" in said
        done(pending)

        pending.run("plan")
        assert concerned(pending.json("show")) == {"bob"}
        assert set(told(pending.json("show"), "U17")) == {"fay"}
        pending.run("plan")
        assert concerned(pending.json("show")) == {"bob"}
        pending.run("plan")
        assert concerned(pending.json("show")) == {"bob", "fay"}


def test_once_the_groups_agree_the_next_plan_leaves_an_undo_alone(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.CREATE_ACCOUNT) as pending:
        planned(pending)
        pending.sandbox.tenant.groups[guid("Sales Team")]["members"].remove(guid("eva"))
        (said,) = told(undone(pending), "P12").values()
        assert "Entra ID agrees" in said
        done(pending)
        assert state(pending)["eva"][2:] == (False, [])
        assert pending.run("plan").exit_code == 0


def test_p4_who_was_disabled_since_the_undo_was_planned_is_given_nothing(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.REVOKE, Kind.GRANT) as pending:
        planned(pending)
        assert pending.run("undo latest").exit_code == 2
        assert pending.let_pass("--reason", "r").exit_code == 0
        enable(pending, "bob", enabled=False)
        applied = pending.json("apply latest")
        (found,) = applied["findings"]
        assert found["code"] == "P4"
        assert "bob" in found["message"]
        assert "is disabled in Entra ID" in found["message"]
        assert state(pending)["bob"][3] == []
        assert state(pending)["fay"][3] == []


def test_p13_what_a_later_run_changed_stays(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.GRANT, Kind.REVOKE) as pending:
        run = planned(pending)
        groups = pending.sandbox.tenant.groups
        groups[guid("Sales Team")]["members"].remove(guid("fay"))
        groups[guid("Marketing Team")]["members"].append(guid("fay"))
        planned(pending)
        plan = undone(pending, run)
        assert concerned(plan) == {"bob"}
        assert '"Marketing Team"' in told(plan, "P13")["fay"]


def test_p14_a_seat_that_somebody_took_meanwhile_is_not_there_to_give_back(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.REVOKE, Kind.UPDATE_ACCOUNT) as pending:
        planned(pending)
        pending.sandbox.portal.seats["Sales"] = 2  # ana and zoe hold them
        pending.configure()
        plan = undone(pending)
        assert concerned(plan) == {"ana"}
        assert "Sales" in told(plan, "P14")["bob"]


def test_a_killed_run_is_taken_back_as_far_as_it_came(
    tmp_path: Path, processes: SeatsyncProcesses
) -> None:
    kinds = (Kind.CREATE_ACCOUNT, Kind.GRANT, Kind.REVOKE, Kind.MOVE, Kind.UPDATE_ACCOUNT)
    at_the_84th_point = ("support.faults.fault_points", "arm", "kill", 84, str(tmp_path / "passed"))
    (tmp_path / "work").mkdir()
    with PendingOperations(tmp_path / "work", *kinds) as pending:
        before = state(pending)
        pending.approve()
        killed = processes.run(pending.config, "apply", "latest", fault=at_the_84th_point)
        assert killed.code == -signal.SIGKILL
        half = state(pending)
        assert half != before
        plan = undone(pending)
        assert "R13" in {f["code"] for f in plan["findings"]}
        changed = {name for name in half if half[name] != before.get(name)}
        assert concerned(plan) == changed
        done(pending)
        now = state(pending)
        if now.pop("eva", None):
            assert half["eva"][2]
        assert now == before


def test_an_account_that_was_found_and_not_created_stays_active(tmp_path: Path) -> None:
    """The vendor showed it only when it was to be created."""
    with PendingOperations(tmp_path, Kind.CREATE_ACCOUNT) as pending:
        pending.approve()
        interceptor = VendorInterceptor(pending)

        def conflict() -> Response:
            interceptor.clear()
            with pending.vendor() as vendor:
                vendor.create_account(account_of("eva"))
            return Response("{}", status=409)

        interceptor.on("POST", "/v2/Users", conflict)
        assert pending.run("apply latest").exit_code == 0
        plan = undone(pending)
        assert "eva" in told(plan, "P17")
        done(pending)
        assert state(pending)["eva"] == (guid("eva"), "Abel", True, [])


def test_a_run_that_nobody_knows_is_wrong_usage(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.GRANT) as pending:
        plan = pending.json("plan")["id"]
        assert pending.run("undo", "beef").exit_code == 64
        assert "seatsync history" in pending.run("undo", plan).stderr
        run = done(pending)
        assert f"run {run} applied it" in pending.run("undo", plan).stderr
